import Testing
import Torch
import TorchNN
import Truce
import TruceData
import TruceModels
import TruceTasks
import TruceTorch

@testable import TruceTraining

@Suite("One head for several clusters")
struct SingleHeadTests {
  private let input: Tensor
  private let labels: [Tensor]

  init() {
    let generator = Generator(seed: 2)
    input = Tensor.normal([6, 3, 4, 4], using: generator, dtype: .float64)
    labels = (0..<3).map { _ in Tensor.integers([6], in: 0..<5, using: generator) }
  }

  /// A trunk in which the examples of a batch meet, so that it matters what the batch is.
  private func network(_ parts: [Int] = [0, 1, 2]) -> SingleHead {
    let generator = Generator(seed: 1)
    let trunk = Sequential(
      Conv2d(1, 2, kernel: 3, using: generator, dtype: .float64), BatchNorm(2, dtype: .float64), ReLU(),
      Flatten())
    return SingleHead(
      trunk: trunk, head: Linear(8, 5, using: generator, dtype: .float64),
      parts: parts.map { (name: "c\($0)", position: $0) })
  }

  private func pass(_ network: SingleHead) -> ForwardPass {
    let features = network.features(input)
    let losses = network.outputs(from: features).enumerated().map { task, output in
      Losses.crossEntropy(output, labels[task])
    }
    return ForwardPass(losses: losses, features: features)
  }

  @Test("trains under equal weighting like one task on the mixed batch", arguments: ["ew", "mean"])
  func singleTask(method: String) throws {
    let network = network()
    let optimizer = Optimizer(network.parameters, rule: try SGD(learningRate: 0.1))
    let step = try MultiTaskStep(
      method: Catalogue.method(named: method), partition: network.partition, optimizer: optimizer)
    _ = try step.fillGradients(pass(network))
    let single = self.network()
    let mixed = single.features(input)[0].reshaped([18, 5])
    try Losses.crossEntropy(mixed, Tensor.stacked(labels, axis: 1).reshaped([18])).backward()
    for ((name, together), alone) in zip(network.parameters, single.parameters.tensors) {
      let (gradient, expected) = (try #require(together.grad), try #require(alone.grad))
      let scale = method == "mean" ? 1.0 : 3
      #expect(gradient.isClose(to: expected * scale, relative: 1e-9, absolute: 1e-12), "\(name)")
    }
  }

  @Test("shares everything, and can do with some of the clusters")
  func partition() {
    let network = network()
    #expect(
      network.sharedParameters.names == [
        "trunk.0.weight", "trunk.0.bias", "trunk.1.weight", "trunk.1.bias", "head.weight", "head.bias",
      ])
    #expect(network.taskNames.indices.allSatisfy { network.headParameters(ofTask: $0).isEmpty })
    network.setTraining(false)
    let alone = self.network([2])
    alone.setTraining(false)
    #expect(alone(input).count == 1)
    #expect(alone(input)[0].isClose(to: network(input)[2]))
  }

  @Test("has gradients that can be told apart by clusters and samples")
  func similarity() throws {
    let network = network()
    let batch = Batch(
      input: input, targets: labels.enumerated().map { TaskTarget(task: "c\($0)", values: $1) },
      positions: Array(0..<6))
    let tasks = network.taskNames.map { ClassificationTask(name: $0, classCount: 5) }
    let gramian = try SimilarityProbe(of: SupervisedNetwork(network, tasks: tasks)).measure(batch)
    let rows = try network.evaluating {
      try (0..<2).map { task in
        let loss = Losses.crossEntropy(network(input)[task][4..<5], labels[task][4..<5])
        let gradients = try Autograd.gradients(of: [loss], withRespectTo: network.parameters.tensors)
        return Tensor.concatenated(gradients.compactMap { $0?.reshaped([-1]) })
      }
    }
    #expect(abs(gramian[0, 4, 1, 4] - rows[0].dot(rows[1]).item()) < 1e-10 * rows[0].norm().item())
  }
}
