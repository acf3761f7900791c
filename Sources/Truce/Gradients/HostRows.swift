import RealModule

/// A gradient held in ordinary memory, in Double.
public struct HostVector: GradientVector, Equatable, Sendable, Codable {
  /// The coordinates.
  public var coordinates: [Double]

  /// Creates a vector from its coordinates.
  public init(_ coordinates: [Double]) {
    self.coordinates = coordinates
  }

  /// The number of coordinates, P.
  public var count: Int { coordinates.count }

  private func map(_ transform: (Double) -> Double) -> HostVector {
    HostVector(coordinates.map(transform))
  }

  private func zipped(with other: HostVector, _ transform: (Double, Double) -> Double) -> HostVector {
    HostVector(zip(coordinates, other.coordinates).map(transform))
  }

  /// Returns `self + factor · other`.
  public func adding(_ other: HostVector, scaledBy factor: Double) -> HostVector {
    zipped(with: other) { $0 + factor * $1 }
  }
  /// Returns `factor · self`.
  public func scaled(by factor: Double) -> HostVector { map { factor * $0 } }
  /// Returns the vector with a constant added to every coordinate.
  public func adding(constant: Double) -> HostVector { map { $0 + constant } }
  /// Returns the coordinate-wise product.
  public func multiplied(by other: HostVector) -> HostVector { zipped(with: other, *) }
  /// Returns the coordinate-wise quotient, with `0 / 0 = 0`.
  public func divided(by other: HostVector) -> HostVector {
    zipped(with: other) { $0 == 0 && $1 == 0 ? 0 : $0 / $1 }
  }
  /// Returns the magnitude of every coordinate.
  public func magnitudes() -> HostVector { map(\.magnitude) }
  /// Returns the square root of every coordinate.
  public func squareRoots() -> HostVector { map { Double.sqrt($0) } }
  /// Returns 1 where a coordinate exceeds the other vector's, 0 elsewhere.
  public func exceeds(_ other: HostVector) -> HostVector { zipped(with: other) { $0 > $1 ? 1 : 0 } }
  /// Returns the sum of the coordinates.
  public func sum() -> Double { coordinates.reduce(0, +) }
  /// Returns the inner product.
  public func dot(_ other: HostVector) -> Double {
    zip(coordinates, other.coordinates).reduce(0) { $0 + $1.0 * $1.1 }
  }
  /// Returns the length, also where squares of coordinates leave the range of Double.
  public func length() -> Double {
    let square = dot(self)
    guard square.isInfinite || square < 1e-280 else { return square.squareRoot() }
    let largest = largestMagnitude
    guard largest > 0, largest.isFinite else { return largest }
    let ratios = map { $0 / largest }
    return largest * ratios.dot(ratios).squareRoot()
  }
  /// Returns a vector of the same length with independent draws from U(0, 1).
  public func uniform(using generator: inout some RandomNumberGenerator) -> HostVector {
    HostVector(coordinates.map { _ in Double.random(in: 0..<1, using: &generator) })
  }
  /// Returns a vector with these coordinates.
  public func vector(of coordinates: [Double]) -> HostVector { HostVector(coordinates) }
}

/// Task gradients held in ordinary memory: the plain engine, and the reference for faster ones.
public struct HostRows: GradientRows, Equatable, Sendable {
  /// The rows, one for each task.
  public let rows: [HostVector]

  /// Creates the matrix with these rows, all of one length.
  public init(rows: [HostVector]) {
    precondition(!rows.isEmpty, "a gradient matrix needs at least one row")
    precondition(rows.allSatisfy { $0.count == rows[0].count }, "the rows differ in length")
    self.rows = rows
  }

  /// Creates the matrix with these rows.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)`` where rows are missing or differ in
  ///   length.
  public init(_ rows: [[Double]]) throws(MethodError) {
    guard let first = rows.first else {
      throw .wrongCount(what: "task gradients (at least)", expected: 1, received: 0)
    }
    if let odd = rows.first(where: { $0.count != first.count }) {
      throw .wrongCount(what: "coordinates in a row", expected: first.count, received: odd.count)
    }
    self.init(rows: rows.map(HostVector.init))
  }

  /// Returns the K×K inner products of the rows.
  public func gramian() -> Gramian {
    Gramian(taskCount: taskCount) { rows[$0].dot(rows[$1]) }
  }

  /// Returns `Σ wᵢ gᵢ`.
  public func combined(with weights: [Double]) -> HostVector {
    let zero = rows[0].scaled(by: 0)
    return zip(weights, rows).reduce(zero) { $0.adding($1.1, scaledBy: $1.0) }
  }

  /// Returns the coordinate-wise mean without the `count` smallest and the `count` largest entries.
  public func trimmedMean(dropping count: Int) -> HostVector {
    let kept = count..<(taskCount - count)
    return HostVector(
      rows[0].coordinates.indices.map { p in
        let column = rows.map { $0.coordinates[p] }.sorted()
        return column[kept].reduce(0, +) / Double(kept.count)
      })
  }
}
