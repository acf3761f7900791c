/// A metric of a table of results: its name there, its task, and which way is better.
public struct ResultMetric: Sendable, Hashable {
  /// The metric of Truce's runs that means the same.
  public struct Measured: Sendable, Hashable {
    /// The task's name in Truce's problems.
    public let task: String
    /// The metric's name in Truce's records.
    public let name: String
    /// What a recorded value is multiplied by to be in the table's unit, such as 100 for a share in percent.
    public let factor: Double

    /// Creates the counterpart of a table's metric.
    public init(_ task: String, _ name: String, factor: Double = 1) {
      self.task = task
      self.name = name
      self.factor = factor
    }
  }

  /// The name, as the table's heading has it.
  public let name: String
  /// The task; metrics of one task count together in Δm by tasks.
  public let task: String
  /// Whether a larger value is a better one.
  public let higherIsBetter: Bool
  /// The unit, such as `%`; nil where the number has none, or none is given.
  public let unit: String?
  /// The metric of Truce's runs that means the same; nil where there is none.
  public let measured: Measured?
  /// Whether it is a mean over all tasks, so that no metric of a single task is the same.
  public let isOverTasks: Bool
  /// Where the metric was named, such as `results.csv:1:8`; nil where no file did.
  public let place: String?

  /// Creates a metric; without a task it is a task of its own.
  public init(
    _ name: String, of task: String? = nil, higherIsBetter: Bool, unit: String? = nil,
    measured: Measured? = nil, isOverTasks: Bool = false, place: String? = nil
  ) {
    self.name = name
    self.task = task ?? name
    self.higherIsBetter = higherIsBetter
    self.unit = unit
    self.measured = measured
    self.isOverTasks = isOverTasks
    self.place = place
  }

  /// The name with its unit, as a heading.
  public var title: String { unit.map { "\(name) (\($0))" } ?? name }

  /// Whether a name, as a person or a program may write it, is this metric's.
  ///
  /// Capitals, spaces and signs do not count; the task may stand in front, and so may Truce's own names stand for it.
  public func isCalled(_ text: String) -> Bool {
    let known = [name, task + name] + (measured.map { [$0.name, $0.task + $0.name] } ?? [])
    return known.contains { LooseName.areEqual($0, text) }
  }
}

/// Names that differ in nothing but capitals, spaces and signs are one.
enum LooseName {
  static func areEqual(_ a: String, _ b: String) -> Bool { key(a) == key(b) }

  /// What is compared: letters and digits, in small letters.
  static func key(_ text: String) -> String {
    String(text.lowercased().filter { $0.isLetter || $0.isNumber })
  }
}
