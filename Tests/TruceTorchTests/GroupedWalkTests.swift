import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

/// Twenty tasks whose gradients of one layer take 1 MiB each: three groups of up to seven.
@Suite("Task gradients in groups that stay in the cache")
struct GroupedWalkTests {
  private let taskCount = 20
  private let rowBytes = 20 * (3 * 256 * 256 + 3 * 256) * 4

  private func step(
    _ method: AnyMethod, _ network: Perceptron, _ walk: GradientSweep.Walk = .together
  ) throws -> MultiTaskStep {
    let heads = network.heads.enumerated().map { (name: "head\($0)", tensor: $1) }
    let optimizer = Optimizer(
      NamedTensors(network.partition.shared + heads), rule: try SGD(learningRate: 1e-3))
    return try MultiTaskStep(method: method, partition: network.partition, optimizer: optimizer, walk: walk)
  }

  /// What the step leaves on all parameters.
  private func gradients(_ walk: GradientSweep.Walk, without absent: Set<Int> = []) throws -> [Tensor] {
    let network = Perceptron(taskCount: taskCount, batch: 1024)
    _ = try step(.gramian(CAGrad()), network, walk).fillGradients(network.pass(without: absent))
    return (network.partition.sharedTensors + network.heads).map { $0.grad ?? $0.zerosLike() }
  }

  @Test(
    "They are those of a walk for each task, and the same bits every time", arguments: [[], [3], [7, 8, 13]])
  func agreement(absent: Set<Int>) throws {
    let together = try gradients(.together, without: absent)
    for (one, other) in zip(together, try gradients(.oneByOne, without: absent)) {
      #expect((one - other).norm().item() <= 1e-5 * other.norm().item())
    }
    for (one, again) in zip(together, try gradients(.together, without: absent)) {
      #expect(one.equal(again).all().item() == 1)
    }
    #expect(together[0].abs().sum().item() > 0)
  }

  /// The most that tensors made in two steps take at one time, with what is kept from the first for the second.
  private func peak(
    _ method: AnyMethod, taskCount: Int = 20, batch: Int = 1024, walk: GradientSweep.Walk = .together
  ) throws -> Int {
    let network = Perceptron(taskCount: taskCount, batch: batch)
    let step = try step(method, network, walk)
    return try Work.measured { for _ in 0..<2 { _ = try step.step(network.pass()) } }.work.peakBytes
  }

  @Test("Above equal weighting's step they take the rows, and a group's gradients of two layers")
  func memory() throws {
    let above = try peak(.gramian(CAGrad())) - peak(.lossWeighting(EqualWeighting()))
    let group = 7 * 1024 * 256 * 4
    #expect(above >= rowBytes, "\(above) of \(rowBytes)")
    #expect(above <= rowBytes + 3 * group, "\(above) of \(rowBytes)")
  }
  @Test("Two tasks' passes one by one take the rows, and one layer's gradient before it is written")
  func memoryOneByOne() throws {
    let method = try AnyMethod.gramian(CAGrad())
    let weighted = try peak(.lossWeighting(EqualWeighting()), taskCount: 2, batch: 64)
    let above = try peak(method, taskCount: 2, batch: 64, walk: .oneByOne) - weighted
    let (rows, layer) = (rowBytes / 10, 256 * 256 * 4)
    // Equal weighting holds the last step's gradients during the forward pass; here they are the first row.
    #expect(above >= rows / 2, "\(above) of \(rows)")
    #expect(above <= rows + layer, "\(above) of \(rows)")
  }

  @Test("Gradients that somebody holds stay as they are in the next step")
  func heldGradients() throws {
    let network = Perceptron(taskCount: 2, batch: 8)
    let step = try step(.gramian(CAGrad()), network)
    _ = try step.step(network.pass())
    let held = try #require(network.partition.sharedTensors[0].grad)
    let before = held.clone()
    _ = try step.step(network.pass())
    let next = try #require(network.partition.sharedTensors[0].grad)
    #expect(held.equal(before).all().item() == 1)
    #expect(next.equal(before).all().item() == 0)
  }
}
