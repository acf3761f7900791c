public import Torch
public import TorchNN

/// The trainable tensors of a multi-task network, sorted by who uses them.
public struct ParameterPartition {
  /// The parameters more than one task reaches, with their names.
  public let shared: [(name: String, tensor: Tensor)]
  /// The parameters of each task alone.
  public let heads: [[Tensor]]
  /// What each task sees the features through; empty where all see them as they are.
  public let rotations: [Rotation]

  /// Creates a partition from a network that knows its own.
  public init(
    shared: [(name: String, tensor: Tensor)], heads: [[Tensor]], rotations: [Rotation] = []
  ) {
    self.shared = shared
    self.heads = heads
    self.rotations = rotations
  }

  /// The number of tasks, K.
  public var taskCount: Int { heads.count }

  /// The shared tensors in order.
  public var sharedTensors: [Tensor] { shared.map(\.tensor) }

  /// The number of shared coordinates, P.
  public var sharedCount: Int { shared.reduce(0) { $0 + $1.tensor.count } }
}

extension ParameterPartition {
  /// Sorts parameters by the losses that reach them: more than one makes a parameter shared.
  ///
  /// - Parameters:
  ///   - losses: One scalar loss for each task, with their graphs.
  ///   - parameters: All trainable parameters with their names.
  /// - Returns: The partition; parameters that no loss reaches belong to nobody. The losses' recordings are
  ///   read, not used up.
  /// - Throws: ``StepError/nothingShared``, or `TorchError` where a recording cannot be read.
  /// - Source: The idea of intersecting what each loss reaches is that of V. Kurin et al.'s
  ///   `MTLOptimizer` (yobibyte/unitary-scalarization-dmtl), which differentiates to find out.
  public static func found(
    losses: [Tensor], parameters: [(name: String, tensor: Tensor)]
  ) throws -> ParameterPartition {
    let tensors = parameters.map(\.tensor)
    let reached = try GradientSweep.reached(from: losses, parameters: tensors)
    let counts = parameters.indices.map { index in reached.count { $0[index] } }
    let shared = parameters.indices.filter { counts[$0] > 1 }
    guard !shared.isEmpty else { throw StepError.nothingShared }
    let heads = reached.map { mine in
      parameters.indices.filter { mine[$0] && counts[$0] == 1 }.map { tensors[$0] }
    }
    return ParameterPartition(shared: shared.map { parameters[$0] }, heads: heads)
  }
}
