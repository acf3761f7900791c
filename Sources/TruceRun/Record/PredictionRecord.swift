/// What a trained network says about a few samples it was not trained on: the content of `predictions.json`.
public struct PredictionRecord: Codable, Equatable, Sendable {
  /// A picture with the answers of every task.
  public struct Sample: Codable, Equatable, Sendable {
    /// The input as a data URI of a PNG picture.
    public var picture: String
    /// The answers in words, by task.
    public var answers: [String: Answer]
    /// The answers that are maps, by task.
    public var maps: [String: MapAnswer]

    /// Creates a sample.
    public init(picture: String, answers: [String: Answer] = [:], maps: [String: MapAnswer] = [:]) {
      self.picture = picture
      self.answers = answers
      self.maps = maps
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

  /// What is right, and what the network says, as pictures whose colours the task's legend explains.
  public struct MapAnswer: Codable, Equatable, Sendable {
    /// The ground truth as a data URI of a PNG picture; nil where no pixel has any.
    public var label: String?
    /// The prediction, likewise.
    public var prediction: String

    /// Creates an answer.
    public init(label: String?, prediction: String) {
      self.label = label
      self.prediction = prediction
    }
  }

  /// The samples.
  public var samples: [Sample]
  /// How the maps of a task are to be read, by task.
  public var legends: [String: MapLegend]
  /// Why nothing of a task is shown, by task.
  public var omissions: [String: String]

  /// Creates a record.
  public init(
    samples: [Sample], legends: [String: MapLegend] = [:], omissions: [String: String] = [:]
  ) {
    self.samples = samples
    self.legends = legends
    self.omissions = omissions
  }
}

// MARK: Reading

extension PredictionRecord {
  /// Reads a record, also one from before there were maps.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      samples: try values.decode([Sample].self, forKey: .samples),
      legends: try values.decodeIfPresent([String: MapLegend].self, forKey: .legends) ?? [:],
      omissions: try values.decodeIfPresent([String: String].self, forKey: .omissions) ?? [:])
  }
}

extension PredictionRecord.Sample {
  /// Reads a sample, also one from before there were maps.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      picture: try values.decode(String.self, forKey: .picture),
      answers: try values.decode([String: PredictionRecord.Answer].self, forKey: .answers),
      maps: try values.decodeIfPresent([String: PredictionRecord.MapAnswer].self, forKey: .maps) ?? [:])
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
