import Testing
import Truce

/// Update directions over a few steps, from a public implementation or a formula.
struct MatrixCase: Decodable, Sendable {
  let source: String
  let options: [String: OptionValue]
  let rows: [[[Double]]]
  let losses: [[Double]]
  let directions: [[Double]]
}

/// Names of the matrix methods in the catalogue.
let matrixNames = Catalogue.entries.map(\.about).filter { $0.kind == .matrix }.map(\.name)

/// Starts a matrix method of the catalogue.
func makeMatrixMethod(
  _ name: String, _ options: [String: OptionValue] = [:], taskCount: Int
) throws -> MethodTrial {
  guard case .matrix(let method) = try Catalogue.method(named: name, options: options) else {
    throw MethodError.notApplicable(method: name, reason: "not a matrix method")
  }
  return try MethodTrial(.matrix(method), taskCount: taskCount)
}

/// What a short training shows to a matrix method.
struct MatrixRun: Sendable, CustomTestStringConvertible {
  let name: String
  var rows: [[[Double]]]
  var losses: [[Double]]

  var testDescription: String { name }

  /// Gaussian-like gradients over some steps, the tasks scaled by their factors.
  init(_ name: String, scales: [Double], columns: Int = 6, steps: Int = 5, seed: UInt64 = 1) {
    var source = RandomSource(seed: seed)
    self.name = name
    rows = (0..<steps).map { step in
      scales.map { scale in
        (0..<columns).map { _ in scale * Double.random(in: -1..<1, using: &source) / Double(step + 1) }
      }
    }
    losses = rows.map { $0.map { _ in Double.random(in: 0.2..<2, using: &source) } }
  }

  var taskCount: Int { losses[0].count }

  /// The same run with every gradient and loss changed.
  func mapped(_ rows: ([[Double]]) -> [[Double]], _ losses: ([Double]) -> [Double]) -> MatrixRun {
    var copy = self
    copy.rows = self.rows.map(rows)
    copy.losses = self.losses.map(losses)
    return copy
  }

  /// Returns the direction of one step.
  func step(
    _ t: Int, of trial: inout MethodTrial, using source: inout RandomSource
  ) throws -> [Double] {
    let context = StepContext(losses: losses[t], iteration: t)
    return try trial.direction(rows: HostRows(rows[t]), context: context, using: &source).coordinates
  }

  /// Returns the directions of all steps.
  func directions(
    of method: String, _ options: [String: OptionValue] = [:], seed: UInt64 = 0
  ) throws -> [[Double]] {
    var trial = try makeMatrixMethod(method, options, taskCount: taskCount)
    var source = RandomSource(seed: seed)
    return try rows.indices.map { try step($0, of: &trial, using: &source) }
  }

  /// Runs of every shape: balanced and imbalanced, large and small, with equal, opposite and zero rows.
  static let families: [MatrixRun] = {
    let plain = MatrixRun("plain", scales: [1, 1, 1])
    return [
      plain, MatrixRun("one task", scales: [1]), MatrixRun("two tasks", scales: [1, 1]),
      MatrixRun("a hundred tasks", scales: [Double](repeating: 1, count: 100)),
      MatrixRun("imbalanced", scales: [1e-6, 1, 1e6]), MatrixRun("tiny", scales: [1e-10, 1e-10, 1e-10]),
      MatrixRun("huge", scales: [1e10, 1e10, 1e10]), MatrixRun("a zero row", scales: [1, 0, 1]),
      MatrixRun("all zero", scales: [0, 0, 0]),
      plain.mapped({ [$0[0], $0[0], $0[0]] }, { [$0[0], $0[0], $0[0]] }),
      plain.mapped({ [$0[0], $0[0].map { -$0 }, $0[2]] }, { $0 }),
    ]
  }()
}
