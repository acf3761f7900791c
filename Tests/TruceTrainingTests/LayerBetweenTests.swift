import Testing
import Torch
import TorchNN
import Truce
import TruceModels
import TruceTorch
import TruceTraining

/// A network with a layer that all tasks train and no gradient method is to see, as MTAN's between the stages may be.
private final class Between: MultiTaskNetwork {
  let taskNames = ["one", "other"]
  private let trunk, between: Linear
  private let heads: [Linear]

  init(using generator: Generator) {
    trunk = Linear(3, 4, using: generator)
    between = Linear(4, 4, using: generator)
    heads = [Linear(4, 1, using: generator), Linear(4, 1, using: generator)]
  }

  func visit(_ visitor: ModuleVisitor) {
    visitor.child("trunk", trunk)
    visitor.child("between", between)
    visitor.children("heads", heads)
  }

  var sharedParameters: NamedTensors { trunk.parameters.prefixed("trunk") }

  func headParameters(ofTask task: Int) -> NamedTensors {
    between.parameters.prefixed("between").appending(heads[task].parameters.prefixed("heads.\(task)"))
  }

  func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    let features = between(trunk(input.only).tanh()).tanh()
    return NetworkOutputs(taskNames.indices.map { tasks.contains($0) ? heads[$0](features) : nil })
  }
}

@Suite("A layer that all tasks train outside of what they share")
struct LayerBetweenTests {
  @Test(
    "moves by the sum of the tasks' gradients at every step", arguments: ["ew", "cagrad", "mgda", "graddrop"])
  func sum(method: String) throws {
    let network = Between(using: Generator(seed: 2))
    try network.convert(to: .float64)
    let rule = try OptimizerCatalogue.rule(named: "sgd", options: ["learning_rate": 0.5])
    let step = try MultiTaskStep(
      method: Catalogue.method(named: method), weighting: nil, partition: network.partition,
      optimizer: Optimizer(network.parameters, rule: rule), settings: StepSettings(), seed: 5)
    let input = Tensor.normal([6, 3], using: Generator(seed: 3), dtype: .float64)
    let weight = try #require(network.parameters["between.weight"])
    // Twice, so that nothing of the first step's gradients may be left in the second's.
    for _ in 0..<2 {
      let expected = try Autograd.gradients(of: losses(network, input), withRespectTo: [weight])
      let before = weight.detached().clone()
      _ = try step.step(ForwardPass(losses: losses(network, input)))
      let moved = (before - weight.detached()) / 0.5
      #expect(try moved.isClose(to: #require(expected[0])))
    }
  }

  private func losses(_ network: Between, _ input: Tensor) -> [Tensor] {
    network(input).map { ($0 - 1).square().mean() }
  }
}
