/// What a study says about itself: everything on its page that is not in the records of its runs.
public struct StudyDescription: Sendable {
  /// The study's name.
  public var name: String
  /// What it was made to find out, as its author asked it; nil for a question made from its axes.
  public var question: String?
  /// Remarks on the setup, such as "trained on a fixed subset of 24,000 images".
  public var notes: [String]
  /// Words by which the study is found among others.
  public var tags: [String]
  /// The command lines that repeat it.
  public var commands: [String]
  /// The study file.
  public var file: String?
  /// Runs that are planned; nil where that is not known.
  public var plannedRuns: Int?

  /// Creates a description.
  public init(
    name: String, question: String? = nil, notes: [String] = [], commands: [String] = [], file: String? = nil,
    plannedRuns: Int? = nil, tags: [String] = []
  ) {
    self.tags = tags
    self.name = name
    self.question = question
    self.notes = notes
    self.commands = commands
    self.file = file
    self.plannedRuns = plannedRuns
  }
}
