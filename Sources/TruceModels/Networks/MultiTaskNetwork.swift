public import Torch
public import TorchNN

/// A network with several outputs, one for each task, that share some of their parameters.
public protocol MultiTaskNetwork: Module {
  /// The tasks' names, in the order of all lists that have an entry for each task.
  var taskNames: [String] { get }

  /// The parameters that more than one task trains, under their names in the whole network.
  var sharedParameters: NamedTensors { get }

  /// The parameters that only one task trains, under their names in the whole network.
  func headParameters(ofTask task: Int) -> NamedTensors

  /// What each task sees the features through, in task order; empty where all see them as they are.
  var rotations: [Rotation] { get }

  /// Whether tasks can look at domains of their own.
  var takesDomains: Bool { get }

  /// The outputs of some tasks, and where the network has one, the cut.
  ///
  /// - Parameters:
  ///   - input: What each task looks at.
  ///   - tasks: The positions of the tasks that are asked for, in order.
  func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs
}

extension MultiTaskNetwork {
  /// No rotations.
  public var rotations: [Rotation] { [] }

  /// One domain for all tasks.
  public var takesDomains: Bool { false }

  /// The type of the parameters.
  public var precision: DType { parameters.tensors.first?.dtype ?? .float32 }

  /// The number of tasks.
  public var taskCount: Int { taskNames.count }

  /// The outputs of all tasks that the input has examples of.
  public func callAsFunction(_ input: NetworkInput) -> NetworkOutputs {
    forward(input, tasks: taskNames.indices.filter(input.hasExamples))
  }

  /// The output of every task for an input that all look at.
  public func callAsFunction(_ input: Tensor) -> [Tensor] {
    let outputs = callAsFunction(NetworkInput(input))
    return taskNames.indices.map { outputs[$0] }
  }
}
