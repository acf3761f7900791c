import Testing
import Torch
import TorchNN
import Truce
import TruceModels
import TruceOptions
import TruceTasks
import TruceTorch
import TruceTraining

/// A network of the catalogue with random examples and labels, whose step can be taken in a narrow type.
private struct NarrowModel {
  let network: any MultiTaskNetwork
  let input: Tensor
  let targets: [Tensor]

  init(_ setting: AutocastWeightsTests.Case, seed: UInt64) throws {
    let generator = Generator(seed: seed)
    let trunk = { () throws -> any Trunk in
      try EntryList(TrunkCatalogue.entries).entry(named: setting.trunk).make(
        options: setting.options, for: TrunkRequest(inputShape: setting.shape, using: generator))
    }
    let tasks = (0..<setting.taskCount).map { NetworkTask(name: "t\($0)", output: .vector(setting.outputs)) }
    network = try EntryList(ArchitectureCatalogue.entries).entry(named: "hard-sharing").make(
      options: [:],
      for: NetworkRequest(tasks: tasks, inputShape: setting.shape, using: generator, makeTrunk: trunk))
    input = Tensor.normal([setting.batch] + setting.shape, using: generator)
    targets = (0..<setting.taskCount).map { _ in
      setting.isClassifying
        ? Tensor.integers([setting.batch], in: 0..<setting.outputs, using: generator)
        : Tensor.normal([setting.batch, setting.outputs], using: generator)
    }
  }

  /// The losses in single precision, of outputs in the narrow type.
  func pass(_ autocast: DType?) -> ForwardPass {
    let answers = withAutocast(to: autocast, on: .cpu) { network(NetworkInput(input)) }
    let losses = targets.enumerated().map { task, target in
      let output = answers[task].to(.float32)
      return target.dtype == .int64 ? Losses.crossEntropy(output, target) : Losses.meanSquared(output, target)
    }
    return ForwardPass(losses: losses, features: answers.cut) { pass(autocast) }
  }

  /// CAGrad's weights on the task gradients.
  func weights(_ autocast: DType?) throws -> [Double] {
    return try #require(step().fillGradients(pass(autocast)).weights)[0]
  }

  private func step() throws -> MultiTaskStep {
    try MultiTaskStep(
      method: .gramian(CAGrad()), partition: network.partition,
      optimizer: Optimizer(network.parameters, rule: Adam(learningRate: 1e-3)))
  }

  /// Trains in single precision.
  func train(steps: Int) throws {
    let step = try step()
    for _ in 0..<steps { _ = try step.step(pass(nil)) }
  }
}

@Suite("CAGrad's weights under autocast to bfloat16")
struct AutocastWeightsTests {
  /// A network of the page on mixed precision.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let trunk: String
    var options: [String: OptionValue] = [:]
    let shape: [Int]
    let taskCount: Int
    let outputs: Int
    let batch: Int
    var isClassifying = true
    /// How many networks and batches are drawn.
    var seeds: UInt64 = 3
  }

  static let cases = [
    Case(
      testDescription: "perceptron 39-400-400-400, K = 10", trunk: "mlp",
      options: ["widths": [400, 400, 400]],
      shape: [39], taskCount: 10, outputs: 4, batch: 128, isClassifying: false),
    Case(
      testDescription: "shrunk LeNet on 36×36, K = 2", trunk: "lenet", shape: [1, 36, 36], taskCount: 2,
      outputs: 10, batch: 64),
    Case(
      testDescription: "ResNet-18 on 32×32, K = 2", trunk: "resnet18", shape: [3, 32, 32], taskCount: 2,
      outputs: 10, batch: 16, seeds: 1),
  ]

  /// The largest distance of a weight from the one in single precision, over some networks and batches.
  private func distance(_ network: Case, steps: Int) throws -> Double {
    try (0..<network.seeds).map { seed in
      let model = try NarrowModel(network, seed: seed)
      try model.train(steps: steps)
      let (wide, narrow) = (try model.weights(nil), try model.weights(.bfloat16))
      #expect(wide != narrow, "nothing was narrow")
      return zip(wide, narrow).map { ($0 - $1).magnitude }.max() ?? .nan
    }.max() ?? .nan
  }

  @Test("are compared with those of single precision", arguments: cases, [0, 10])
  func distances(_ network: Case, _ steps: Int) throws {
    let found = try distance(network, steps: steps)
    print("\(network.testDescription), after \(steps) steps: within \(found)")
    #expect(found < 1e-2)
  }
}
