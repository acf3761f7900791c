import Foundation
import Torch
import TorchNN
import Truce
import TruceModels
import TruceOptions
import TruceTorch
import TruceTraining

/// A network, a batch and an optimizer, stepped again and again.
final class StepBenchmark {
  private let network: any MultiTaskNetwork
  private let input: Tensor
  private let targets: [Tensor]
  private let outputs: BenchmarkNetwork.Outputs
  private let step: MultiTaskStep
  private let clock = StepClock.system

  /// What is timed.
  struct Setting {
    var network: BenchmarkNetwork
    var architecture: String
    var trunkOptions: [String: OptionValue]
    var taskCount: Int
    var batchSize: Int
    var inputShape: [Int]
    var method: AnyMethod
    var target: GradientTarget
    var memory: GradientMemory
    var walk: GradientSweep.Walk
    var dtype: DType
  }

  /// Makes a network and data from fixed seeds.
  ///
  /// - Throws: What catalogues and the step say of names and options that do not go together.
  init(_ setting: Setting) throws {
    let generator = Generator(seed: 0)
    let plain = setting.network.setting
    let request = NetworkRequest(
      tasks: (0..<setting.taskCount).map {
        NetworkTask(name: "t\($0)", output: plain.outputs.output(ofTask: $0))
      }, inputShape: setting.inputShape, using: generator
    ) {
      try EntryList(TrunkCatalogue.entries).entry(named: setting.network.rawValue).make(
        options: setting.trunkOptions, for: TrunkRequest(inputShape: setting.inputShape, using: generator))
    }
    network = try EntryList(ArchitectureCatalogue.entries).entry(named: setting.architecture).make(
      options: [:], for: request)
    try network.convert(to: setting.dtype)
    outputs = plain.outputs
    input = Tensor.normal([setting.batchSize] + setting.inputShape, using: generator).to(setting.dtype)
    targets = (0..<setting.taskCount).map { [size = Array(setting.inputShape.dropFirst())] in
      let target = plain.outputs.target(ofTask: $0, batch: setting.batchSize, size: size, using: generator)
      return target.dtype == .float32 ? target.to(setting.dtype) : target
    }
    let optimizer = Optimizer(
      network.parameters, rule: try OptimizerCatalogue.rule(named: "adam", options: ["learning_rate": 1e-3]))
    step = try MultiTaskStep(
      method: setting.method, partition: network.partition, optimizer: optimizer,
      settings: StepSettings(target: setting.target, memory: setting.memory), walk: setting.walk)
  }

  /// Takes a step and tells the seconds of its parts.
  func take() throws -> StepTimes {
    let start = clock.seconds()
    let pass = forward()
    let forward = clock.seconds() - start
    let report = try step.fillGradients(pass)
    let filled = clock.seconds()
    try step.update()
    let end = clock.seconds()
    return StepTimes(
      whole: end - start, forward: forward, gradients: report.timings.gradients,
      gramian: report.timings.gramian,
      weights: report.timings.weights, combination: report.timings.combination, optimizer: end - filled)
  }

  private func forward() -> ForwardPass {
    let answers = network(NetworkInput(input))
    let losses = targets.enumerated().map { outputs.loss(ofTask: $0, answers[$0], $1) }
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
