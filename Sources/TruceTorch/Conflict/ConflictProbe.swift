public import Torch

/// Measures how much the task gradients of a batch disagree, beside the step and without touching it.
///
/// - Complexity: K backward passes and O(K P) memory each time it is asked.
public final class ConflictProbe {
  private let partition: ParameterPartition
  private var buffer: Tensor?

  /// Creates a probe for a network.
  public init(partition: ParameterPartition) {
    self.partition = partition
  }

  /// Measures the conflict in a pass whose graph is kept for the step.
  public func measure(_ pass: ForwardPass) throws -> ConflictMeasurement {
    try ConflictMeasurement(rows: gradients(of: pass))
  }

  /// The K×P task gradients of a pass whose graph is kept for the step; absent tasks have zero rows.
  ///
  /// The tensor is overwritten by the next call.
  public func gradients(of pass: ForwardPass) throws -> Tensor {
    let rows =
      try buffer
      ?? GradientSweep.allocateRows(
        taskCount: partition.taskCount, parameters: partition.sharedTensors)
    buffer = rows
    let present = pass.losses.indices.filter { pass.losses[$0] != nil }
    try GradientSweep.run(
      pass.scaled(pass.sweepTasks(present, heads: [])), withRespectTo: partition.sharedTensors, into: rows,
      retainGraph: true)
    pass.unscale([rows])
    return rows
  }
}
