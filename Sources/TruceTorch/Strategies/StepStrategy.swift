public import Torch
public import TorchNN
public import Truce

/// How one kind of method turns a forward pass into gradients on the parameters, and moves them.
///
/// A package that adds a whole-step method brings a strategy for it (``StepMethod``).
public protocol StepStrategy: AnyObject {
  /// Whether the strategy measures the conflict itself when asked, from gradients that it has anyway.
  var measuresConflict: Bool { get }

  /// Fills the gradients of all parameters and says what was done.
  ///
  /// Where the step is over afterwards, the gradients are thrown away and nothing moves.
  ///
  /// - Parameters:
  ///   - passes: The forward pass of the batch, and how to run further ones.
  ///   - step: The step, begun: the losses are finite or belong to tasks that do not take part.
  ///   - reconciler: What decides. A step that is skipped leaves it as it was.
  func fillGradients(
    _ passes: StepPasses, _ step: inout ReconcilerStep, _ reconciler: inout Reconciler
  ) throws -> StepOutcome

  /// Moves the parameters once their gradients are filled; by default the optimizer does.
  func update(_ optimizer: Optimizer) throws

  /// Writes the strategy's own state; the reconciler's is written beside it.
  func encodeState(to encoder: any Encoder) throws
  /// Replaces the strategy's own state by one written before.
  func decodeState(from decoder: any Decoder) throws
  /// The gradient-sized part of the state, by name.
  var stateTensors: [String: Tensor] { get set }
}

extension StepStrategy {
  /// The conflict is left to a probe.
  public var measuresConflict: Bool { false }

  /// Lets the optimizer move all parameters.
  public func update(_ optimizer: Optimizer) throws { try optimizer.step() }

  /// No state of its own.
  public func encodeState(to encoder: any Encoder) throws { try Stateless().encode(to: encoder) }
  /// No state of its own.
  public func decodeState(from decoder: any Decoder) throws {}

  /// No gradient-sized state.
  public var stateTensors: [String: Tensor] {
    get { [:] }
    set {}
  }
}

/// The forward passes of a step.
public struct StepPasses {
  /// The batch that the network moves along.
  public let pass: ForwardPass
  /// Runs further batches, when asked for.
  public let further: [() throws -> ForwardPass]
  /// Whether the conflict between the tasks is to be measured.
  public let measuresConflict: Bool

  package init(pass: ForwardPass, further: [() throws -> ForwardPass], measuresConflict: Bool) {
    (self.pass, self.further, self.measuresConflict) = (pass, further, measuresConflict)
  }
}

/// What a strategy did.
public struct StepOutcome {
  /// Weights of the losses that the method has found itself; nil where the reconciler's hold.
  public var lossWeights: [Double]?
  /// The weights on the task gradients, one list for each group.
  public var weights: [[Double]]?
  /// The conflict between the tasks, where asked for.
  public var conflict: ConflictMeasurement?
  /// Where the time went.
  public var timings = StepTimings()

  /// Creates the outcome of a step that has done nothing yet.
  public init() {}
}

// MARK: Methods with a strategy of their own

/// A whole-step method that knows how its step is taken.
public protocol StepMethod: WholeStepMethod {
  /// Whether parameters that the optimizer does not train keep out of the method's way too.
  var respectsFreezing: Bool { get }

  /// Makes the strategy for a network.
  ///
  /// - Throws: `MethodError.notApplicable(method:reason:)` where the network lacks what the method needs.
  func makeStrategy(for setup: StrategySetup) throws -> any StepStrategy
}

extension StepMethod {
  /// Whether parameters that the optimizer does not train keep out of the method's way; not so by default.
  public var respectsFreezing: Bool { false }
}

extension AnyMethod {
  /// Whether parameters can be frozen by giving them to no optimizer.
  ///
  /// Not so for methods that move the parameters on their way to a step.
  public var respectsFreezing: Bool {
    guard case .wholeStep(let method) = self else { return true }
    return (method as? any StepMethod)?.respectsFreezing ?? false
  }
}

/// What a strategy is made for.
public struct StrategySetup {
  /// The network's parameters by who uses them.
  public let partition: ParameterPartition
  /// What a step does beside its method's rule.
  public let settings: StepSettings
  /// Where timings are read.
  public let clock: StepClock
  /// How gradients are carried through shared layers.
  public var walk = GradientSweep.Walk.together

  package init(
    partition: ParameterPartition, settings: StepSettings, clock: StepClock,
    walk: GradientSweep.Walk = .together
  ) {
    (self.partition, self.settings, self.clock, self.walk) = (partition, settings, clock, walk)
  }

  /// What the gradients of all tasks take.
  public var footprint: GradientFootprint {
    GradientFootprint(of: partition, memory: settings.memoryShare)
  }

  /// Makes a source of task gradients that need be combined only, of the target, grouping and memory in the settings.
  public func makeCombinedSource() -> any GradientSource {
    guard settings.target == .parameters, footprint.resolved(settings.memory) == .stream else {
      return makeSource()
    }
    return StreamedGradients(partition: partition, grouping: settings.grouping)
  }

  /// Makes a buffer of task gradients, of the target and grouping in the settings.
  public func makeSource() -> any GradientMatrix {
    settings.target == .features
      ? FeatureGradients(shared: partition.sharedTensors)
      : ParameterGradients(partition: partition, grouping: settings.grouping, walk: walk)
  }

  /// The strategy for what an engine has to do for a method.
  func strategy(for procedure: Procedure, named method: String) throws -> any StepStrategy {
    switch procedure {
    case .weightedSum: return WeightedSumStrategy(self)
    case .combination(let mayMixTasks):
      return CombinationStrategy(self, source: makeCombinedSource(), mayMixTasks: mayMixTasks)
    case .direction: return DirectionStrategy(self)
    case .crossCombination: return CrossCombinationStrategy(self)
    case .wholeStep(let method as any StepMethod): return try method.makeStrategy(for: self)
    case .wholeStep:
      throw MethodError.notApplicable(
        method: method, reason: "has no strategy for a training step; it must conform to StepMethod")
    }
  }
}
