import Foundation
import Testing
import Torch
import Truce
import TruceTorch

@Suite("Bilevel methods")
struct BilevelTests {
  private func softmax(_ logits: [Double]) -> [Double] {
    let powers = logits.map { exp($0) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  /// Runs steps without moving the network and hands each report on.
  private func run(
    _ method: any WholeStepMethod, _ network: SmallNetwork, _ validation: SmallNetwork, steps: Int = 3,
    check: (StepReport) throws -> Void
  ) throws {
    let step = try makeStep(method: .wholeStep(method), partition: network.partition)
    let before = network.coordinates
    for _ in 0..<steps {
      let report = try step.fillGradients(network.pass(), further: [{ validation.pass() }])
      #expect(network.coordinates == before, "the parameters are back where they were, to the bit")
      try check(report)
    }
  }

  @Test("Auto-λ's weights follow the derivative of the validation loss after a step", arguments: [1, 2, 3])
  func autoLambda(seed: Int) throws {
    let network = SmallNetwork(seed: UInt64(seed))
    let validation = SmallNetwork(batchFor: network, seed: 77)
    let primary = [1, 0, 0.5]
    // A small distance makes the difference quotient the derivative, which is computed here by itself.
    let method = try AutoLambda(learningRate: 0.01, primary: .each(primary), epsilon: 1e-4)
    var weights = [0.1, 0.1, 0.1]
    var adam = PlainAdam()
    try run(method, network, validation) { report in
      let rows = try network.plainGradients()
      let before = network.coordinates
      network.coordinates = adding(before, sum(rows, weights: weights), times: -0.05)
      let slope = sum(try validation.plainGradients(), weights: primary)
      network.coordinates = before
      weights = adding(weights, adam.step(rows.map { -0.05 * inner($0, slope) }), times: -0.01)
      #expect(isClose(try #require(report.lossWeights), weights, tolerance: 1e-6))
      #expect(isClose(network.gradient, sum(rows, weights: try #require(report.lossWeights))))
    }
  }

  @Test("MOML's logits follow the losses of the second batch as functions of the logits", arguments: 1...6)
  func moml(seed: Int) throws {
    let network = SmallNetwork(taskCount: 2, seed: UInt64(seed))
    let validation = SmallNetwork(batchFor: network, seed: 50 + UInt64(seed))
    var logits = [0.5, 0.5]
    var adam = PlainAdam()
    try run(MOML(innerRate: 0.02, outerRate: 0.1), network, validation) { report in
      let rows = try network.plainGradients()
      let before = network.coordinates
      func validationLosses(_ logits: [Double]) -> [Double] {
        network.coordinates = adding(before, sum(rows, weights: softmax(logits)), times: -0.02)
        defer { network.coordinates = before }
        return validation.lossValues
      }
      let step = 1e-5
      let above = validationLosses([logits[0] + step, logits[1]])
      let below = validationLosses([logits[0] - step, logits[1]])
      // A softmax of two has slopes (s, −s); of unit vectors (±1, ∓1)/√2 the min-norm point is either itself
      // or, where they oppose, the origin.
      let signs = zip(above, below).map { $0 > $1 ? 1.0 : -1.0 }
      if signs[0] == signs[1] {
        let part = signs[0] / 2.0.squareRoot()
        logits = adding(logits, adam.step([part, -part]), times: -0.1)
      }
      #expect(isClose(try #require(report.lossWeights), softmax(logits), tolerance: 1e-9))
      #expect(isClose(network.gradient, sum(rows, weights: softmax(logits)), tolerance: 1e-9))
    }
  }

  @Test("FORUM's first update solves its constrained problem", arguments: 1...4)
  func forum(seed: Int) throws {
    let network = SmallNetwork(taskCount: 2, seed: UInt64(seed))
    let validation = SmallNetwork(batchFor: network, seed: 60 + UInt64(seed))
    let method = try FORUM(phi: 0.3, innerSteps: 3, innerRate: 0.01)
    try run(method, network, validation, steps: 1) { report in
      let (gap, logitPart) = try gapGradient(network)
      let units = try validation.plainGradients().map { row in
        let length = inner(row, row).squareRoot()
        return row.map { $0 / length }
      }
      let squaredLength = inner(gap, gap) + logitPart
      func update(_ share: Double) -> (direction: [Double], multiplier: Double, value: Double) {
        let mixed = sum(units, weights: [share, 1 - share])
        let multiplier = max(0, 0.3 - inner(mixed, gap) / squaredLength)
        let direction = adding(mixed, gap, times: multiplier)
        let square = inner(direction, direction) + multiplier * multiplier * logitPart
        return (direction, multiplier, square / 2 - multiplier * 0.3 * squaredLength)
      }
      var (low, high) = (0.0, 1.0)
      for _ in 0..<200 {
        let (left, right) = ((2 * low + high) / 3, (low + 2 * high) / 3)
        if update(left).value <= update(right).value { high = right } else { low = left }
      }
      #expect(isClose(network.gradient, update((low + high) / 2).direction, tolerance: 1e-6))
    }
  }

  /// The gradient of `Σ Lⱼ/2` at the start less its value after three inner steps: its part along the network,
  /// and the squared length of its part along two equal logits.
  private func gapGradient(_ network: SmallNetwork) throws -> (network: [Double], logits: Double) {
    let before = network.coordinates
    let losses = network.lossValues
    let slope = sum(try network.plainGradients(), weights: [0.5, 0.5])
    for _ in 0..<3 {
      let slope = sum(try network.plainGradients(), weights: [0.5, 0.5])
      network.coordinates = adding(network.coordinates, slope, times: -0.01)
    }
    let falls = zip(losses, network.lossValues).map { $0 - $1 }
    network.coordinates = before
    let part = (falls[0] - falls[1]) / 4
    return (slope, 2 * part * part)
  }

  @Test("What a bilevel method lacks is named", arguments: ["auto-lambda", "moml", "forum"])
  func missing(name: String) throws {
    let network = SmallNetwork()
    let method = try Catalogue.method(named: name)
    let step = try makeStep(method: method, partition: network.partition)
    #expect(step.needs.contains(.validationBatches))
    #expect(throws: MethodError.notApplicable(method: name, reason: "needs a validation batch a step")) {
      try step.fillGradients(network.pass())
    }
    let losses = network.losses(of: network.features())
    #expect(
      throws: MethodError.notApplicable(method: name, reason: "needs a pass that can be run again")
    ) {
      try step.fillGradients(ForwardPass(losses: losses), further: [{ network.pass() }])
    }
    #expect(
      throws: MethodError.notApplicable(
        method: name, reason: "learns the weights of the losses; leave the weighting out")
    ) {
      try makeStep(
        method: method, weighting: OptimalUncertaintyWeighting(), partition: network.partition)
    }
  }

  @Test("A loss that is not finite on the way follows the policy and leaves the parameters in place")
  func nonFinite() throws {
    let network = SmallNetwork()
    let broken = ForwardPass(losses: network.losses(of: network.features())) {
      ForwardPass(losses: network.losses(of: network.features()).map { $0 * Double.nan })
    }
    let before = network.coordinates
    let skipping = try makeStep(
      method: .wholeStep(AutoLambda()), partition: network.partition,
      settings: StepSettings(nonFinite: .skipStep))
    let report = try skipping.fillGradients(broken, further: [{ network.pass() }])
    #expect(report.skipReason == .nonFinite(task: 0, what: "loss"))
    #expect(network.coordinates == before)
    let throwing = try makeStep(method: .wholeStep(AutoLambda()), partition: network.partition)
    let again = ForwardPass(losses: network.losses(of: network.features()), again: broken.again)
    #expect(throws: MethodError.self) { try throwing.fillGradients(again, further: [{ network.pass() }]) }
  }
}
