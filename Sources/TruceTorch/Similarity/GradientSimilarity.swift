import Truce

/// How alike two gradients g and g′ are, in direction, in size and coordinate by coordinate.
///
/// - Source: C. Elich et al., "Examining Common Paradigms in Multi-Task Learning", GCPR 2024, arXiv 2311.04698,
///   section 3.3.
public struct GradientSimilarity: Equatable, Sendable {
  /// g·g′ / (|g| |g′|), from −1 to 1, or zero where a gradient is; below zero is a conflict in direction.
  public let cosine: Double
  /// 2 |g| |g′| / (|g|² + |g′|²), from 0 to 1; 1 is equal size.
  public let magnitude: Double
  /// The share of coordinates on which one is positive and the other negative; nil where they were not counted.
  public let conflicting: Double?
  /// g·g′.
  public let product: Double

  /// Compares two gradients.
  ///
  /// - Parameters:
  ///   - squares: |g|² and |g′|².
  ///   - product: g·g′.
  ///   - conflicting: The share of coordinates whose signs differ.
  public init(squares: (Double, Double), product: Double, conflicting: Double?) {
    let pair = [squares.0, product, squares.1]
    let measures = ConflictMeasures(of: Gramian(taskCount: 2) { pair[$0 + $1] })
    cosine = measures.cosines[0][1]
    magnitude = measures.magnitudeSimilarities[0][1]
    self.conflicting = conflicting
    self.product = product
  }
}
