import Torch
import TruceData
import TruceModels
import TruceRun

/// A problem whose losses are measured in other units: each is multiplied by a number of its own.
///
/// Metrics stay as they are, so that runs with different scales can be compared.
struct ScaledProblem: Problem {
  let tasks: [any ProblemTask]
  private let base: any Problem

  /// Scales the losses of a problem.
  ///
  /// - Parameters:
  ///   - base: The problem.
  ///   - scales: A factor for each of its tasks.
  /// - Throws: ``TrainingError/incompatible(reason:help:)`` where their numbers differ.
  init(_ base: any Problem, by scales: [Double]) throws(TrainingError) {
    guard scales.count == base.tasks.count else {
      throw .incompatible(
        reason: "loss_scales has \(scales.count) numbers for \(base.tasks.count) tasks",
        help: "give one number for each of \(base.tasks.map(\.name).joined(separator: ", "))")
    }
    self.base = base
    tasks = zip(base.tasks, scales).map { ScaledTask(base: $0, scale: $1) }
  }

  func makeNetwork(using generator: Generator) throws -> any MultiTaskNetwork {
    try base.makeNetwork(using: generator)
  }

  var trainingLoader: any BatchSource { base.trainingLoader }
  var validationLoader: (any BatchSource)? { base.validationLoader }
  var evaluationLoaders: [(split: String, loader: any BatchSource)] { base.evaluationLoaders }
}

/// A task with its loss multiplied by a number.
private struct ScaledTask: ProblemTask {
  let base: any ProblemTask
  let scale: Double

  var name: String { base.name }

  func loss(output: Tensor, target: TaskTarget) -> Tensor? {
    base.loss(output: output, target: target).map { $0 * scale }
  }

  func makeMetrics() -> [any Metric] { base.makeMetrics() }

  func answers(output: Tensor, target: TaskTarget) -> [PredictionRecord.Answer]? {
    base.answers(output: output, target: target)
  }
}
