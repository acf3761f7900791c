import Truce
import TruceRun
import TruceTorch

/// Measures how much the task gradients of a step disagree.
///
/// Where the method has taken the Gramian of the step anyway, directions and sizes are measured at every step and cost
/// nothing. Coordinates, and the gradients of methods that need none, are measured where a step's turn has come.
struct ConflictMeter {
  private let interval: Int
  private let measuresParameters: Bool

  /// Creates a meter.
  ///
  /// - Parameters:
  ///   - interval: Steps between two measurements in full; 0 for none.
  ///   - measuresParameters: Whether the method's Gramian is that of the parameters' gradients.
  init(every interval: Int, measuresParameters: Bool) {
    self.interval = interval
    self.measuresParameters = measuresParameters
  }

  /// Whether a step's turn has come, counted from 0.
  func isDue(step: Int) -> Bool { interval > 0 && step % interval == 0 }

  /// What is known of a step's conflict, by `MetricKey`.
  func values(of report: StepReport) -> [String: Double] {
    if let measured = report.conflict { return measured.values }
    guard measuresParameters, let gramian = report.gramian, gramian.taskCount > 1 else { return [:] }
    return ConflictMeasures(of: gramian).values
  }
}

extension ConflictMeasures {
  /// The means over the task pairs, by metric key.
  fileprivate var values: [String: Double] {
    var values = [MetricKey.conflictShare: conflictingShare]
    values["conflict/cosine"] = meanCosine
    values["conflict/magnitude"] = meanMagnitudeSimilarity
    return values
  }
}
