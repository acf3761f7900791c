import Torch
import TruceData
public import TruceOptions

/// What marks a pixel as one without a label, where the label is one or several numbers [B, channels, H, W].
public enum PixelValidity: String, Codable, Sendable, CaseIterable, ParameterValue {
  /// The channels add up to 0, as in the published code of CAGrad, Nash-MTL, FAMO and LibMTL.
  ///
  /// A vector whose components cancel is left out as well.
  case sum
  /// Every channel is 0.
  case any
}

extension TaskTarget {
  /// Which pixels of a target [B, channels, H, W] count, as truth values [B, 1, H, W].
  func validPixels(by validity: PixelValidity) -> Tensor {
    let labelled =
      switch validity {
      case .sum: values.sum([1], keepingAxes: true).notEqual(0)
      case .any: values.notEqual(0).any(1, keepingAxes: true)
      }
    return elementMask.map { labelled.and($0) } ?? labelled
  }

  /// Which pixels of a target [B, channels, H, W] count, by the sum of the channels.
  var validPixels: Tensor { validPixels(by: .sum) }
}

extension Tensor {
  /// Whether any truth value is true.
  ///
  /// This reads one value for each loss of a batch: a step must know which tasks take part before it asks for their
  /// gradients, and only the pixels tell.
  var holdsTrue: Bool { any().item() != 0 }

  /// Vectors along the second axis at unit length; a vector of length zero stays as it is, with finite gradients.
  func unitVectors() -> Tensor {
    let lengths = norm([1], keepingAxes: true)
    return self / lengths.greater(0).choosing(lengths, else: lengths.detached().onesLike())
  }
}
