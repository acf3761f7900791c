/// What a trained network says about a few samples it was not trained on: the content of `predictions.json`.
public struct PredictionRecord: Codable, Equatable, Sendable {
  /// A picture with the answers of every task.
  public struct Sample: Codable, Equatable, Sendable {
    /// The input as a data URI of a PNG picture.
    public var picture: String
    /// The answers by task.
    public var answers: [String: Answer]

    /// Creates a sample.
    public init(picture: String, answers: [String: Answer]) {
      self.picture = picture
      self.answers = answers
    }
  }

  /// What is right, and what the network says, in words.
  public struct Answer: Codable, Equatable, Sendable {
    /// The label; nil where the sample has none.
    public var label: String?
    /// The prediction.
    public var prediction: String

    /// Creates an answer.
    public init(label: String?, prediction: String) {
      self.label = label
      self.prediction = prediction
    }

    /// Whether the network is wrong; false where nobody knows.
    public var isWrong: Bool { label.map { $0 != prediction } ?? false }
  }

  /// The samples.
  public var samples: [Sample]

  /// Creates a record.
  public init(samples: [Sample]) {
    self.samples = samples
  }
}

extension RunDirectory {
  /// Saves what the trained network says about a few samples.
  public func write(_ predictions: PredictionRecord) throws(RunError) {
    try AtomicFile.write(RecordCoding.file(predictions), to: predictionsFile)
  }

  /// Reads what the trained network says about a few samples; nil where that was not recorded.
  public func predictions() throws(RunError) -> PredictionRecord? {
    try RecordCoding.read(PredictionRecord.self, from: predictionsFile)
  }
}
