import RealModule

/// The eigenvalues and eigenvectors of a symmetric matrix.
///
/// Householder reflections bring the matrix to three diagonals, implicit QL rotations to one.
///
/// - Source: H. Bowdler, R. Martin, C. Reinsch and J. Wilkinson, "The QR and QL algorithms for symmetric
///   matrices", Numerische Mathematik 11, 1968; G. Golub and C. Van Loan, "Matrix Computations", section 8.3.
struct SymmetricEigen {
  /// The eigenvalues, in no particular order.
  private(set) var values: [Double]
  /// The eigenvectors, one a row.
  private(set) var vectors: [[Double]]

  /// - Complexity: O(n³).
  init(_ matrix: RowMatrix) {
    var reduction = Tridiagonal(matrix)
    reduction.diagonalize()
    values = reduction.diagonal
    vectors = reduction.basis
  }

  /// Returns `f(M) x`, where `f` is applied to each eigenvalue.
  func applying(_ function: (Double) -> Double, to x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: x.count)
    for (value, vector) in zip(values, vectors) {
      let factor = function(value) * dot(vector, x)
      for i in result.indices { result[i] += factor * vector[i] }
    }
    return result
  }

  /// The size below which an eigenvalue of a Gramian is rounding.
  var negligible: Double { (values.max() ?? 0) * Double(values.count) * .ulpOfOne * 8 }
}

/// A symmetric matrix with three diagonals, `M = Bᵀ T B` with the rows of `B` orthonormal.
private struct Tridiagonal {
  /// The middle diagonal.
  private(set) var diagonal: [Double] = []
  /// The entries beside it; entry `i` is between `i` and `i + 1`.
  private var beside: [Double] = []
  /// The rows of `B`.
  private(set) var basis: [[Double]]

  /// Brings a matrix to three diagonals.
  ///
  /// Large entries come first in the reflections and last in the rotations: in that order the small
  /// eigenvalues of a matrix of very different scales keep their digits.
  init(_ matrix: RowMatrix) {
    let n = matrix.count
    let order = (0..<n).sorted { matrix[$0, $0] > matrix[$1, $1] }
    var rows = order.map { i in order.map { matrix[i, $0] } }
    basis = order.map { i in (0..<n).map { $0 == i ? 1.0 : 0 } }
    for k in 0..<max(n - 2, 0) { Self.reflect(&rows, &basis, column: k) }
    basis.reverse()
    diagonal = (0..<n).reversed().map { rows[$0][$0] }
    beside = (0..<n).reversed().map { $0 > 0 ? rows[$0][$0 - 1] : 0 }
  }

  /// Makes column `k` zero below the entry under the diagonal, by the reflection `I − 2 u uᵀ`.
  private static func reflect(_ rows: inout [[Double]], _ basis: inout [[Double]], column k: Int) {
    let n = rows.count
    var u = [Double](repeating: 0, count: n)
    for i in (k + 1)..<n { u[i] = rows[k][i] }
    let length = norm(u)
    guard length > 0, u[(k + 2)...].contains(where: { $0 != 0 }) else { return }
    u[k + 1] += u[k + 1] < 0 ? -length : length
    let size = norm(u)
    for i in (k + 1)..<n { u[i] /= size }
    let p = rows.map { dot($0, u) }
    let share = dot(u, p)
    // M ← M − 2 u qᵀ − 2 q uᵀ with q = p − (uᵀp) u.
    let q = zip(p, u).map { $0 - share * $1 }
    for i in k..<n {
      let (a, b) = (2 * u[i], 2 * q[i])
      for j in k..<n { rows[i][j] -= a * q[j] + b * u[j] }
    }
    var products = [Double](repeating: 0, count: n)
    for i in (k + 1)..<n { add(u[i], times: basis[i], to: &products, count: n) }
    for i in (k + 1)..<n { add(-2 * u[i], times: products, to: &basis[i], count: n) }
  }

  /// Rotates the entries beside the diagonal away.
  mutating func diagonalize() {
    let n = diagonal.count
    for first in 0..<n {
      // Two or three rounds are usual; the bound only guards against entries that are not finite.
      for _ in 0..<60 {
        let last = blockEnd(from: first)
        if last == first { break }
        rotate(from: first, to: last)
      }
    }
  }

  /// The last index that entries which are not rounding connect to the first.
  private func blockEnd(from first: Int) -> Int {
    for i in first..<(diagonal.count - 1) {
      let size = diagonal[i].magnitude + diagonal[i + 1].magnitude
      if beside[i].magnitude <= .ulpOfOne * size { return i }
    }
    return diagonal.count - 1
  }

  /// One implicit QL step with Wilkinson's shift on the block between two indices.
  private mutating func rotate(from first: Int, to last: Int) {
    let slope = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first])
    let root = Double.hypot(slope, 1)
    let shift = diagonal[first] - beside[first] / (slope + (slope < 0 ? -root : root))
    var g = diagonal[last] - shift
    var (s, c, p) = (1.0, 1.0, 0.0)
    for i in stride(from: last - 1, through: first, by: -1) {
      let f = s * beside[i]
      let b = c * beside[i]
      let r = Double.hypot(f, g)
      beside[i + 1] = r
      guard r > 0 else {
        diagonal[i + 1] -= p
        beside[last] = 0
        return
      }
      (s, c) = (f / r, g / r)
      g = diagonal[i + 1] - p
      let t = (diagonal[i] - g) * s + 2 * c * b
      p = s * t
      diagonal[i + 1] = g + p
      g = c * t - b
      rotateBasis(i, cosine: c, sine: s)
    }
    diagonal[first] -= p
    beside[first] = g
    beside[last] = 0
  }

  private mutating func rotateBasis(_ i: Int, cosine c: Double, sine s: Double) {
    // Taken out and put back, so that each row is changed in place.
    var (lower, upper) = (basis[i], basis[i + 1])
    (basis[i], basis[i + 1]) = ([], [])
    for k in lower.indices {
      let (a, b) = (lower[k], upper[k])
      lower[k] = c * a - s * b
      upper[k] = s * a + c * b
    }
    (basis[i], basis[i + 1]) = (lower, upper)
  }
}
