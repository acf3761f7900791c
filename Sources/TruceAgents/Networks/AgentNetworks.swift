import Torch
import TorchNN

/// The sizes of what networks take and give.
struct AgentShape: Equatable {
  /// The number of tasks, K.
  let taskCount: Int
  /// How many numbers an observation has.
  let observationSize: Int
  /// How many numbers an action has.
  let actionSize: Int
  /// How the networks know which task it is.
  let taskInput: SACSettings.TaskInput

  /// How many numbers the networks see of a state: the observation, and K more where these say which task it is.
  var inputSize: Int { observationSize + (taskInput == .oneHot ? taskCount : 0) }

  /// The number of tasks with a last layer of their own; nil where they share it.
  var headCount: Int? { taskInput == .heads ? taskCount : nil }
}

/// What acts: from states to distributions of actions.
final class Actor: Module {
  private let network: TaskPerceptron
  private let settings: SACSettings

  init(_ settings: SACSettings, _ shape: AgentShape, using generator: Generator) {
    network = TaskPerceptron(
      shape.inputSize, widths: settings.widths, outputCount: 2 * shape.actionSize,
      headCount: shape.headCount, firstWeights: settings.firstWeights, using: generator)
    self.settings = settings
  }

  func visit(_ visitor: ModuleVisitor) { network.visit(visitor) }

  /// The distributions of the actions in some states.
  func distribution(_ states: Tensor, of owners: RowOwners) -> SquashedGaussian {
    SquashedGaussian(network.forward(states, of: owners), settings.logDeviation, settings.correction)
  }

  /// The parameters that all tasks train, and each task's own.
  func split(taskCount: Int) -> (shared: NamedTensors, heads: [NamedTensors]) {
    network.split(taskCount: taskCount)
  }
}

/// Two networks that judge an action in a state.
final class TwinCritics: Module {
  private let first: TaskPerceptron
  private let second: TaskPerceptron

  init(_ settings: SACSettings, _ shape: AgentShape, using generator: Generator) {
    func make() -> TaskPerceptron {
      TaskPerceptron(
        shape.inputSize + shape.actionSize, widths: settings.widths, outputCount: 1,
        headCount: shape.headCount, firstWeights: settings.firstWeights, using: generator)
    }
    first = make()
    second = make()
  }

  func visit(_ visitor: ModuleVisitor) {
    visitor.child("first", first)
    visitor.child("second", second)
  }

  /// The values of states with actions behind them, one number a row from each network.
  func values(_ input: Tensor, of owners: RowOwners) -> (Tensor, Tensor) {
    (first.forward(input, of: owners).squeezed(-1), second.forward(input, of: owners).squeezed(-1))
  }

  /// The smaller of the two values.
  func lowerValue(_ states: Tensor, _ actions: Tensor, of owners: RowOwners) -> Tensor {
    let (one, other) = values(Tensor.concatenated([states, actions], axis: 1), of: owners)
    return one.minimum(other)
  }

  /// The parameters that all tasks train, and each task's own.
  func split(taskCount: Int) -> (shared: NamedTensors, heads: [NamedTensors]) {
    let (one, other) = (first.split(taskCount: taskCount), second.split(taskCount: taskCount))
    return (
      one.shared.prefixed("first").appending(other.shared.prefixed("second")),
      zip(one.heads, other.heads).map { $0.prefixed("first").appending($1.prefixed("second")) }
    )
  }
}

/// Runs `body` without recording what becomes of some parameters themselves, only of what passes by them.
func whileFixed<Result>(_ parameters: [Tensor], _ body: () throws -> Result) rethrows -> Result {
  for parameter in parameters { parameter.requiresGrad = false }
  defer { for parameter in parameters { parameter.requiresGrad = true } }
  return try body()
}
