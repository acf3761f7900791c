import Testing

@testable import Truce

@Suite("Cross-Gramian methods")
struct CrossGramianMethodTests {
  static let names = Catalogue.entries.map(\.about).filter { $0.kind == .crossGramian }.map(\.name)

  struct Recorded: Decodable {
    let source: String
    let options: [String: OptionValue]
    let crossGramians: [[[Double]]]
    let weights: [[Double]]

    enum CodingKeys: String, CodingKey {
      case source, options, weights
      case crossGramians = "cross_gramians"
    }
  }

  private func make(
    _ name: String, _ options: [String: OptionValue] = [:], taskCount: Int
  ) throws -> MethodTrial {
    guard case .crossGramian(let method) = try Catalogue.method(named: name, options: options) else {
      throw MethodError.notApplicable(method: name, reason: "not a cross-Gramian method")
    }
    return try MethodTrial(.crossGramian(method), taskCount: taskCount)
  }

  private func matrix(_ rows: [[Double]]) throws -> CrossGramian {
    try CrossGramian(taskCount: rows.count, elements: Array(rows.joined()))
  }

  private func weights(
    _ trial: inout MethodTrial, _ rows: [[Double]]
  ) throws -> [Double] {
    var source = RandomSource(seed: 0)
    let context = StepContext(losses: rows.map { _ in 1 })
    return try trial.weights(crossGramian: matrix(rows), context: context, using: &source)
  }

  /// Products of two batches' gradients over some steps, the tasks scaled by their factors.
  private func run(_ scales: [Double], seed: UInt64 = 3) -> [[[Double]]] {
    var source = RandomSource(seed: seed)
    return (0..<5).map { _ in
      let common = scales.map { _ in (0..<4).map { _ in Double.random(in: -1..<1, using: &source) } }
      func batch() -> [[Double]] {
        zip(common, scales).map { row, scale in
          row.map { scale * ($0 + 0.3 * Double.random(in: -1..<1, using: &source)) }
        }
      }
      let (first, second) = (batch(), batch())
      return first.map { a in second.map { dot(a, $0) } }
    }
  }

  @Test(arguments: names)
  func weightsAgreeWithTheReference(_ name: String) throws {
    let cases = try ReferenceFile<Recorded>.load(name)
    #expect(cases.count >= 2)
    for recorded in cases {
      var trial = try make(name, recorded.options, taskCount: recorded.weights[0].count)
      for (rows, expected) in zip(recorded.crossGramians, recorded.weights) {
        let result = try weights(&trial, rows)
        #expect(agree(result, expected, tolerance: 1e-9), "\(recorded.source): \(result)")
      }
    }
  }

  @Test(arguments: names)
  func weightsLieOnTheSimplex(_ name: String) throws {
    let families: [[Double]] = [
      [1], [1, 1], [1e-6, 1, 1e6], [1e-10, 1e-10], [1e10, 1e10, 1e10], [0, 0, 0], [1, 0, 2],
      [Double](repeating: 1, count: 100),
    ]
    for scales in families {
      var trial = try make(name, taskCount: scales.count)
      for rows in run(scales) {
        let result = try weights(&trial, rows)
        #expect(result.allSatisfy { $0.isFinite && $0 >= 0 })
        #expect((result.reduce(0, +) - 1).magnitude < 1e-12)
      }
    }
  }

  @Test(arguments: names)
  func reorderedTasksReorderTheWeights(_ name: String) throws {
    let order = [2, 0, 3, 1]
    var plain = try make(name, taskCount: 4)
    var reordered = try make(name, taskCount: 4)
    for rows in run([1, 0.5, 2, 1]) {
      let a = try weights(&plain, rows)
      let b = try weights(&reordered, order.map { i in order.map { rows[i][$0] } })
      #expect(agree(order.map { a[$0] }, b, tolerance: 1e-9))
    }
  }

  @Test(arguments: names)
  func aRestoredRunEqualsAnUninterruptedOne(_ name: String) throws {
    var whole = try make(name, taskCount: 3)
    var first = try make(name, taskCount: 3)
    let steps = run([1, 1, 1])
    for rows in steps[..<2] {
      _ = try weights(&whole, rows)
      _ = try weights(&first, rows)
    }
    var restored = try make(name, taskCount: 3)
    try restored.decodeState(from: saved(first.encodeState))
    for rows in steps[2...] { #expect(try weights(&restored, rows) == weights(&whole, rows)) }
  }

  /// With one Gramian repeated, the step's fixed point minimises `½ |Σ wᵢ gᵢ|² + ½ ρ |w|²` over the simplex.
  @Test func doubleSamplingConvergesToTheMinimum() throws {
    let rows = [[18.0, -22], [-22, 38]]
    var trial = try make("modo", ["gamma": 0.01, "rho": 0], taskCount: 2)
    var result: [Double] = []
    for _ in 0..<2000 { result = try weights(&trial, rows) }
    #expect(agree(result, [0.6, 0.4], tolerance: 1e-9))
  }

  /// As λ grows the direction tends to the preferred one.
  @Test func directionOrientedWeightsTendToThePreference() throws {
    var trial = try make("sdmgrad", ["lambda": 1e9, "weights": [0.7, 0.3]], taskCount: 2)
    let result = try weights(&trial, [[18, -22], [-22, 38]])
    #expect(agree(result, [0.7, 0.3], tolerance: 1e-6))
  }

  @Test(arguments: names)
  func badInputIsRefused(_ name: String) throws {
    var trial = try make(name, taskCount: 2)
    #expect(throws: MethodError.nonFinite(task: 1, what: "gradient")) {
      try weights(&trial, [[1, 0], [0, .nan]])
    }
    #expect(throws: MethodError.nonFinite(task: 0, what: "gradient")) {
      try weights(&trial, [[1, .infinity], [0, 1]])
    }
    #expect(throws: MethodError.wrongCount(what: "task gradients", expected: 2, received: 1)) {
      try weights(&trial, [[1]])
    }
  }

  static let refusals: [(String, [String: OptionValue], String)] = [
    ("sdmgrad", ["lambda": -1], "sdmgrad: lambda must be at least 0, got -1"),
    ("sdmgrad", ["lr": 0], "sdmgrad: lr must be greater than 0, got 0"),
    ("sdmgrad", ["momentum": 1], "sdmgrad: momentum must be at least 0 and less than 1, got 1"),
    ("sdmgrad", ["n_iter": 0], "sdmgrad: n_iter must be a whole number, at least 1, got 0"),
    (
      "sdmgrad", ["weights": [0, 0]], "sdmgrad: weights must be at least 0 and not all 0, or none, got [0,0]"
    ),
    ("modo", ["gamma": 0], "modo: gamma must be greater than 0, got 0"),
    ("modo", ["rho": -1], "modo: rho must be at least 0, got -1"),
  ]

  @Test(arguments: refusals.indices)
  func options(_ index: Int) {
    let (method, options, text) = Self.refusals[index]
    #expect { try make(method, options, taskCount: 2) } throws: { "\($0)" == text }
  }
}
