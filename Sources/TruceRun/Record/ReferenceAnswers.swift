public import Foundation
import TruceOptions

/// What answers that ignore the input reach on a problem: the bar that a study's networks have to pass, and the content of
/// `references.json` in the study's folder.
public struct ReferenceAnswers: Codable, Equatable, Sendable {
  /// A way to answer without a look at the input.
  public struct Answer: Codable, Equatable, Sendable {
    /// What readers call it, such as `constant`.
    public var name: String
    /// What it reaches.
    public var metrics: [MetricValue]

    /// Creates an answer.
    public init(_ name: String, _ metrics: [MetricValue]) {
      self.name = name
      self.metrics = metrics
    }
  }

  /// The problem.
  public var problem: String
  /// How the metrics were averaged, as the problem's option of that name has it: `set`, unless it says otherwise.
  public var averaging: String
  /// The answers.
  public var answers: [Answer]

  /// Creates a record.
  public init(problem: String, averaging: String, answers: [Answer]) {
    self.problem = problem
    self.averaging = averaging
    self.answers = answers
  }

  /// Whether the answers were measured as a run is: on its problem, and averaged alike.
  public func isComparable(with configuration: RunConfiguration) -> Bool {
    let usual = "set"
    return configuration.problem == problem
      && configuration.problemOptions["averaging"]?.description ?? usual == averaging
  }

  /// The file in a study's folder.
  public static func file(in folder: URL) -> URL { folder.appending(path: "references.json") }

  /// Reads what a study's folder holds; nil where it holds nothing of the kind.
  ///
  /// - Throws: ``RunError`` where the file is damaged.
  public static func read(in folder: URL) throws(RunError) -> ReferenceAnswers? {
    try RecordCoding.read(ReferenceAnswers.self, from: file(in: folder))
  }

  /// Writes the file into a study's folder, over an older one.
  ///
  /// - Throws: ``RunError`` where it cannot be written.
  public func write(to folder: URL) throws(RunError) {
    try AtomicFile.write(RecordCoding.file(self), to: Self.file(in: folder))
  }
}
