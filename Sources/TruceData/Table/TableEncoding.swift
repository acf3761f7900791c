/// How the columns of a table become numbers: learned on the training examples, the same for all splits.
///
/// Two runs on the same files have equal encodings, so that a network goes with one.
public struct TableEncoding: Equatable, Sendable, Codable {
  /// One column of inputs.
  public enum Feature: Equatable, Sendable, Codable {
    /// (value − mean) / deviation; a missing one is the filling before that.
    case number(column: String, mean: Double, deviation: Double, filling: Double?)
    /// An input of 0 or 1 for each word, and one more for a missing one where that is a category.
    case category(column: String, words: [String], countsMissing: Bool)

    /// The column.
    public var column: String {
      switch self {
      case .number(let column, _, _, _), .category(let column, _, _): column
      }
    }

    /// The number of inputs that the column becomes.
    public var width: Int {
      switch self {
      case .number: 1
      case .category(_, let words, let countsMissing): words.count + (countsMissing ? 1 : 0)
      }
    }

    /// The names of these inputs.
    public var names: [String] {
      switch self {
      case .number(let column, _, _, _): [column]
      case .category(let column, let words, let countsMissing):
        words.map { "\(column)=\($0)" } + (countsMissing ? ["\(column) missing"] : [])
      }
    }
  }

  /// One task's labels.
  public enum Label: Equatable, Sendable, Codable {
    /// (value − mean) / deviation.
    case regression(mean: Double, deviation: Double)
    /// 1 for yes, 0 for no.
    case binary
    /// The position of the word.
    case classes([String])

    /// The number of outputs that a head of the task has.
    public var outputCount: Int {
      if case .classes(let words) = self { words.count } else { 1 }
    }
  }

  /// A task.
  public struct Task: Equatable, Sendable, Codable {
    /// The task's name.
    public let name: String
    /// How its labels become numbers.
    public let label: Label
    /// The names of the metrics that judge it; nil for those of its kind.
    public internal(set) var metrics: [String]?
  }

  /// The columns of inputs, in the order of the inputs.
  public let features: [Feature]
  /// The tasks, in order.
  public let tasks: [Task]

  /// The number of inputs of an example.
  public var inputCount: Int { features.reduce(0) { $0 + $1.width } }
}

/// Words in the order in which their positions are given out: as numbers where all are whole numbers, else by text.
func stableOrder(_ words: [String]) -> [String] {
  let numbers = words.compactMap { Int($0) }
  guard numbers.count == words.count else {
    return words.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
  return zip(numbers, words).sorted { $0 < $1 }.map(\.1)
}

/// Mean and deviation, with n in the divisor; a deviation of zero counts as one.
func meanAndDeviation(_ values: some Sequence<Double>) -> (mean: Double, deviation: Double) {
  var (count, mean, squares) = (0.0, 0.0, 0.0)
  for value in values {
    count += 1
    let distance = value - mean
    mean += distance / count
    squares += distance * (value - mean)
  }
  let deviation = count > 0 ? (squares / count).squareRoot() : 0
  return (mean, deviation > 0 ? deviation : 1)
}
