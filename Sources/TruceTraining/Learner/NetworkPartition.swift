import Torch
import TorchNN
public import TruceModels
import TruceTasks
public import TruceTorch

extension MultiTaskNetwork {
  /// The network's parameters as a step takes them: shared ones with names, and each task's own.
  public var partition: ParameterPartition {
    ParameterPartition(
      shared: Array(sharedParameters), heads: taskNames.indices.map { headParameters(ofTask: $0).tensors },
      rotations: rotations)
  }
}
