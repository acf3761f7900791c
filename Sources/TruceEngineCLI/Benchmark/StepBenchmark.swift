import Foundation
import Torch
import TorchNN
import Truce
import TruceModels
import TruceTorch
import TruceTraining

/// A network, a batch and an optimizer, stepped again and again.
final class StepBenchmark {
  private let model: BenchmarkModel
  private let step: MultiTaskStep
  private let clock = StepClock.system
  /// Where it computes.
  let device: Device

  /// What is timed.
  struct Setting {
    var model: BenchmarkModel.Setting
    var method: AnyMethod
    var target: GradientTarget
    var memory: GradientMemory
    var walk: GradientSweep.Walk
  }

  /// Makes a network and data from fixed seeds.
  ///
  /// - Throws: What catalogues and the step say of names and options that do not go together.
  init(_ setting: Setting) throws {
    model = try BenchmarkModel(setting.model)
    device = setting.model.device
    let optimizer = Optimizer(
      model.network.parameters,
      rule: try OptimizerCatalogue.rule(named: "adam", options: ["learning_rate": 1e-3]))
    step = try MultiTaskStep(
      method: setting.method, partition: model.network.partition, optimizer: optimizer,
      settings: StepSettings(target: setting.target, memory: setting.memory), walk: setting.walk)
  }

  /// Takes a step and tells the seconds of its parts.
  ///
  /// On a device a part lasts until the host goes on; the work that it queued may be waited for in a later part.
  func take() throws -> StepTimes {
    let start = clock.seconds()
    let pass = forward()
    let forward = clock.seconds() - start
    let report = try step.fillGradients(pass)
    let filled = clock.seconds()
    try step.update()
    // What is queued on a device belongs to the step.
    try device.synchronize()
    let end = clock.seconds()
    return StepTimes(
      whole: end - start, forward: forward, gradients: report.timings.gradients,
      gramian: report.timings.gramian,
      weights: report.timings.weights, combination: report.timings.combination, optimizer: end - filled)
  }

  private func forward() -> ForwardPass {
    let answers = model.answers()
    let losses = model.targets.indices.map { model.loss(ofTask: $0, answers[$0]) }
    return ForwardPass(losses: losses, features: answers.cut) { [unowned self] in forward() }
  }
}

/// The seconds of a step and of its parts.
struct StepTimes {
  let whole: Double
  let forward: Double
  let gradients: Double
  let gramian: Double
  let weights: Double
  let combination: Double
  let optimizer: Double
}
