import Torch

/// The numbers of which the files of golden values are made: a hash of seed, stream and position.
///
/// z = (seed xor stream · 0xD1342543DE82EF95) + (j + 1) · 0x9E3779B97F4A7C15, mixed as SplitMix64 does, in arithmetic of 64
/// bits that wraps; u = (z >> 11) / 2⁵³.
struct FormulaNumbers {
  private let start: UInt64

  init(seed: UInt64, stream: UInt64) {
    start = seed ^ (stream &* 0xD134_2543_DE82_EF95)
  }

  /// The number at a position, in [0, 1).
  subscript(position: Int) -> Double {
    var z = start &+ (UInt64(position) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return Double(z >> 11) * 0x1p-53
  }

  /// The first numbers as a tensor in row-major order.
  func tensor(_ shape: [Int]) -> Tensor {
    let count = shape.reduce(1, *)
    let values = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      for position in 0..<count { buffer[position] = self[position] }
      initialized = count
    }
    return Tensor(values, shape: shape, dtype: .float64)
  }

  /// The first numbers, stretched to [-1, 1).
  func signed(_ shape: [Int]) -> Tensor { tensor(shape) * 2 - 1 }
}
