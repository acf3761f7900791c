/// Adam on plain numbers, as Kingma and Ba's algorithm 1 states it.
struct PlainAdam {
  private var means: [Double] = []
  private var squares: [Double] = []
  private var count = 0

  /// The step before the learning rate.
  mutating func step(_ gradient: [Double]) -> [Double] {
    if means.isEmpty { (means, squares) = (gradient.map { _ in 0 }, gradient.map { _ in 0 }) }
    count += 1
    let (meanShare, squareShare) = (1 - power(0.9, count), 1 - power(0.999, count))
    return gradient.indices.map { i in
      means[i] = 0.9 * means[i] + 0.1 * gradient[i]
      squares[i] = 0.999 * squares[i] + 0.001 * gradient[i] * gradient[i]
      return means[i] / meanShare / ((squares[i] / squareShare).squareRoot() + 1e-8)
    }
  }

  private func power(_ base: Double, _ count: Int) -> Double {
    (0..<count).reduce(1) { product, _ in product * base }
  }
}

/// Vectors as lists of numbers.
func inner(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
func sum(_ vectors: [[Double]], weights: [Double]) -> [Double] {
  vectors[0].indices.map { i in zip(vectors, weights).reduce(0) { $0 + $1.0[i] * $1.1 } }
}
func adding(_ a: [Double], _ b: [Double], times factor: Double) -> [Double] {
  zip(a, b).map { $0 + factor * $1 }
}
