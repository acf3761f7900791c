import Torch
public import Truce

/// Mirrors a picture left to right by chance.
public struct RandomFlip: Transform {
  /// What is mirrored.
  public let fields: [PictureField]
  /// The chance.
  public let probability: Double

  /// Creates the transform.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` for a probability outside 0 … 1.
  public init(_ fields: [PictureField], probability: Double = 0.5) throws(DataError) {
    guard (0...1).contains(probability) else {
      throw .invalidValue(
        parameter: "the flip's probability", rule: "in 0 … 1", received: "\(probability)")
    }
    self.fields = fields
    self.probability = probability
  }

  private static let name = "the flip"

  /// Mirrors all fields, or none.
  public func change(_ sample: inout Sample, using source: inout RandomSource) throws(DataError) {
    _ = try PictureField.size(of: fields, in: sample, for: Self.name)
    guard source.unit() < probability else { return }
    for field in fields {
      try field.change(
        in: &sample, by: Self.name,
        values: { (values: inout HostArray) throws(DataError) in
          values.mirrorColumns()
          guard case .negates(let channel) = field.mirroring else { return }
          guard values.dtype.isFloatingPoint, values.shape.count == 3, channel < values.shape[0] else {
            throw field.unsuited(
              Self.name,
              "\(field.what), \(values.shape) of \(values.dtype), has no channel \(channel) to negate")
          }
          values.scaleChannel(channel, by: -1)
        }, mask: { $0.mirrorColumns() })
    }
  }
}

extension HostArray {
  /// Reverses every row.
  fileprivate mutating func mirrorColumns() {
    guard let width = shape.last else { return }
    switch dtype.byteCount {
    case 1: reverseRuns(of: width, as: UInt8.self)
    case 2: reverseRuns(of: width, as: UInt16.self)
    case 4: reverseRuns(of: width, as: UInt32.self)
    default: reverseRuns(of: width, as: UInt64.self)
    }
  }

  private mutating func reverseRuns<Word: BitwiseCopyable>(of width: Int, as type: Word.Type) {
    withMutableBytes { bytes in
      bytes.withMemoryRebound(to: type) { words in
        for start in stride(from: 0, to: words.count, by: max(width, 1)) {
          words[start..<(start + width)].reverse()
        }
      }
    }
  }

  /// Multiplies one channel of real numbers [channels, rows, columns].
  fileprivate mutating func scaleChannel(_ channel: Int, by factor: Double) {
    let length = shape[1] * shape[2]
    let range = (channel * length)..<((channel + 1) * length)
    if dtype == .float64 {
      withMutableElements(as: Double.self) { for i in range { $0[i] *= factor } }
    } else {
      withMutableElements(as: Float.self) { for i in range { $0[i] *= Float(factor) } }
    }
  }
}
