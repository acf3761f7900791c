import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

@Suite("A step takes care of everything")
struct StepBehaviourTests {
  @Test("The trunk moves whoever moves it", arguments: ["ew", "cagrad", "graddrop", "adatask", "mtl-io"])
  func everythingMoves(name: String) throws {
    let network = SmallNetwork()
    let step = try makeStep(method: Catalogue.method(named: name), partition: network.partition)
    let before = network.parameters.map { $0.detached().clone() }
    _ = try step.step(network.pass())
    for (parameter, old) in zip(network.parameters, before) {
      #expect(parameter.toArray(as: Double.self) != old.toArray(as: Double.self))
    }
    #expect(step.position == StepPosition(epoch: 0, iteration: 1))
  }

  @Test("The learning rate is the optimizer's, as a schedule leaves it")
  func learningRate() throws {
    func logVariances(_ rates: [Double]) throws -> [Double] {
      let network = SmallNetwork()
      let optimizer = Optimizer(network.named, rule: try SGD(learningRate: 0))
      let step = try makeStep(
        method: .lossWeighting(UncertaintyWeighting(learningRate: .model)), partition: network.partition,
        optimizer: optimizer)
      var weights: [Double] = []
      for rate in rates {
        optimizer.setLearningRate(rate)
        weights = try #require(try step.fillGradients(network.pass()).lossWeights)
      }
      return weights
    }
    #expect(try logVariances([0, 0]) == [0.5, 0.5, 0.5])
    #expect(try logVariances([0.1, 0]) != [0.5, 0.5, 0.5])
  }

