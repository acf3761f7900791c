import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

@Suite("One backward pass under scale, clipping and policies")
struct WeightedSumTests {
  static let names = Catalogue.entries.map(\.about).filter { $0.kind == .lossWeighting }.map(\.name)

  private func gradient(_ name: String, _ settings: StepSettings) throws -> (shared: [Double], head: [Double]) {
    let network = SmallNetwork()
    let step = try makeStep(
      method: Catalogue.method(named: name), partition: network.partition, settings: settings)
    _ = try step.fillGradients(network.pass())
    return (network.sharedGradient, network.headGradient(1))
  }

  @Test("The shared gradient is multiplied by K and cut, the heads' are not", arguments: names)
  func convention(name: String) throws {
    let plain = try gradient(name, StepSettings())
    let tripled = try gradient(
      name, StepSettings(convention: GradientConvention(multipliesByTaskCount: true)))
    #expect(isClose(tripled.shared, plain.shared.map { 3 * $0 }))
    #expect(tripled.head == plain.head)
    let maximum = inner(plain.shared, plain.shared).squareRoot() / 4
    let cut = try gradient(name, StepSettings(convention: GradientConvention(maximumNorm: maximum)))
    #expect(isClose(cut.shared, plain.shared.map { $0 / 4 }))
    #expect(cut.head == plain.head)
  }

  /// A pass in which one task's gradient is infinite though its loss is finite; with `inHead` its head's too.
  private func brokenPass(_ network: SmallNetwork, inHead: Bool) -> ForwardPass {
    let pass = network.pass()
    var losses = pass.losses
    let parameter = inHead ? network.heads[1][1] : network.trunk[1]
    let zero = (network.trunk[1] - network.trunk[1].detached()).sum()
    let own = (parameter - parameter.detached()).sum()
    losses[1] = losses[1].map { $0 + (zero + own).sqrt() }
    return ForwardPass(losses: losses, again: pass.again)
  }

  private func step(_ name: String, _ network: SmallNetwork, _ policy: NonFinitePolicy) throws -> MultiTaskStep {
    try makeStep(
      method: Catalogue.method(named: name), partition: network.partition,
      settings: StepSettings(nonFinite: policy))
  }

  static let plainNames = names.filter { $0 != "gradnorm" }

  @Test("A gradient that is not finite is not handed to the optimizer", arguments: plainNames)
  func throwing(name: String) throws {
    let network = SmallNetwork()
    let before = network.coordinates
    let named = try step(name, network, .throw)
    #expect(throws: MethodError.nonFinite(task: 1, what: "gradient")) {
      try named.step(brokenPass(network, inHead: true))
    }
    let unnamed = try step(name, network, .throw)
    #expect(throws: MethodError.nonFiniteSum) { try unnamed.step(brokenPass(network, inHead: false)) }
    #expect(network.coordinates == before)
    #expect(network.parameters.allSatisfy { $0.grad == nil })
  }

  @Test("A skipped step moves nothing and leaves the weighting as it was", arguments: plainNames)
  func skipping(name: String) throws {
    let network = SmallNetwork()
    let before = network.coordinates
    let step = try step(name, network, .skipStep)
    let state = try step.stateBytes()
    let report = try step.step(brokenPass(network, inHead: false))
    #expect(report.skipReason == .nonFiniteSum)
    #expect(network.coordinates == before)
    step.position = StepPosition()
    #expect(try step.stateBytes() == state)
  }

  @Test("A dropped task adds nothing; the others' gradients are whole", arguments: plainNames)
  func dropping(name: String) throws {
    let network = SmallNetwork()
    let step = try step(name, network, .dropTask)
    let report = try step.fillGradients(brokenPass(network, inHead: false))
    #expect(report.droppedTasks == [1])
    var weights = try #require(report.lossWeights)
    weights[1] = 0
    #expect(isClose(network.sharedGradient, sum(try network.plainRows(), weights: weights)))
    #expect(network.heads[1].allSatisfy { $0.grad == nil })
    let head = try network.plainHeadGradient(2).map { $0 * weights[2] }
    #expect(isClose(network.headGradient(2), head))
  }
}
