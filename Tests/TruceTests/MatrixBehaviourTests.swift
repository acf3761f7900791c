import RealModule
import Testing

@testable import Truce

@Suite("What matrix methods do")
struct MatrixBehaviourTests {
  private func first(
    _ method: String, _ options: [String: OptionValue] = [:], rows: [[Double]],
    losses: [Double]? = nil, seed: UInt64 = 0
  ) throws -> [Double] {
    var trial = try makeMatrixMethod(method, options, taskCount: rows.count)
    var source = RandomSource(seed: seed)
    let context = StepContext(losses: losses ?? rows.map { _ in 1 })
    return try trial.direction(rows: HostRows(rows), context: context, using: &source).coordinates
  }

  @Test func signDropoutKeepsWhatAgreesAndAllThatLeaks() throws {
    let rows = [[1.0, -2, 3], [2, -1, -4]]
    for seed in 0..<20 {
      let direction = try first("graddrop", rows: rows, seed: UInt64(seed))
      #expect(direction[0] == 3 && direction[1] == -3)
      #expect([3, -4].contains(direction[2]))
    }
    #expect(try first("graddrop", ["leak": 1], rows: rows) == [3, -3, -1])
  }

  /// A coordinate with entries 3 and −4 keeps the positive one with probability 3/7.
  @Test func signDropoutKeepsASignByItsShare() throws {
    let direction = try first(
      "graddrop", rows: [[Double](repeating: 3, count: 20_000), [Double](repeating: -4, count: 20_000)])
    let share = Double(direction.filter { $0 == 3 }.count) / 20_000
    #expect((share - 3.0 / 7).magnitude < 0.01)
  }

  @Test func trimmedMeanLeavesOutliersOut() throws {
    #expect(try first("trimmed-mean", rows: [[1, 1], [2, -1e9], [1e9, 3]]) == [2, 1])
    #expect(try first("trimmed-mean", ["trim": 0], rows: [[1, 4], [2, 8]]) == [1.5, 6])
  }

  /// Orthogonal gradients of very different size contribute equal lengths.
  @Test func dualBalanceBringsGradientsToOneLength() throws {
    let direction = try first(
      "db-mtl", rows: [[1e-3, 0, 0], [0, 5, 0], [0, 0, 700]], losses: [0.1, 2, 30])
    #expect(agree(direction, [Double](repeating: direction[0], count: 3), tolerance: 1e-5))
  }

  @Test func surgeryChoosesByTheLengths() throws {
    let unlike = try first("sam-gs", rows: [[1e-4, 0], [0, 1]])
    #expect(agree(unlike, [0.500_05, 0.500_05], tolerance: 1e-12))
    // Equal lengths: S = 1, so only 10⁻⁸ is under the root, and the first step has m̂ = g.
    let alike = try first("sam-gs", rows: [[1, 0], [0, 1]])
    let expected = 1 / Double.sqrt(1e-8 / (1 - 0.99))
    #expect(agree(alike, [expected, expected], tolerance: 1e-9))
  }

  /// A task whose gradients do not fade gains weight over one whose gradients do.
  @Test func excessRiskFavoursTheTaskThatStaysFar() throws {
    var trial = try makeMatrixMethod("excess-mtl", ["robust_step_size": 0.5], taskCount: 2)
    var source = RandomSource(seed: 0)
    var direction: [Double] = []
    for step in 1...30 {
      let rows = try HostRows([[1, 0], [0, 1 / Double(step * step)]])
      let context = StepContext(losses: [1, 1])
      direction = try trial.direction(rows: rows, context: context, using: &source).coordinates
    }
    #expect(direction[0] > 1.5)
    #expect(direction[1] * 900 < 0.5)
  }

  @Test func anUnscaledFirstStepLeavesWeightsEqual() throws {
    let rows = [[1000.0, 0], [0, 1]]
    let unscaled = try first("excess-mtl", ["raw_first_step": false], rows: rows)
    #expect(agree(unscaled, [1000, 1], tolerance: 1e-9))
    #expect(agree([unscaled[1]], [1], tolerance: 1e-6))
    #expect(try first("excess-mtl", rows: rows)[1] < 1e-3)
  }

  /// At constant orthogonal gradients the tracked ones converge to `Lᵢ gᵢ/|gᵢ|`.
  @Test func trackedGradientsConverge() throws {
    var trial = try makeMatrixMethod("moco", ["beta_sigma": 0], taskCount: 2)
    var source = RandomSource(seed: 0)
    let context = StepContext(losses: [2, 0.5])
    for _ in 0..<60 {
      _ = try trial.direction(rows: HostRows([[4, 0], [0, 0.1]]), context: context, using: &source)
    }
    let tracked = try #require(trial.buffers["tracked"])
    #expect(agree(tracked[0].coordinates, [2, 0], tolerance: 1e-6))
    #expect(agree(tracked[1].coordinates, [0, 0.5], tolerance: 1e-6))
  }
}
