/// What can go wrong when a method is made or asked for weights.
public enum MethodError: Error, Equatable, Sendable {
  /// An option is unknown, missing or breaks its rule.
  case option(OptionError)
  /// No method bears this name.
  case unknownMethod(name: String, closest: String?)
  /// No preset bears this name.
  case unknownPreset(name: String, closest: String?)
  /// An array does not have one entry for each task, or a matrix not K² of them.
  case wrongCount(what: String, expected: Int, received: Int)
  /// A task's loss or gradient is infinite or not a number.
  case nonFinite(task: Int, what: String)
  /// The gradient of the weighted sum of the losses is infinite or not a number, and no task's head tells whose
  /// it is.
  case nonFiniteSum
  /// The combination of the task gradients is infinite or not a number.
  case nonFiniteDirection(method: String)
  /// A task's gradient is so long, or so short beside the others, that inner products with it leave the range of
  /// Double.
  case outOfRange(method: String, task: Int)
  /// A loss lies outside the domain of the method, such as a logarithm's.
  case lossOutOfDomain(method: String, task: Int, rule: String, received: Double)
  /// A solver stopped short of the accuracy it promises.
  case solverDidNotConverge(method: String, residual: Double, tolerance: Double)
  /// The method cannot be used for what was asked of it.
  case notApplicable(method: String, reason: String)
}

extension MethodError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .option(let error):
      error.description
    case .unknownMethod(let name, _):
      "unknown method '\(name)'"
    case .unknownPreset(let name, _):
      "unknown preset '\(name)'"
    case .wrongCount(let what, 1, let received):
      "\(what): expected 1, got \(received)"
    case .wrongCount(let what, let expected, let received):
      "expected \(expected) \(what), got \(received)"
    case .nonFinite(let task, let what):
      "the \(what) of task \(task) is not finite"
    case .nonFiniteSum:
      "the gradient of the weighted sum of the losses is not finite"
    case .nonFiniteDirection(let method):
      "\(method): the combination of the gradients is not finite"
    case .outOfRange(let method, let task):
      "\(method): the gradient of task \(task) is too long, or too short beside the others, for its inner products"
    case .lossOutOfDomain(let method, let task, let rule, let received):
      "\(method): the loss of task \(task) must be \(rule), got \(received)"
    case .solverDidNotConverge(let method, let residual, let tolerance):
      "\(method): the solver stopped at a relative KKT residual of \(residual), above \(tolerance)"
    case .notApplicable(let method, let reason):
      "\(method): \(reason)"
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .option(.invalidOption(let method, _, _, _)), .option(.missingOption(let method, _, _)):
      "`truce methods \(method)` lists the parameters with their ranges and defaults"
    case .option(.unknownOption(let method, _, nil, _)):
      "`truce methods \(method)` lists its options"
    case .option(let error):
      error.help
    case .unknownMethod(_, let closest?):
      "did you mean '\(closest)'? `truce methods` lists them all"
    case .unknownMethod(_, nil):
      "`truce methods` lists them all"
    case .unknownPreset(_, let closest?):
      "did you mean '\(closest)'?"
    case .unknownPreset(_, nil):
      "the presets are \(Preset.all.map(\.name).joined(separator: ", "))"
    case .wrongCount:
      "give one value for each task, in the same order"
    case .nonFinite:
      "lower the learning rate, check that task's labels, or choose the policy 'skip-step' or 'drop-task'"
    case .nonFiniteSum:
      "choose the policy 'drop-task', which finds the task, or a gradient method, which sees each task's gradient"
    case .nonFiniteDirection:
      "the numbers are too large or too small: scale the gradients, or one of them"
    case .outOfRange:
      "multiply that task's loss by a number that brings its gradient nearer to the others' size"
    case .lossOutOfDomain:
      "shift or scale the loss, or choose a method without this rule"
    case .solverDidNotConverge:
      "this is a defect of the solver: please report the Gramian"
    case .notApplicable:
      "`truce methods` shows what each method needs"
    }
  }
}

extension MethodError {
  /// Whether the error is about a loss, a gradient or a weight that is not finite, or inner products that are not.
  public var isAboutFiniteness: Bool {
    switch self {
    case .nonFinite, .nonFiniteSum, .nonFiniteDirection, .outOfRange: true
    default: false
    }
  }

  /// Whether the error is about a gradient that is not finite, for which a scale of the losses may be to blame.
  public var isAboutGradients: Bool {
    switch self {
    case .nonFinite(_, let what): what == "gradient"
    case .nonFiniteSum: true
    default: false
    }
  }
}
