import RealModule

/// The Cholesky factor of a positive definite matrix that grows by a row and column at a time.
///
/// What an active-set method needs: appending costs O(n²), taking an index out keeps the rows before it,
/// and a row that depends on the others is refused rather than divided by.
struct GrowingCholesky {
  /// The smallest share of a new diagonal entry that the other rows may leave unexplained.
  ///
  /// Inner products carry rounding of a few units in the sixteenth digit, so anything below is noise.
  static let pivotTolerance = 1e-14

  /// The number of rows, n.
  private(set) var order = 0
  /// The lower triangle, row after row.
  private var factor: [Double] = []

  init(capacity: Int) {
    factor.reserveCapacity(capacity * (capacity + 1) / 2)
  }

  /// Appends a row unless it depends on those before it; returns whether it did.
  ///
  /// - Parameters:
  ///   - diagonal: The new diagonal entry.
  ///   - cross: Gives the entry that the new row shares with each of the rows before it.
  @inline(__always)
  mutating func append(diagonal: Double, cross: (Int) -> Double) -> Bool {
    let start = factor.count
    for j in 0..<order { factor.append(cross(j)) }
    let pivot = diagonal - solveLastRow(from: start)
    guard pivot > Self.pivotTolerance * diagonal else {
      factor.removeLast(order)
      return false
    }
    factor.append(Double.sqrt(pivot))
    order += 1
    return true
  }

  /// Turns the entries of a new row into those of the factor and returns the sum of their squares.
  private mutating func solveLastRow(from start: Int) -> Double {
    factor.withUnsafeMutableBufferPointer { factor in
      guard let rows = factor.baseAddress else { return 0 }
      let new = rows + start
      for j in 0..<order {
        let row = rows + Self.start(of: j)
        new[j] = (new[j] - dot(row, new, count: j)) / row[j]
      }
      return dot(new, new, count: order)
    }
  }

  /// Replaces all rows by those of a matrix with ones on its diagonal, without each that depends on the rows kept before
  /// it.
  ///
  /// The same as appending row after row, but an elimination of the whole matrix keeps the processor busy where a row waits
  /// for its own entries.
  ///
  /// - Parameters:
  ///   - matrix: The upper triangle of `count` rows, row by row in a square; overwritten.
  ///   - count: The number of rows.
  /// - Returns: The rows kept.
  mutating func replaceRows(by matrix: inout [Double], count: Int) -> [Int] {
    let kept = matrix.withUnsafeMutableBufferPointer { matrix in
      matrix.baseAddress.map { Self.eliminate($0, count: count) } ?? []
    }
    factor.removeAll(keepingCapacity: true)
    order = 0
    for row in kept {
      order += 1
      for column in kept.prefix(order) { factor.append(matrix[column * count + row]) }
    }
    return kept
  }

  /// Turns an upper triangle into the factor's, row by row, and returns the rows that depend on none before them.
  private static func eliminate(_ matrix: UnsafeMutablePointer<Double>, count: Int) -> [Int] {
    var kept: [Int] = []
    kept.reserveCapacity(count)
    for pivot in 0..<count {
      let later = (pivot + 1)..<count
      let row = matrix + pivot * count
      guard row[pivot] > pivotTolerance else { continue }
      let root = Double.sqrt(row[pivot])
      row[pivot] = root
      for column in later { row[column] /= root }
      for below in later {
        add(-row[below], times: row + below, to: matrix + below * count + below, count: count - below)
      }
      kept.append(pivot)
    }
    return kept
  }

  /// The last diagonal entry's share that the rows before leave unexplained, or 1 without rows.
  var lastPivot: Double {
    factor.last.map { $0 * $0 } ?? 1
  }

  /// Keeps the first `count` rows.
  mutating func truncate(to count: Int) {
    factor.removeLast(factor.count - Self.start(of: count))
    order = count
  }

  /// Solves for one right-hand side.
  func solved(_ rightHandSide: [Double]) -> [Double] {
    var x = forwardSolved(rightHandSide)
    x.withUnsafeMutableBufferPointer { x in
      factor.withUnsafeBufferPointer { factor in
        guard let rows = factor.baseAddress, let values = x.baseAddress else { return }
        for i in stride(from: order - 1, through: 0, by: -1) {
          let row = rows + Self.start(of: i)
          values[i] /= row[i]
          add(-values[i], times: row, to: values, count: i)
        }
      }
    }
    return x
  }

  private func forwardSolved(_ rightHandSide: [Double]) -> [Double] {
    var x = rightHandSide
    x.withUnsafeMutableBufferPointer { x in
      factor.withUnsafeBufferPointer { factor in
        guard let rows = factor.baseAddress, let values = x.baseAddress else { return }
        for i in 0..<order {
          let row = rows + Self.start(of: i)
          values[i] = (values[i] - dot(row, values, count: i)) / row[i]
        }
      }
    }
    return x
  }

  private static func start(of row: Int) -> Int { row * (row + 1) / 2 }
}
