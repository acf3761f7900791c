public import Torch
public import TorchNN

/// A network whose tasks each see a learned rotation of the shared features.
///
/// The rotations are trained parameters, named `rotations.<task>.exponent` behind those of the network within,
/// but belong neither to the shared part nor to a head: RotoGrad teaches them by a rule of its own.
///
/// - Source: A. Javaloy and I. Valera, "RotoGrad: Gradient Homogenization in Multitask Learning", ICLR 2022.
public final class RotatedNetwork: SplitNetwork {
  /// What each task's head sees the features through, in task order.
  public let rotations: [Rotation]
  private let network: any SplitNetwork

  /// Puts a rotation that does nothing yet in front of each head.
  ///
  /// - Parameters:
  ///   - network: A network whose features are one tensor of shape [samples, features].
  ///   - featureCount: How many of the features, from the first, are rotated.
  ///   - dtype: The type of the network's parameters.
  ///   - device: Where the network's parameters lie.
  public init(
    _ network: any SplitNetwork, featureCount: Int, dtype: DType = .float32, device: Device = .cpu
  ) {
    self.network = network
    rotations = network.taskNames.map { _ in Rotation(featureCount, dtype: dtype, device: device) }
  }

  /// Shows the network within, under its own names, and the rotations.
  public func visit(_ visitor: ModuleVisitor) {
    network.visit(visitor)
    for (name, rotation) in zip(taskNames, rotations) { visitor.child("rotations.\(name)", rotation) }
  }

  /// The tasks of the network within.
  public var taskNames: [String] { network.taskNames }

  /// The shared parameters of the network within.
  public var sharedParameters: NamedTensors { network.sharedParameters }

  /// The parameters of one head, without its rotation.
  public func headParameters(ofTask task: Int) -> NamedTensors { network.headParameters(ofTask: task) }

  /// The features before any rotation.
  public func features(_ input: Tensor) -> [Tensor] { network.features(input) }

  /// One head's output for the features as its rotation shows them.
  public func output(ofTask task: Int, from features: [Tensor]) -> Tensor {
    network.output(ofTask: task, from: features.map(rotations[task].forward))
  }

  /// What the network within makes of it.
  public func fitted(_ output: Tensor, to input: Tensor) -> Tensor { network.fitted(output, to: input) }
}
