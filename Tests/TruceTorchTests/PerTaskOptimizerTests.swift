import Foundation
import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

@Suite("Methods with an optimizer state for each task")
struct PerTaskOptimizerTests {
  private let rate = 0.05

  /// The coordinates after some steps: one Adam a task on the trunk, one on all heads.
  private func plainPath(_ network: SmallNetwork, steps: Int, weights: [Double]) throws -> [Double] {
    let sharedCount = network.trunk.reduce(0) { $0 + $1.count }
    var perTask = weights.map { _ in PlainAdam() }
    var heads = PlainAdam()
    for _ in 0..<steps {
      let rows = try network.plainGradients()
      let moves = rows.indices.map { perTask[$0].step(Array(rows[$0].prefix(sharedCount))) }
      let headMove = heads.step(Array(sum(rows, weights: weights.map { _ in 1 }).dropFirst(sharedCount)))
      let move = sum(moves, weights: weights) + headMove
      network.coordinates = adding(network.coordinates, move, times: -rate)
    }
    return network.coordinates
  }

  private func path(_ method: any WholeStepMethod, rule: any UpdateRule, steps: Int) throws -> [Double] {
    let network = SmallNetwork()
    let step = try makeStep(
      method: .wholeStep(method), partition: network.partition,
      optimizer: Optimizer(network.named, rule: rule))
    for _ in 0..<steps { _ = try step.step(network.pass()) }
    return network.coordinates
  }

  @Test("AdaTask moves the trunk by the weighted sum of each task's Adam step, the heads by the optimizer")
  func adaTask() throws {
    let weights = [1, 0.5, 2.0]
    let moved = try path(
      AdaTask(taskWeights: .each(weights)), rule: Adam(learningRate: rate), steps: 4)
    let plain = try plainPath(SmallNetwork(), steps: 4, weights: weights)
    #expect(isClose(moved, plain, tolerance: 1e-11))
  }

  @Test("MTL-IO with Adam is AdaTask with equal weights")
  func optimizerPerTask() throws {
    let moved = try path(MTLIO(), rule: Adam(learningRate: rate), steps: 4)
    let plain = try plainPath(SmallNetwork(), steps: 4, weights: [1, 1, 1])
    #expect(isClose(moved, plain, tolerance: 1e-11))
  }

  @Test("MTL-IO with momentum SGD, which is linear in the gradient, is equal weighting")
  func linearRule() throws {
    let rule = try SGD(learningRate: rate, momentum: 0.9)
    let moved = try path(MTLIO(), rule: rule, steps: 5)
    let network = SmallNetwork()
    let step = try makeStep(
      method: .lossWeighting(EqualWeighting()), partition: network.partition,
      optimizer: Optimizer(network.named, rule: rule))
    for _ in 0..<5 { _ = try step.step(network.pass()) }
    #expect(isClose(moved, network.coordinates, tolerance: 1e-11))
  }

  /// Values recorded by `Tools/reference-values/engine_methods.py`.
  private struct Recorded: Decodable {
    struct Case: Decodable {
      let optimizer: String
      let options: [String: Double]
      let rows: [[[Double]]]
      let path: [[Double]]
    }
    let cases: [Case]

    static func load() throws -> [Case] {
      let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "TruceTests/ReferenceValues/mtl-io.json")
      return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file)).cases
    }
  }

  @Test("MTL-IO moves as one PyTorch optimizer for each task does")
  func referenceValues() throws {
    for recorded in try Recorded.load() {
      let shared = Tensor.zeros([6], dtype: .float64).requiringGrad()
      let partition = ParameterPartition(
        shared: [(name: "shared", tensor: shared)], heads: recorded.rows[0].map { _ in [] })
      let rule = try OptimizerCatalogue.rule(
        named: recorded.optimizer, options: recorded.options.mapValues { .number($0) })
      let optimizer = Optimizer(NamedTensors([(name: "shared", tensor: shared)]), rule: rule)
      let step = try makeStep(method: .wholeStep(MTLIO()), partition: partition, optimizer: optimizer)
      for (rows, expected) in zip(recorded.rows, recorded.path) {
        let losses = rows.map { (shared * Tensor($0)).sum() }
        _ = try step.step(ForwardPass(losses: losses))
        #expect(isClose(shared.toArray(as: Double.self), expected, tolerance: 1e-9), "\(recorded.optimizer)")
      }
    }
  }

  @Test("MTL-IO's optimizers follow the learning rate of the training's")
  func followsTheRate() throws {
    let network = SmallNetwork()
    let optimizer = Optimizer(network.named, rule: try Adam(learningRate: rate))
    let step = try makeStep(
      method: .wholeStep(MTLIO()), partition: network.partition, optimizer: optimizer)
    _ = try step.step(network.pass())
    let before = network.coordinates
    optimizer.setLearningRate(0)
    _ = try step.step(network.pass())
    #expect(network.coordinates == before)
  }

  @Test("A task without labels takes no step of its own in MTL-IO", arguments: [0, 2])
  func absentTask(task: Int) throws {
    let network = SmallNetwork()
    let step = try makeStep(
      method: .wholeStep(MTLIO()), partition: network.partition,
      optimizer: Optimizer(network.named, rule: SGD(learningRate: rate)))
    let before = network.coordinates
    var rows = try network.plainGradients()
    rows[task] = rows[task].map { _ in 0 }
    var losses: [Tensor?] = network.losses(of: network.features())
    losses[task] = nil
    _ = try step.step(ForwardPass(losses: losses))
    #expect(isClose(network.coordinates, adding(before, sum(rows, weights: [1, 1, 1]), times: -rate)))
  }
}
