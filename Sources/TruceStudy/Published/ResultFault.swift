import TruceOptions
public import TruceRun

/// What can be wrong when results are laid side by side.
public enum ResultFault: Error, Equatable, Sendable {
  /// A metric of one's own is none of the published table.
  case foreignMetric(place: String?, name: String, table: String, closest: String?, known: [String])
  /// A metric has another direction than in the published table.
  case otherDirection(place: String?, name: String, isHigher: Bool, table: String)
  /// A metric of a single task is to stand beside a mean over all tasks.
  case oneTask(name: String, table: String, metric: String)
  /// Two metrics are the same of the published table.
  case sameMetric(place: String?, name: String, other: String, table: String, metric: String)
  /// Values look like shares where the published table has percent.
  case shares(place: String?, name: String, largest: Double, table: String)
  /// No row bears the baseline's name.
  case unknownBaseline(String, known: [String])
  /// There is no single-task row among published ones; nil where no table was named.
  case noPublishedBaseline(String?)
}

extension ResultFault: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .foreignMetric(let place, let name, let table, _, _):
      "\(Self.front(place))\(table) has no metric '\(name)'"
    case .otherDirection(let place, let name, let isHigher, let table):
      "\(Self.front(place))\(isHigher ? "higher" : "lower") is better for '\(name)' here, and the other way round in "
        + table
    case .oneTask(let name, let table, let metric):
      "'\(name)' is one task's, and '\(metric)' of \(table) is the mean over all"
    case .sameMetric(let place, let name, let other, let table, let metric):
      "\(Self.front(place))'\(name)' and '\(other)' are both '\(metric)' of \(table)"
    case .shares(let place, let name, let largest, let table):
      "\(Self.front(place))'\(name)' is at most \(NumberText.short(largest)), which is a share; \(table) has percent"
    case .unknownBaseline(let name, _): "no row is called '\(name)'"
    case .noPublishedBaseline(let table?): "\(table) has no row of single-task networks"
    case .noPublishedBaseline(nil): "there is no published table to take a baseline from"
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .foreignMetric(_, _, _, let closest?, _):
      "did you mean '\(closest)'? --metrics leaves a metric out"
    case .foreignMetric(_, _, let table, nil, let known):
      known.isEmpty
        ? "'\(table)' has only Δm and mean ranks; compare it with other columns left out by --metrics"
        : "it has \(known.joined(separator: ", ")); --metrics leaves a metric out"
    case .otherDirection: "take the direction out of the heading, or name the metric otherwise"
    case .oneTask(_, _, let metric): "put the means over the tasks into a CSV file with a column '\(metric)'"
    case .sameMetric: "leave one of them out with --metrics"
    case .shares: "multiply it by 100"
    case .unknownBaseline(let name, let known):
      closestName(to: name, among: known).map { "did you mean '\($0)'?" }
        ?? "rows are \(known.joined(separator: ", "))"
    case .noPublishedBaseline(_?): "name another row with --baseline"
    case .noPublishedBaseline(nil): "name one with --published, or another row with --baseline"
    }
  }

  private static func front(_ place: String?) -> String { place.map { $0 + ": " } ?? "" }
}

extension ResultFault {
  /// Usage for a name that was given; bad data for what results hold.
  public var exitStatus: ExitStatus {
    switch self {
    case .unknownBaseline, .noPublishedBaseline: .usage
    default: .badData
    }
  }
}
