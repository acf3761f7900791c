public import Torch
public import TorchNN

/// A network with several outputs, one for each task, that share some of their parameters.
///
/// The forward pass has two halves, so that task gradients can be taken at the features between them: the
/// shared half makes features, the other half makes each task's output from them.
public protocol MultiTaskNetwork: Module {
  /// The tasks' names, in the order of all lists that have an entry for each task.
  var taskNames: [String] { get }

  /// The parameters that more than one task trains, under their names in the whole network.
  var sharedParameters: NamedTensors { get }

  /// The parameters that only one task trains, under their names in the whole network.
  func headParameters(ofTask task: Int) -> NamedTensors

  /// What each task sees the features through, in task order; empty where all see them as they are.
  var rotations: [Rotation] { get }

  /// What the tasks see of an input: one tensor, or several where an architecture has more than one.
  func features(_ input: Tensor) -> [Tensor]

  /// One task's output from the features.
  func output(ofTask task: Int, from features: [Tensor]) -> Tensor
}

extension MultiTaskNetwork {
  /// No rotations.
  public var rotations: [Rotation] { [] }

  /// The type of the parameters.
  public var precision: DType { parameters.tensors.first?.dtype ?? .float32 }

  /// The number of tasks.
  public var taskCount: Int { taskNames.count }

  /// The output of every task from the features.
  public func outputs(from features: [Tensor]) -> [Tensor] {
    taskNames.indices.map { output(ofTask: $0, from: features) }
  }

  /// The output of every task for an input.
  public func callAsFunction(_ input: Tensor) -> [Tensor] {
    outputs(from: features(input))
  }
}
