/// The one place where it is decided how a step's tasks are reconciled, for every engine and every front end.
///
/// A reconciler owns the method and the weighting in front of it, the scale of the update, who takes part, what
/// absent tasks are told, the policy for values that are not finite, the state of every group of parameters, and
/// the randomness. Losses and inner products of gradients go in; a ``Verdict`` comes out. So a combination of
/// method, weighting and settings works everywhere, or is refused by name everywhere.
///
/// ```swift
/// var reconciler = try Reconciler(.gramian(CAGrad(c: 0.4)), taskCount: 2)
/// var step = try reconciler.begin(losses: [0.7, 1.3], learningRate: 1e-3)
/// let gramian = try Gramian(taskCount: 2, elements: [1, -0.5, -0.5, 2])
/// let verdict = try reconciler.decide(&step, gramian: gramian)
/// print(verdict.factors[0])  // the update is their combination of the two gradients
/// ```
///
/// A step that throws or is skipped leaves the states and the randomness as they were.
public struct Reconciler: Sendable {
  /// The number of tasks, K.
  public let taskCount: Int
  /// What a step does beside its method's rule.
  public let settings: StepSettings
  /// What is known about the method.
  public let method: MethodDescription
  /// What happens when a gradient is not finite: what the settings say, unless whoever scaled the losses knows better.
  public var gradientPolicy: NonFinitePolicy
  /// What random methods draw from.
  public var generator: RandomSource
  var rule: Rule
  var front: (any RunningWeighting)?
  var memory: LossMemory

  /// What follows once the losses are known.
  enum Rule: Sendable {
    /// One backward pass of the losses as the weighting has them.
    case weightedSum
    /// A sum of the task gradients as the weighting has them, for one that reads their lengths.
    case sumOfGradients
    case gramian(GroupedMethod)
    case matrix(any RunningMatrixMethod)
    case crossGramian(any RunningCrossGramianMethod)
    case wholeStep(any WholeStepMethod)
  }

  /// Puts a method to work.
  ///
  /// - Parameters:
  ///   - method: Any method of the catalogue.
  ///   - weighting: A loss weighting in front of a gradient method.
  ///   - taskCount: The number of tasks, K.
  ///   - settings: Grouping, target, policy and scale.
  ///   - seed: The seed of the methods' randomness.
  /// - Throws: ``MethodError/notApplicable(method:reason:)`` where method, weighting and settings do not go
  ///   together.
  public init(
    _ method: AnyMethod, weighting: (any LossWeighting)? = nil, taskCount: Int,
    settings: StepSettings = StepSettings(), seed: UInt64 = 0
  ) throws(MethodError) {
    guard taskCount >= 1 else {
      throw .wrongCount(what: "tasks (at least)", expected: 1, received: taskCount)
    }
    try Self.check(method, weighting: weighting, settings: settings)
    self.taskCount = taskCount
    self.settings = settings
    gradientPolicy = settings.nonFinite
    self.method = method.about
    generator = RandomSource(seed: seed)
    rule = Self.rule(of: method, taskCount: taskCount)
    front = method.weighting(orInFront: weighting).map { Self.started($0, taskCount: taskCount) }
    memory = LossMemory(taskCount: taskCount)
  }

  private static func rule(of method: AnyMethod, taskCount: Int) -> Rule {
    func started(_ method: some MatrixMethod) -> any RunningMatrixMethod {
      Running(method, taskCount: taskCount)
    }
    func started(_ method: some CrossGramianMethod) -> any RunningCrossGramianMethod {
      Running(method, taskCount: taskCount)
    }
    switch method {
    case .lossWeighting:
      return method.about.needs.contains(.gradientNorms) ? .sumOfGradients : .weightedSum
    case .gramian(let method): return .gramian(GroupedMethod(method, taskCount: taskCount))
    case .matrix(let method): return .matrix(started(method))
    case .crossGramian(let method): return .crossGramian(started(method))
    case .wholeStep(let method): return .wholeStep(method)
    }
  }

  private static func started(
    _ weighting: some LossWeighting, taskCount: Int
  ) -> any RunningWeighting {
    Running(weighting, taskCount: taskCount)
  }
}

// MARK: Facts

extension Reconciler {
  /// What is known about the weighting in front; a method that is a weighting is its own.
  public var weighting: MethodDescription? { front?.about }

  /// The method's name, after that of the weighting in front of it: `cagrad`, `uw+cagrad`.
  public var name: String {
    guard let front = weighting?.name, front != method.name else { return method.name }
    return "\(front)+\(method.name)"
  }

  /// What the method and the weighting in front of it must be given beside the losses of a batch.
  public var needs: MethodNeeds { method.needs.union(weighting?.needs ?? []) }

  /// What an engine has to do for the method.
  public var procedure: Procedure {
    switch rule {
    case .weightedSum: .weightedSum
    case .sumOfGradients: .combination(mayMixTasks: false)
    case .gramian(let grouped): .combination(mayMixTasks: grouped.sampling != nil)
    case .matrix: .direction
    case .crossGramian: .crossCombination
    case .wholeStep(let method): .wholeStep(method)
    }
  }

  /// Whether the weighting wants to know the lengths of the task gradients before it answers.
  var frontReadsLengths: Bool { weighting?.needs.contains(.gradientNorms) ?? false }
}

/// What an engine has to do for a method.
public enum Procedure: Sendable {
  /// One backward pass of a weighted sum of the losses.
  case weightedSum
  /// The inner products of the task gradients, then a combination of them; some methods may ask for a few mixtures of
  /// the tasks instead of all.
  case combination(mayMixTasks: Bool)
  /// The task gradients as rows.
  case direction
  /// The inner products of the gradients of two further batches, then a combination of this one's.
  case crossCombination
  /// Whatever the method's own rule says.
  case wholeStep(any WholeStepMethod)
}

extension AnyMethod {
  /// The weighting in front: the one asked for, or the method itself where it is one.
  fileprivate func weighting(orInFront weighting: (any LossWeighting)?) -> (any LossWeighting)? {
    if case .lossWeighting(let own) = self { own } else { weighting }
  }
}
