import Torch
import Truce

/// The rule of one bilevel method: what a step does with a training batch and a validation batch.
protocol BilevelRule {
  /// What the rule remembers.
  associatedtype State: Codable
  /// The method's name.
  var name: String { get }
  /// The state before the first step.
  func initialState(taskCount: Int) -> State
  /// Advances the state, leaves the gradient on all parameters, and returns the weights of the losses.
  func backward(_ batches: BilevelBatches, on network: WholeNetwork, state: inout State) throws -> [Double]
}

/// What a bilevel rule is given.
struct BilevelBatches {
  /// The training batch at the parameters as they stand.
  let training: ForwardPass
  /// Runs the training batch at the parameters as they then are.
  let again: () throws -> ForwardPass
  /// Runs the validation batch at the parameters as they then are.
  let validation: () throws -> ForwardPass
  /// Who takes part, and what methods are told.
  let step: ReconcilerStep
}

/// Runs a bilevel rule: loss weights that are learned while the network is.
///
/// The network's parameters are the shared ones and those of the heads. Whatever a rule does on the way, the
/// parameters stand where they did when the step's gradient is handed to the optimizer. Layers that act
/// differently in training see each forward pass of a step: batch normalisation counts them all, dropout draws
/// anew.
final class BilevelStrategy<Rule: BilevelRule>: StepStrategy {
  private let rule: Rule
  private let network: WholeNetwork
  private let clock: StepClock
  private var state: Rule.State

  init(_ rule: Rule, _ setup: StrategySetup) {
    self.rule = rule
    clock = setup.clock
    network = WholeNetwork(setup.partition)
    state = rule.initialState(taskCount: setup.partition.taskCount)
  }

  func fillGradients(
    _ passes: StepPasses, _ step: inout ReconcilerStep, _ reconciler: inout Reconciler
  ) throws -> StepOutcome {
    var timer = PhaseTimer(clock)
    var outcome = StepOutcome()
    let batches = try batches(passes, step)
    network.lossScale = passes.pass.lossScale
    var advanced = state
    do {
      outcome.lossWeights = try rule.backward(batches, on: network, state: &advanced)
    } catch let error as MethodError {
      try step.skip(because: error, under: reconciler.settings.nonFinite)
      return outcome
    }
    state = advanced
    outcome.timings.gradients = timer.lap()
    return outcome
  }

  private func batches(_ passes: StepPasses, _ step: ReconcilerStep) throws -> BilevelBatches {
    guard let again = passes.pass.again else {
      throw MethodError.notApplicable(method: rule.name, reason: "needs a pass that can be run again")
    }
    guard let validation = passes.further.first else {
      throw MethodError.notApplicable(method: rule.name, reason: "needs a validation batch a step")
    }
    return BilevelBatches(
      training: passes.pass, again: again, validation: validation, step: step)
  }

  func encodeState(to encoder: any Encoder) throws { try state.encode(to: encoder) }
  func decodeState(from decoder: any Decoder) throws { state = try Rule.State(from: decoder) }
}
