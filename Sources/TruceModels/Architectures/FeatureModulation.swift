public import Torch
public import TorchNN
import TruceOptions

/// A scale and a shift of each feature: `γ ⊙ x + β`, which begins as the identity.
///
/// - Source: E. Perez et al., "FiLM: Visual Reasoning with a General Conditioning Layer", AAAI 2018.
public final class FeatureModulation: Layer {
  private var scale: Tensor
  private var shift: Tensor

  /// Creates the identity on so many features.
  public init(_ count: Int, dtype: DType = .float32) {
    scale = Tensor.ones([count], dtype: dtype).requiringGrad()
    shift = Tensor.zeros([count], dtype: dtype).requiringGrad()
  }

  /// Shows scale and shift.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.parameter("weight", &scale)
    visitor.parameter("bias", &shift)
  }

  /// The modulated features of an input [examples, features].
  public func forward(_ input: Tensor) -> Tensor { input * scale + shift }
}

extension ArchitectureEntry {
  /// The line of hard sharing with a modulation of the features for each task.
  static let featureModulation = ArchitectureEntry(
    about: ArchitectureDescription(
      name: "film", summary: "one trunk, whose features each task scales and shifts before its head",
      parameters: HeadSettings.vectorParameters, source: "Perez et al. 2018", shares: "the trunk")
  ) { options, request in
    try request.refuseParts(under: options.owner)
    let heads = try HeadSettings(options)
    let trunk = try request.makeTrunk()
    return HardSharing(
      on: trunk,
      heads: try request.tasks.map { task in
        let head = try heads.makeHead(of: task, on: trunk, using: request.generator)
        guard case .vector(let count) = trunk.featureShapes[0] else {
          throw NetworkError.unsuitable(
            reason:
              "\(options.owner) modulates a vector of features, and the trunk gives \(trunk.featureShapes)",
            help: "choose a trunk that gives a vector; `truce trunks` says what each gives")
        }
        return (task.name, Sequential(FeatureModulation(count), head))
      })
  }
}
