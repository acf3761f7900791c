/// What the answers of a task are, by which it is known which metrics can judge them.
public enum AnswerKind: String, Codable, CaseIterable, Sendable {
  /// One class of several: an output for each class.
  case classes
  /// Yes or no: one output.
  case yesOrNo = "yes-or-no"
  /// Numbers: an output for each.
  case numbers
}

/// What is known about a metric.
public struct MetricDescription: EntryDescription {
  /// "metric".
  public static var kind: String { "metric" }
  /// The name used in options and files.
  public let name: String
  /// The metric in one sentence.
  public let summary: String
  /// No options.
  public var parameters: [ParameterDescription] { [] }
  /// Where the metric comes from.
  public let source: String
  /// The answers that it can judge.
  public let suits: [AnswerKind]

  /// Creates a description.
  public init(name: String, summary: String, source: String, suits: [AnswerKind]) {
    self.name = name
    self.summary = summary
    self.source = source
    self.suits = suits
  }

  /// The answers that it can judge.
  public var facts: [EntryFact] {
    [EntryFact("judges", suits.map(\.rawValue).joined(separator: ", "))]
  }
}
