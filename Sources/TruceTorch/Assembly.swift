import Truce

extension MultiTaskBackward {
  /// The weighting in front: the one asked for, or the method itself where it is one.
  static func front(
    method: AnyMethod, weighting: (any LossWeighting)?
  ) throws -> (any LossWeighting)? {
    guard case .lossWeighting(let own) = method else { return weighting }
    guard weighting == nil else {
      throw BridgeError.notApplicable(
        method: method.about.name,
        reason: "is a loss weighting itself; put the other in front of a gradient method")
    }
    return own
  }

  /// The strategy for a method, once it is clear that method and settings go together.
  static func strategy(
    for method: AnyMethod, front: (any LossWeighting)?, _ partition: ParameterPartition,
    _ settings: BridgeSettings, _ clock: StepClock
  ) throws -> any GradientStrategy {
    try check(method, settings)
    if front != nil, method.about.needs.contains(.validationBatches) {
      throw BridgeError.notApplicable(
        method: method.about.name, reason: "learns the weights of the losses; leave the weighting out")
    }
    let target = { try Self.rows(partition, settings) }
    switch method {
    case .lossWeighting(let weighting) where type(of: weighting).about.needs.contains(.gradientNorms):
      return GramianStrategy(method: GradientSum(), target: try target(), partition: partition, clock: clock)
    case .lossWeighting:
      return LossWeightingStrategy(clock: clock)
    case .gramian(let method):
      return GramianStrategy(method: method, target: try target(), partition: partition, clock: clock)
    case .matrix(let method):
      return MatrixStrategy(method: method, target: try target(), partition: partition, clock: clock)
    case .crossGramian(let method):
      return CrossGramianStrategy(method: method, target: try target(), partition: partition, clock: clock)
    case .engine(let method):
      return try engineStrategy(for: method, partition, settings, clock)
    }
  }

  /// The strategy for a method whose rule is more than a backward pass.
  private static func engineStrategy(
    for method: any EngineMethod, _ partition: ParameterPartition, _ settings: BridgeSettings,
    _ clock: StepClock
  ) throws -> any GradientStrategy {
    switch method {
    case let method as AdaTask:
      AdaTaskStrategy(
        method: method, target: try rows(partition, settings), partition: partition, clock: clock)
    case is MTLIO:
      OptimizerPerTaskStrategy(target: try rows(partition, settings), partition: partition, clock: clock)
    case let method as RotoGrad:
      try RotoGradStrategy(method: method, partition: partition, clock: clock)
    case let method as AutoLambda:
      BilevelStrategy(AutoLambdaRule(method: method), partition: partition, clock: clock)
    case let method as MOML:
      BilevelStrategy(MOMLRule(method: method), partition: partition, clock: clock)
    case let method as FORUM:
      BilevelStrategy(FORUMRule(method: method), partition: partition, clock: clock)
    default:
      throw BridgeError.notApplicable(
        method: type(of: method).about.name, reason: "is a method the bridge does not know")
    }
  }

  private static func rows(
    _ partition: ParameterPartition, _ settings: BridgeSettings
  ) throws -> any TaskRows {
    try settings.target == .features
      ? FeatureRows(partition: partition)
      : ParameterRows(partition: partition, grouping: settings.grouping)
  }

  private static func check(_ method: AnyMethod, _ settings: BridgeSettings) throws {
    let refused: String? =
      switch method {
      case .gramian: nil
      case _ where settings.grouping != .network: "can only be applied to the whole network"
      case .crossGramian where settings.target == .features:
        "compares two batches, whose features are different tensors; use gradients: parameters"
      case .engine where settings.target == .features: "sets itself what gradients are taken of"
      case .engine where settings.convention != GradientConvention(): "has a scale of its own"
      default: nil
      }
    if let refused { throw BridgeError.notApplicable(method: method.about.name, reason: refused) }
    if settings.target == .features, settings.grouping != .network {
      throw BridgeError.notApplicable(
        method: method.about.name, reason: "gradients with respect to the features have one group only")
    }
  }
}

/// The plain sum of the task gradients, under a weighting that reads their lengths.
private struct GradientSum: GramianMethod {
  static let about = MethodDescription(
    name: "sum", title: "Sum", summary: "Adds the task gradients.", kind: .gramian,
    paper: EqualWeighting.about.paper, formula: "wᵢ = 1", cost: .gradientRows)

  init() {}
  init(options: Options) throws(OptionError) {}

  func weights(
    gramian: Gramian, context: StepContext, state: inout Stateless,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    [Double](repeating: 1, count: gramian.taskCount)
  }
}
