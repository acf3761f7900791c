public import Torch
public import TorchNN

/// The shape of one tensor of features, without the axis of examples.
public enum FeatureShape: Equatable, Sendable {
  /// So many numbers for each example.
  case vector(Int)
  /// So many channels of a picture whose sides are those of the input divided by `stride`, rounded up.
  case map(channels: Int, stride: Int)
}

/// The part of a network that looks at the inputs, before anything is a task's own.
public protocol Trunk: Module {
  /// The shape of each tensor of features: one, or several where a trunk shows more than its last.
  var featureShapes: [FeatureShape] { get }

  /// What usually makes a number for each pixel out of the trunk's map.
  var mapHead: MapHead { get }

  /// The features of inputs [examples, …].
  func features(_ input: Tensor) -> [Tensor]
}

extension Trunk {
  /// Two convolutions.
  public var mapHead: MapHead { .convolutions }
}

/// A trunk that is a layer: one tensor of features, a vector for each example.
public protocol VectorTrunk: Trunk, Layer {
  /// The number of features of an example.
  var featureCount: Int { get }
}

extension VectorTrunk {
  /// One vector.
  public var featureShapes: [FeatureShape] { [.vector(featureCount)] }

  /// The layer's output, alone in its list.
  public func features(_ input: Tensor) -> [Tensor] { [forward(input)] }
}
