import RealModule

/// Task gradients in ordinary memory whose inner products are taken where Double can hold them.
///
/// A product of numbers beyond about 10^±154 is infinite or 0. Rows that come near are multiplied by a power of two
/// first, which changes no digit; all others stay as they are.
public struct RangedRows: Sendable {
  /// The gradients as they were given.
  public let rows: HostRows
  /// The power of two by which they were multiplied before the inner products were taken; 1 where there is no need.
  public let factor: Double
  /// The inner products of the multiplied gradients.
  public let gramian: Gramian

  /// Brings rows into range.
  ///
  /// - Complexity: O(K² P).
  public init(_ rows: HostRows) {
    self.rows = rows
    factor = Self.factor(for: rows)
    let ranged = factor == 1 ? rows : HostRows(rows: rows.rows.map { [factor] in $0.scaled(by: factor) })
    let products = ranged.gramian()
    // What is too short to have a length is to have no part of one.
    gramian = products.without((0..<rows.taskCount).filter { products[$0, $0] < .leastNormalMagnitude })
  }

  /// The exponents of two between which the largest number may lie: squares of squares, summed up, are finite then.
  private static let exponents = -200...200

  private static func factor(for rows: HostRows) -> Double {
    let largest = rows.rows.map(\.largestMagnitude).max() ?? 0
    guard largest > 0, largest.isFinite, !exponents.contains(Int(largest.exponent)) else { return 1 }
    // The factor and its inverse have to be numbers themselves.
    let exponent = min(max(-Int(largest.exponent), -1000), 1000)
    return Double(sign: .plus, exponent: exponent, significand: 1)
  }

  /// The number of tasks, K.
  public var taskCount: Int { rows.taskCount }

  /// The lengths of the gradients.
  public var lengths: [Double] { gramian.norms.map { $0 / factor } }

  /// The inner product of the gradients of tasks `i` and `j`; infinite or 0 where Double cannot hold it.
  public func product(_ i: Int, _ j: Int) -> Double { gramian[i, j] / factor / factor }

  /// The first of some tasks with a gradient whose inner product with itself is lost: it is so much shorter than the longest
  /// one, or without a factor beyond all range.
  func lostTask(of tasks: [Int], in gramian: Gramian) -> Int? {
    tasks.first { task in
      let (square, largest) = (gramian[task, task], rows.rows[task].largestMagnitude)
      return largest > 0 && largest.isFinite && (square.isInfinite || square < .leastNormalMagnitude)
    }
  }
}

extension HostVector {
  /// The magnitude of the largest coordinate; not a number where one is none.
  var largestMagnitude: Double {
    coordinates.reduce(0) { $1.isNaN ? $1 : Swift.max($0, $1.magnitude) }
  }
}
