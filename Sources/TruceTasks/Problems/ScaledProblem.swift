import Torch
import TruceData

/// A problem whose losses are measured in other units: each is multiplied by a number of its own.
///
/// Metrics stay as they are, so that runs with different scales can be compared.
public struct ScaledProblem: Problem {
  /// The tasks with their losses scaled.
  public let tasks: [any ProblemTask]
  /// The data of the problem.
  public let data: ProblemData

  /// Scales the losses of a problem.
  ///
  /// - Parameters:
  ///   - base: The problem.
  ///   - scales: A factor for each of its tasks.
  /// - Throws: ``TaskError/incompatible(reason:help:)`` where their numbers differ.
  public init(_ base: any Problem, by scales: [Double]) throws(TaskError) {
    guard scales.count == base.tasks.count else {
      throw .incompatible(
        reason: "loss_scales has \(scales.count) numbers for \(base.tasks.count) tasks",
        help: "give one number for each of \(base.tasks.map(\.name).joined(separator: ", "))")
    }
    data = base.data
    tasks = zip(base.tasks, scales).map { ScaledTask(base: $0, scale: $1) }
  }
}

/// A task with its loss multiplied by a number.
private struct ScaledTask: WrappedTask {
  let base: any ProblemTask
  let scale: Double

  func loss(output: Tensor, target: TaskTarget) -> Tensor? {
    base.loss(output: output, target: target).map { $0 * scale }
  }
}
