/// What can be wrong with the way a network and its losses are handed to a training step.
public enum StepError: Error, Equatable, Sendable {
  /// The losses were summed before they came here, or their number is not that of the tasks.
  case wrongLossCount(expected: Int, received: Int)
  /// A loss is not a single number.
  case lossNotScalar(task: Int, shape: [Int])
  /// No parameter is reached by more than one loss.
  case nothingShared
  /// A task's loss depends on none of the shared parameters.
  case notReached(task: Int)
  /// The features were asked for, but the network names none.
  case noFeatures
  /// A loss depends on a shared parameter in a way that does not pass through the features.
  case pathAroundFeatures(task: Int, parameter: String)
}

extension StepError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .wrongLossCount(let expected, let received):
      "expected \(expected) losses, one for each task, got \(received)"
    case .lossNotScalar(let task, let shape):
      "the loss of task \(task) must be a single number, got shape \(shape)"
    case .nothingShared:
      "no parameter is reached by more than one loss"
    case .notReached(let task):
      "the loss of task \(task) depends on no shared parameter"
    case .noFeatures:
      "gradients with respect to the features need a network that names its shared features"
    case .pathAroundFeatures(let task, let parameter):
      "the loss of task \(task) depends on '\(parameter)' in a way that does not pass through the features"
    }
  }

  /// What the reader can do about it.
  public var help: String {
    switch self {
    case .wrongLossCount:
      "pass the task losses separately; a sum hides the gradients that are to be reconciled"
    case .lossNotScalar: "reduce the loss with a mean or a sum over the batch"
    case .nothingShared: "check that the heads read one trunk, and that its parameters require gradients"
    case .notReached: "check that the task's head reads the trunk, and that nothing detaches its features"
    case .noFeatures: "use gradients: parameters, or pass the features with the losses"
    case .pathAroundFeatures:
      "name every tensor through which the heads read the trunk, or use gradients: parameters"
    }
  }
}
