/// Returns the inner product of two lists of the same length.
///
/// Four partial sums, so that the processor need not wait for one addition to begin the next.
@inline(__always)
func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Double {
  var (first, second, third, fourth) = (0.0, 0.0, 0.0, 0.0)
  var i = 0
  while i + 4 <= count {
    first += a[i] * b[i]
    second += a[i + 1] * b[i + 1]
    third += a[i + 2] * b[i + 2]
    fourth += a[i + 3] * b[i + 3]
    i += 4
  }
  while i < count {
    first += a[i] * b[i]
    i += 1
  }
  return (first + second) + (third + fourth)
}

/// Adds a multiple of a list to another.
@inline(__always)
func add(
  _ factor: Double, times a: UnsafePointer<Double>, to b: UnsafeMutablePointer<Double>, count: Int
) {
  var i = 0
  while i < count {
    b[i] += factor * a[i]
    i += 1
  }
}

/// Returns the inner product of two lists of the same length.
func dot(_ a: [Double], _ b: [Double]) -> Double {
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
      return dot(first, second, count: a.count)
    }
  }
}

/// A square matrix of which only whole rows are read.
struct RowMatrix {
  let count: Int
  let elements: [Double]

  subscript(i: Int, j: Int) -> Double { elements[i * count + j] }

  /// Returns the inner product of row `i` with a list.
  func row(_ i: Int, dot vector: [Double]) -> Double {
    elements.withUnsafeBufferPointer { rows in
      vector.withUnsafeBufferPointer { vector in
        guard let first = rows.baseAddress, let second = vector.baseAddress else { return 0 }
        return Self.product(first + i * count, second, count)
      }
    }
  }

  /// Row `i`.
  func row(_ i: Int) -> ArraySlice<Double> { elements[(i * count)..<((i + 1) * count)] }

  /// The matrix with entry `(i, j)` multiplied by factors `i` and `j`.
  func scaled(by factors: [Double]) -> RowMatrix {
    var scaled = elements
    for i in 0..<count {
      for j in 0..<count { scaled[i * count + j] *= factors[i] * factors[j] }
    }
    return RowMatrix(count: count, elements: scaled)
  }

  /// The entries on the diagonal.
  var diagonal: [Double] { (0..<count).map { elements[$0 * count + $0] } }

  /// The entries that some rows share with each other, row by row in a square; what lies below the diagonal is of no use.
  func upperTriangle(of chosen: [Int]) -> [Double] {
    let size = chosen.count
    return [Double](unsafeUninitializedCapacity: size * size) { result, initializedCount in
      result.initialize(repeating: 0)
      elements.withUnsafeBufferPointer { rows in
        for i in 0..<size {
          for j in i..<size { result[i * size + j] = rows[chosen[i] * count + chosen[j]] }
        }
      }
      initializedCount = size * size
    }
  }

  /// Returns the product with a list.
  func applied(to vector: [Double]) -> [Double] {
    guard count > 0 else { return [] }
    return [Double](unsafeUninitializedCapacity: count) { result, initializedCount in
      elements.withUnsafeBufferPointer { rows in
        vector.withUnsafeBufferPointer { vector in
          guard let first = rows.baseAddress, let second = vector.baseAddress else { return }
          for i in 0..<count { result[i] = Self.product(first + i * count, second, count) }
        }
      }
      initializedCount = count
    }
  }

  /// The free function, which the method above would hide.
  @inline(__always)
  private static func product(
    _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int
  ) -> Double {
    dot(a, b, count: count)
  }
}
