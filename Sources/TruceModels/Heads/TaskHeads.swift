import Torch
import TorchNN

/// The layers that only one task trains, one for each task, named `heads.<task>`.
struct TaskHeads {
  /// The tasks' names.
  let taskNames: [String]
  /// What brings each task's features into its output.
  let layers: [any Layer]
  /// Whether maps smaller than the input are brought to its height and width.
  let enlargesMaps: Bool

  init(_ heads: [(task: String, head: any Layer)], enlargesMaps: Bool = true) {
    let names = heads.map(\.task)
    precondition(Set(names).count == names.count, "two tasks bear one name: \(names)")
    taskNames = names
    layers = heads.map(\.head)
    self.enlargesMaps = enlargesMaps
  }

  /// Shows the heads.
  func visit(_ visitor: ModuleVisitor) {
    for (name, head) in zip(taskNames, layers) { visitor.child("heads.\(name)", head) }
  }

  /// The parameters of one head.
  func parameters(ofTask task: Int) -> NamedTensors {
    layers[task].parameters.prefixed("heads.\(taskNames[task])")
  }

  /// One task's output, a map in the size of the input.
  func output(ofTask task: Int, from features: Tensor, for input: Tensor) -> Tensor {
    fitted(layers[task].forward(features), to: input)
  }

  /// A map in the height and width of the input, by lines between its elements with the corners kept in place.
  func fitted(_ output: Tensor, to input: Tensor) -> Tensor {
    guard enlargesMaps, output.rank == 4, input.rank == 4, output.imageSize != input.imageSize else {
      return output
    }
    return output.interpolated(to: input.imageSize, .bilinear(alignCorners: true))
  }
}

extension TaskHeads {
  /// The outputs of some tasks, each from features of its own; nil for the others.
  ///
  /// - Parameters:
  ///   - tasks: The positions of the tasks.
  ///   - input: What the network was shown.
  ///   - features: One tensor of features for a task.
  func outputs(ofTasks tasks: [Int], for input: Tensor, features: (Int) -> Tensor) -> [Tensor?] {
    taskNames.indices.map { task in
      tasks.contains(task) ? output(ofTask: task, from: features(task), for: input) : nil
    }
  }
}