  @Test("A method that looks back is shown the losses after the step, in the same call")
  func lookingBack() throws {
    let network = SmallNetwork()
    let step = try makeStep(method: .lossWeighting(FAMO()), partition: network.partition)
    var reconciler = try Reconciler(.lossWeighting(FAMO()), taskCount: 3)
    for iteration in 0..<4 {
      var begun = try reconciler.begin(
        losses: network.lossValues, at: StepPosition(iteration: iteration), learningRate: 0.05)
      _ = try reconciler.request(&begun)
      let report = try step.step(network.pass())
      #expect(isClose(try #require(report.lossWeights), try #require(begun.lossWeights)))
      try reconciler.observe(lossesAfterStep: network.lossValues)
    }
    #expect(
      throws: MethodError.notApplicable(method: "famo", reason: "needs a pass that can be run again")
    ) { try step.step(ForwardPass(losses: network.pass().losses)) }
  }

  @Test("A method that looks back does without a task that has no labels")
  func lookingBackPartly() throws {
    let network = SmallNetwork()
    let step = try makeStep(method: .lossWeighting(FAMO()), partition: network.partition)
    func partial() -> ForwardPass {
      let pass = network.pass()
      return ForwardPass(losses: [nil, pass.losses[1], pass.losses[2]], again: partial)
    }
    let report = try step.step(partial())
    #expect(report.losses[0] == nil && report.skipReason == nil)
    let empty = ForwardPass(losses: [nil, nil, nil], again: partial)
    #expect(try step.step(empty).lossWeights == nil)
  }

  @Test("An epoch counts, with means or without")
  func epochs() throws {
    let network = SmallNetwork()
    let step = try makeStep(method: .lossWeighting(EqualWeighting()), partition: network.partition)
    try step.endEpoch(meanLosses: [1, 2, 3])
    try step.endEpoch(meanLosses: nil)
    #expect(step.position == StepPosition(epoch: 2, iteration: 0))
    #expect(throws: MethodError.nonFinite(task: 0, what: "mean loss")) {
      try step.endEpoch(meanLosses: [.nan, 1, 1])
    }
  }

  // MARK: Conflict

  static let measured = [
    "ew", "gradnorm", "cagrad", "cagrad-fast", "graddrop", "sdmgrad", "adatask", "mtl-io", "rotograd", "moml",
  ]

  @Test("The conflict in a report is that of the plain gradients, whatever the method", arguments: measured)
  func conflict(name: String) throws {
    let network = SmallNetwork(isRotated: name == "rotograd")
    let weighting: (any LossWeighting)? =
      ["ew", "gradnorm", "moml"].contains(name) ? nil : try ConstantWeighting(weights: [2, 0, 5])
    let step = try makeStep(
      method: Catalogue.method(named: name), weighting: weighting, partition: network.partition)
    let further: [() throws -> ForwardPass] = [{ network.pass() }, { network.pass() }]
    let rows = try HostRows(network.plainRows())
    #expect(try step.fillGradients(network.pass(), further: further).conflict == nil)
    let report = try step.fillGradients(network.pass(), further: further, measuresConflict: true)
    let conflict = try #require(report.conflict)
    #expect(isClose(conflict.gramian.elements, rows.gramian().elements))
    #expect((conflict.signConflict - rows.meanSignConflict()).magnitude < 1e-12)
    // Measuring changes nothing else.
    let plain = try step.fillGradients(network.pass(), further: further)
    #expect(plain.losses == report.losses)
  }

  // MARK: Pairs

  static let methods = Catalogue.entries.map(\.about).filter { about in
    about.kind != .lossWeighting && !about.needs.contains(.validationBatches)
  }.map(\.name)
  static let weightings = Catalogue.entries.map(\.about).filter { $0.kind == .lossWeighting }.map(\.name)

  @Test("Every weighting reaches the heads under every method", arguments: methods)
  func pairs(name: String) throws {
    for weighting in Self.weightings {
      let network = SmallNetwork(isRotated: name == "rotograd")
      let step = try makeStep(
        method: Catalogue.method(named: name), weighting: Catalogue.weighting(named: weighting),
        partition: network.partition)
      let report = try step.fillGradients(
        network.pass(), further: [{ network.pass() }, { network.pass() }])
      let weights = try #require(report.lossWeights, "\(weighting)+\(name)")
      for task in 0..<3 {
        let head = try network.plainHeadGradient(task).map { $0 * weights[task] }
        #expect(isClose(network.headGradient(task), head), "\(weighting)+\(name)")
      }
    }
  }

  // MARK: A user's own engine method

  /// Follows the gradient of one task alone, and counts its steps.
  private struct FirstTaskOnly: StepMethod {
    static let about = MethodDescription(
      name: "first-only", title: "First only", summary: "Follows the first task.", kind: .wholeStep,
      paper: EqualWeighting.about.paper, formula: "d = g₁", cost: .gradientRows)

    init() {}
    init(options: Options) throws(OptionError) {}

    func makeStrategy(for setup: StrategySetup) -> any StepStrategy { Strategy(setup) }

    final class Strategy: StepStrategy {
      private let source: any GradientMatrix
      private let setup: StrategySetup
      private var count = 0

      init(_ setup: StrategySetup) {
        self.setup = setup
        source = setup.makeSource()
      }

      func fillGradients(
        _ passes: StepPasses, _ step: inout ReconcilerStep, _ reconciler: inout Reconciler
      ) throws -> StepOutcome {
        var timer = PhaseTimer(setup.clock)
        let outcome = try source.collectWeighted(
          passes, heads: setup.partition.heads, &step, &reconciler, timer: &timer)
        count += 1
        try source.deliver(direction: source.rows.selected(0, 0), of: passes.pass)
        return outcome
      }

      func encodeState(to encoder: any Encoder) throws { try count.encode(to: encoder) }
      func decodeState(from decoder: any Decoder) throws { count = try Int(from: decoder) }
    }
  }

  /// A whole-step method without a strategy.
  private struct Idle: WholeStepMethod {
    static let about = MethodDescription(
      name: "idle", title: "Idle", summary: "Does nothing.", kind: .wholeStep,
      paper: EqualWeighting.about.paper, formula: "d = 0", cost: .gradientRows)
    init() {}
    init(options: Options) throws(OptionError) {}
  }

  @Test("A whole-step method from outside brings its own strategy")
  func ownMethod() throws {
    let catalogue = try Catalogue.builtIn.adding([.wholeStep(FirstTaskOnly.self), .wholeStep(Idle.self)])
    let network = SmallNetwork()
    let step = try makeStep(
      method: catalogue.method(named: "first-only"), weighting: ConstantWeighting(weights: [2, 1, 1]),
      partition: network.partition)
    _ = try step.fillGradients(network.pass())
    #expect(isClose(network.sharedGradient, try network.plainRows()[0].map { 2 * $0 }))
    let bytes = try step.stateBytes()
    try step.restore(stateBytes: bytes)
    #expect(try step.stateBytes() == bytes)
    #expect(
      throws: MethodError.notApplicable(
        method: "idle", reason: "has no strategy for a training step; it must conform to StepMethod")
    ) { try makeStep(method: catalogue.method(named: "idle"), partition: network.partition) }
    for name in ["ew", "cagrad", "graddrop", "mtl-io", "adatask"] {
      #expect(try catalogue.method(named: name).respectsFreezing)
    }
    for name in ["first-only", "moml", "forum", "auto-lambda", "rotograd"] {
      #expect(try !catalogue.method(named: name).respectsFreezing)
    }
  }
}
