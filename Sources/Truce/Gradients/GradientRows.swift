/// One gradient as a vector of P coordinates in some engine, with the arithmetic the matrix methods use.
///
/// ``HostVector`` is the plain implementation; an engine supplies its own, so that a matrix method is
/// written once and runs wherever the gradients are.
public protocol GradientVector {
  /// The number of coordinates, P.
  var count: Int { get }

  /// Returns `self + factor · other`.
  func adding(_ other: Self, scaledBy factor: Double) -> Self
  /// Returns `factor · self`.
  func scaled(by factor: Double) -> Self
  /// Returns the vector with a constant added to every coordinate.
  func adding(constant: Double) -> Self
  /// Returns the coordinate-wise product.
  func multiplied(by other: Self) -> Self
  /// Returns the coordinate-wise quotient, with `0 / 0 = 0`.
  func divided(by other: Self) -> Self
  /// Returns the magnitude of every coordinate.
  func magnitudes() -> Self
  /// Returns the square root of every coordinate.
  func squareRoots() -> Self
  /// Returns 1 where a coordinate exceeds the other vector's, 0 elsewhere.
  func exceeds(_ other: Self) -> Self
  /// Returns the sum of the coordinates.
  func sum() -> Double
  /// Returns the length.
  func length() -> Double
  /// Returns the inner product.
  func dot(_ other: Self) -> Double
  /// Returns a vector of the same length with independent draws from U(0, 1).
  func uniform(using generator: inout some RandomNumberGenerator) -> Self
  /// Returns a vector with these coordinates, of the same precision and on the same device.
  func vector(of coordinates: [Double]) -> Self
}

extension GradientVector {
  /// Returns the root of the inner product with itself.
  public func length() -> Double { dot(self).squareRoot() }
}

/// The K task gradients as the rows of a K×P matrix in some engine.
public protocol GradientRows {
  /// One row.
  associatedtype Vector: GradientVector

  /// The rows, one for each task.
  var rows: [Vector] { get }

  /// Creates the matrix with these rows, all of one length.
  init(rows: [Vector])

  /// Returns the K×K inner products of the rows.
  func gramian() -> Gramian
  /// Returns `Σ wᵢ gᵢ`.
  func combined(with weights: [Double]) -> Vector
  /// Returns the coordinate-wise mean without the `count` smallest and the `count` largest entries.
  func trimmedMean(dropping count: Int) -> Vector
}

extension GradientRows {
  /// The number of tasks, K.
  public var taskCount: Int { rows.count }
}
