public import TruceFiles

/// What a table's columns mean to a network: which are inputs, which are tasks, and how examples are split.
///
/// It is read from a YAML file; `Documentation/own-data.md` shows one with every key.
public struct TableSpecification: Equatable, Sendable {
  /// Where the rows come from.
  public enum Source: Equatable, Sendable {
    /// One file, whose rows a rule divides.
    case file(String, Division)
    /// A file for each split.
    case files(training: String, validation: String?, test: String)
  }

  /// A rule that divides the rows of one file.
  public enum Division: Equatable, Sendable {
    /// Shares of the rows, drawn at random from a seed.
    case ratio(SplitRatio)
    /// The words of a column that say which split a row belongs to; rows with other words are left out.
    case column(String, SplitWords)
  }

  /// How a column of inputs is understood.
  public enum InputKind: Equatable, Sendable {
    /// A number, brought to mean 0 and deviation 1 over the training examples where asked for.
    case number(isStandardised: Bool, missing: MissingNumber)
    /// A word, one of those that the training examples have: an input of 0 or 1 for each of them.
    case category(missing: MissingCategory)
  }

  /// What stands in the place of a number that is missing.
  public enum MissingNumber: String, CaseIterable, Sendable {
    /// Nothing may be missing.
    case refuse
    /// The mean over the training examples.
    case mean
    /// Zero, after the numbers were brought to mean 0.
    case zero
  }

  /// What stands in the place of a word that is missing.
  public enum MissingCategory: String, CaseIterable, Sendable {
    /// Nothing may be missing.
    case refuse
    /// A category of its own.
    case own
    /// No category: all its inputs are 0.
    case zeros
  }

  /// What becomes of a word that no training example has.
  public enum UnseenCategory: String, CaseIterable, Sendable {
    /// It is a fault.
    case refuse
    /// No category: all its inputs are 0.
    case zeros
  }

  /// A column of inputs.
  public struct Input: Equatable, Sendable {
    /// The column's name; nil for every column that is not named elsewhere.
    public let column: String?
    /// How it is understood.
    public let kind: InputKind
    /// The line of the specification.
    let line: Int?
  }

  /// What a task asks.
  public enum TaskKind: Equatable, Sendable {
    /// A number, brought to mean 0 and deviation 1 over the training examples where asked for.
    case regression(isStandardised: Bool)
    /// Yes or no: the words that mean yes, and those that mean no, or any other where none are listed.
    case binary(positive: [String], negative: [String]?)
    /// One of several words, in the order given, or in that of the training examples' words.
    case classes([String]?)
  }

  /// A task and the column that holds its labels.
  ///
  /// A field that is missing is a label that is missing.
  public struct Task: Equatable, Sendable {
    /// The task's name.
    public let name: String
    /// The column.
    public let column: String
    /// What it asks.
    public let kind: TaskKind
    /// The names of the metrics that judge it; nil for those of its kind.
    public internal(set) var metrics: [String]?
    /// The line of the specification.
    let line: Int?
  }

  /// The file this was read from, for messages.
  public let path: String
  /// Where the rows come from, as paths from the folder one works in.
  public let source: Source
  /// How a file of separated values is written.
  public let dialect: CSVDialect
  /// Whether the first line of a file of separated values names the columns.
  public let hasHeader: Bool
  /// The columns' names, where the files do not say them.
  public let columns: [String]?
  /// The texts that stand for a missing field.
  public let missing: [String]
  /// Columns that are neither inputs nor tasks.
  public let ignored: [String]
  /// The inputs, in order.
  public let inputs: [Input]
  /// What becomes of a word among the inputs that no training example has.
  public let unseen: UnseenCategory
  /// The tasks, in order.
  public let tasks: [Task]

  /// The file that a seed, a split or a header is missing in.
  var files: [(split: Split?, path: String)] {
    switch source {
    case .file(let path, _): [(nil, path)]
    case .files(let training, let validation, let test):
      [(.training, training)] + (validation.map { [(.validation, $0)] } ?? []) + [(.test, test)]
    }
  }
}

/// A part of a data set that a run keeps apart.
public enum Split: String, CaseIterable, Codable, Sendable {
  /// The examples to learn from.
  case training
  /// The examples to choose by.
  case validation
  /// The examples to report on.
  case test
}

/// Shares of examples, drawn at random from a seed.
public struct SplitRatio: Equatable, Sendable {
  /// The share of each split, above 0 and together 1; a split that is not named has none.
  public let shares: [Split: Double]
  /// Decides which examples go where.
  public let seed: UInt64

  /// Creates shares.
  public init(shares: [Split: Double], seed: UInt64) {
    self.shares = shares
    self.seed = seed
  }
}

/// The words that say which split an example belongs to.
public struct SplitWords: Equatable, Sendable {
  /// The words of each split.
  public let words: [Split: [String]]

  /// Creates words.
  public init(words: [Split: [String]]) {
    self.words = words
  }
}
