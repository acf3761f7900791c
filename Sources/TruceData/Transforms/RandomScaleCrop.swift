import Torch
public import Truce

/// Enlarges a picture by a random factor: cuts a part of it out and brings that back to the picture's size.
///
/// One of the factors s is drawn with equal chances, then a place of ⌊height / s⌋ × ⌊width / s⌋ pixels, each place as
/// likely as any other. Depths change with the factor as their fields say.
///
/// - Source: The augmentation of the CAGrad, Nash-MTL and FAMO code (`RandomScaleCrop`), with factors 1, 1.2 and 1.5.
/// - Note: Vectors between pixels are not made unit length again, and mix with what stands at pixels that do not count,
///   as in that code.
public struct RandomScaleCrop: Transform {
  /// What is enlarged.
  public let fields: [PictureField]
  /// The factors to choose from.
  public let scales: [Double]

  /// Creates the transform.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` for no factor or one below 1.
  public init(_ fields: [PictureField], scales: [Double] = [1, 1.2, 1.5]) throws(DataError) {
    guard !scales.isEmpty, scales.allSatisfy({ $0 >= 1 && $0.isFinite }) else {
      throw .invalidValue(
        parameter: "the factors of the enlargement", rule: "at least one, each at least 1",
        received: "\(scales)")
    }
    self.fields = fields
    self.scales = scales
  }

  private static let name = "the enlargement"

  /// Enlarges all fields by the same factor at the same place.
  public func change(_ sample: inout Sample, using source: inout RandomSource) throws(DataError) {
    let size = try PictureField.size(of: fields, in: sample, for: Self.name)
    let scale = scales[source.below(scales.count)]
    let part = PictureSize(height: Int(Double(size.height) / scale), width: Int(Double(size.width) / scale))
    guard part.height >= 1, part.width >= 1 else {
      throw .unsuitedTransform(
        transform: Self.name,
        reason: "a picture of \(size.height)×\(size.width) has no part 1/\(scale) as large")
    }
    let crop = Crop(
      size: size, part: part, top: source.below(size.height - part.height + 1),
      left: source.below(size.width - part.width + 1))
    for field in fields {
      try field.change(
        in: &sample, by: Self.name,
        values: { (values: inout HostArray) throws(DataError) in
          let isReal = [.float32, .float64].contains(values.dtype)
          guard isReal || (field.resampling == .nearest && field.zooming == .keeps) else {
            throw field.unsuited(
              Self.name, "\(field.what) is of \(values.dtype), which cannot hold what is between")
          }
          values = field.resampling == .nearest ? crop.nearest(values) : crop.bilinear(values)
          switch field.zooming {
          case .keeps: break
          case .divides: values.divide(by: scale)
          case .multiplies: values.multiply(by: scale)
          }
        }, mask: { $0 = crop.nearest($0) })
    }
  }
}

extension HostArray {
  fileprivate mutating func divide(by factor: Double) {
    if dtype == .float64 {
      withMutableElements(as: Double.self) { for i in $0.indices { $0[i] /= factor } }
    } else {
      withMutableElements(as: Float.self) { for i in $0.indices { $0[i] /= Float(factor) } }
    }
  }

  fileprivate mutating func multiply(by factor: Double) {
    if dtype == .float64 {
      withMutableElements(as: Double.self) { for i in $0.indices { $0[i] *= factor } }
    } else {
      withMutableElements(as: Float.self) { for i in $0.indices { $0[i] *= Float(factor) } }
    }
  }
}
