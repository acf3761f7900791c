import TruceData
import TruceOptions
import TruceTasks

extension TableEncoding {
  /// The tasks as training and measuring see them.
  ///
  /// - Parameter path: The specification, for errors.
  /// - Throws: `DataError` where a task names a metric that there is not, or that cannot judge it.
  func problemTasks(of path: String) throws -> [any ProblemTask] {
    try tasks.map { task in
      guard let names = task.metrics else { return task.problemTask }
      do {
        return try task.problemTask.measured(by: names.map(Self.metric))
      } catch let error as TaskError {
        throw DataError.fault(in: path, error.description, help: error.help)
      } catch let error as UnknownMetric {
        throw DataError.fault(
          in: path, "task '\(task.name)' names an unknown metric '\(error.name)'", help: error.help)
      }
    }
  }

  private static func metric(_ name: String) throws -> MetricEntry {
    guard let entry = MetricCatalogue.entries.first(where: { $0.about.name == name }) else {
      throw UnknownMetric(name: name)
    }
    return entry
  }
}

/// A metric that the catalogue does not have.
private struct UnknownMetric: Error {
  let name: String

  var help: String {
    let known = MetricCatalogue.entries.map(\.about.name)
    return closestName(to: name, among: known).map { "did you mean '\($0)'?" }
      ?? "the metrics are \(known.joined(separator: ", "))"
  }
}

extension TableEncoding.Task {
  /// The task with the metrics of its kind.
  fileprivate var problemTask: any ProblemTask {
    switch label {
    case .regression: RegressionTask(name: name)
    case .binary: BinaryTask(name: name)
    case .classes(let words): ClassificationTask(name: name, words: words)
    }
  }
}
