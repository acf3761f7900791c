import Foundation
import Torch

/// Angles in 0 … 180 degrees, four bytes each, whose median is found exactly.
///
/// An angle is kept as a multiple of 180° / (2³² − 1), 0.00000004 degrees, so that the test set of NYUv2 with its 72
/// million pixels takes 290 MB where numbers of eight bytes would take twice that. A mean of medians, or a histogram,
/// would not give the median.
struct AngleBuffer: Codable, Equatable, Sendable {
  /// How far one degree is, in steps.
  private static let steps = Double(UInt32.max) / 180
  /// The angles in steps, less 2³¹, which libtorch's 32-bit numbers can hold.
  private var codes: [Int32] = []

  init() {}

  /// The number of angles.
  var count: Int { codes.count }

  /// Takes what ``codes(of:)`` made of angles.
  init(codes: [Double]) { self.codes = codes.map { Int32($0) } }

  /// Angles in degrees as the buffer keeps them.
  static func codes(of degrees: Tensor) -> Tensor {
    ((degrees.to(.float64) * steps).round() - 0x1p31).to(.int64).to(.int32)
  }

  mutating func merge(_ other: AngleBuffer) { codes += other.codes }

  /// The middle angle in degrees, or the mean of the two in the middle; not a number where there are none.
  var median: Double {
    guard count > 0 else { return .nan }
    let ranks = [(count - 1) / 2, count / 2]
    return ranks.map { (Double(code(ofRank: $0)) + 0x1p31) / Self.steps }.reduce(0, +) / 2
  }

  /// The code that so many others precede: the upper half of its bits is found by counting, then the lower.
  private func code(ofRank rank: Int) -> Int32 {
    let (upper, before) = Self.bin(ofRank: rank, among: codes.lazy.map { Self.bits($0) >> 16 })
    let inside = codes.lazy.map(Self.bits).filter { $0 >> 16 == upper }.map { $0 & 0xFFFF }
    let (lower, _) = Self.bin(ofRank: rank - before, among: inside)
    return Int32(bitPattern: (upper << 16 | lower) ^ 1 << 31)
  }

  /// The code as a number without a sign, in the same order.
  private static func bits(_ code: Int32) -> UInt32 { UInt32(bitPattern: code) ^ 1 << 31 }

  /// The number of 16 bits that holds a rank, and how many are smaller.
  private static func bin(ofRank rank: Int, among numbers: some Sequence<UInt32>) -> (UInt32, Int) {
    var counts = [Int](repeating: 0, count: 1 << 16)
    for number in numbers { counts[Int(number)] += 1 }
    var before = 0
    for (number, count) in counts.enumerated() {
      if rank < before + count { return (UInt32(number), before) }
      before += count
    }
    preconditionFailure("a rank of \(rank) among \(before) numbers")
  }

  // MARK: Codable

  private enum CodingKeys: String, CodingKey { case codes }

  /// Reads the angles' bytes.
  init(from decoder: any Decoder) throws {
    let bytes = try decoder.container(keyedBy: CodingKeys.self).decode(Data.self, forKey: .codes)
    codes = bytes.withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map {
        Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self))
      }
    }
  }

  /// Writes the angles as bytes, the lowest first.
  func encode(to encoder: any Encoder) throws {
    let bytes = codes.map(\.littleEndian).withUnsafeBytes { Data($0) }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(bytes, forKey: .codes)
  }
}
