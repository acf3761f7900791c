import Testing

@testable import Truce

@Suite("The constrained min-norm problem of FORUM")
struct WholeStepMethodSolverTests {
  /// Gradients of K tasks and one of the constraint, as rows.
  private func rows(
    _ count: Int, columns: Int, scales: [Double]? = nil, seed: UInt64
  ) throws -> HostRows {
    var source = RandomSource(seed: seed)
    return try HostRows(
      (0...count).map { task in
        let scale = scales?[task] ?? 1
        return (0..<columns).map { _ in scale * Double.random(in: -1..<1, using: &source) }
      })
  }

  @Test(arguments: [1, 2, 3, 5, 10, 40], [0.01, 0.1, 1, 10])
  func theOptimumIsMet(_ count: Int, _ slope: Double) throws {
    for seed in 0..<10 {
      for columns in [2, count + 3] {
        let rows = try rows(count, columns: columns, seed: UInt64(seed))
        let optimum = ConstrainedMinimumNorm(gramian: rows.gramian(), slope: slope)
        let isFeasible = optimum.weights.allSatisfy { $0 >= 0 } && optimum.multiplier >= 0
        #expect(isFeasible && (optimum.weights.reduce(0, +) - 1).magnitude < 1e-12)
        #expect(optimum.residual < 1e-10)
      }
    }
  }

  @Test func lengthsOfEverySize() throws {
    for scales in [
      [0.1, 1, 10, 1], [1, 1, 1, 1e-6], [1, 1, 1, 1e6], [1e-10, 1e-10, 1e-10, 1e-10],
      [1e10, 1e10, 1e10, 1e10],
    ] {
      for seed in 0..<5 {
        let gramian = try rows(3, columns: 6, scales: scales, seed: UInt64(seed)).gramian()
        #expect(ConstrainedMinimumNorm(gramian: gramian, slope: 0.1).residual < 1e-10, "\(scales)")
      }
    }
  }

  /// Equal, opposite and zero vectors, alone and together.
  @Test func degenerateVectors() throws {
    let q = [0.3, -1.0, 0.2]
    let a = [1.0, 2, -1]
    let opposite = a.map { -$0 }
    let zero = [0.0, 0, 0]
    let sets = [
      [a, a, q], [a, opposite, q], [a, zero, q], [zero, zero, q], [a, opposite, zero],
      [zero, zero, zero], [q, q, q], [q.map { -$0 }, q, q],
    ]
    for set in sets {
      for slope in [0, 0.5, 3] {
        let optimum = ConstrainedMinimumNorm(gramian: try HostRows(set).gramian(), slope: slope)
        #expect(optimum.residual < 1e-10, "\(set), \(slope)")
        #expect(optimum.weights.allSatisfy(\.isFinite) && optimum.multiplier.isFinite)
      }
    }
  }

  /// No point drawn from the feasible set is better.
  @Test func noOtherCombinationIsShorter() throws {
    var source = RandomSource(seed: 12)
    for seed in 0..<10 {
      let gramian = try rows(4, columns: 6, seed: UInt64(seed)).gramian()
      let slope = 0.4
      func value(_ weights: [Double], _ multiplier: Double) -> Double {
        gramian.squaredNorm(of: weights + [multiplier]) / 2 - multiplier * slope * gramian[4, 4]
      }
      let optimum = ConstrainedMinimumNorm(gramian: gramian, slope: slope)
      let drawn = (0..<500).map { _ in
        let weights = source.dirichlet(count: 4, concentration: 0.5)
        return value(weights, Double.random(in: 0..<2, using: &source))
      }
      #expect(try #require(drawn.min()) >= value(optimum.weights, optimum.multiplier) - 1e-12)
    }
  }

  @Test func oneTaskHasAFormula() throws {
    let gramian = try HostRows([[1, 0], [-0.5, 2]]).gramian()
    let optimum = ConstrainedMinimumNorm(gramian: gramian, slope: 0.3)
    #expect((optimum.multiplier - (0.3 + 0.5 / 4.25)).magnitude < 1e-14)
    let easy = ConstrainedMinimumNorm(gramian: try HostRows([[5, 0], [1, 0]]).gramian(), slope: 0.3)
    #expect(easy.multiplier == 0)
  }
}
