import Testing

@testable import Truce

@Suite("What matrix methods refuse")
struct MatrixRejectionTests {
  static let refusals: [(String, [String: OptionValue], String)] = [
    ("graddrop", ["leak": 1.5], "graddrop: leak must be between 0 and 1, got 1.5"),
    ("graddrop", ["leak": [0, -1]], "graddrop: leak must be between 0 and 1, got [0,-1]"),
    ("graddrop", ["uniform": [0.5, 2]], "graddrop: uniform must be between 0 and 1, or none, got [0.5,2]"),
    ("graddrop", ["uniform": 0.5], "graddrop: uniform must be a list of numbers, got 0.5"),
    ("trimmed-mean", ["trim": -1], "trimmed-mean: trim must be a whole number, at least 0, got -1"),
    ("trimmed-mean", ["trim": 1.5], "trimmed-mean: trim must be a whole number, got 1.5"),
    ("moco", ["beta": 2], "moco: beta must be between 0 and 1, got 2"),
    ("moco", ["gamma": -1], "moco: gamma must be at least 0, got -1"),
    ("moco", ["rho": "much"], "moco: rho must be a number, got much"),
    ("db-mtl", ["beta": -0.1], "db-mtl: beta must be between 0 and 1, got -0.1"),
    ("db-mtl", ["beta_sigma": -1], "db-mtl: beta_sigma must be at least 0, got -1"),
    ("excess-mtl", ["robust_step_size": 0], "excess-mtl: robust_step_size must be greater than 0, got 0"),
    (
      "excess-mtl", ["warmup_steps": -2],
      "excess-mtl: warmup_steps must be a whole number, at least 0, got -2"
    ),
    ("excess-mtl", ["raw_first_step": 1], "excess-mtl: raw_first_step must be true or false, got 1"),
    ("sam-gs", ["gamma": 1.1], "sam-gs: gamma must be between 0 and 1, got 1.1"),
    ("sam-gs", ["beta2": 1], "sam-gs: beta2 must be at least 0 and less than 1, got 1"),
  ]

  @Test(arguments: refusals.indices)
  func options(_ index: Int) {
    let (method, options, text) = Self.refusals[index]
    #expect { try makeMatrixMethod(method, options, taskCount: 3) } throws: { "\($0)" == text }
  }

  @Test func everyMethodHasARefusedOption() {
    #expect(Set(Self.refusals.map(\.0)) == Set(matrixNames))
  }

  private let good = [[1.0, 2], [3, -1], [0.5, 0.5]]

  /// Expects an error and returns the trial, whose state must be as before.
  private func expect(
    _ text: String, of method: String, _ options: [String: OptionValue] = [:],
    rows: [[Double]], losses: [Double]? = nil, gramian: Gramian? = nil
  ) throws {
    var trial = try makeMatrixMethod(method, options, taskCount: 3)
    var source = RandomSource(seed: 0)
    let context = StepContext(losses: losses ?? rows.map { _ in 1 })
    let input = try HostRows(rows)
    #expect {
      try trial.direction(rows: input, context: context, using: &source)
    } throws: {
      "\($0)" == text
    }
    #expect(trial.buffers.isEmpty)
  }

  @Test(arguments: matrixNames)
  func gradientsThatAreNotFinite(_ method: String) throws {
    for entry in [Double.nan, .infinity] {
      try expect(
        "the gradient of task 1 is not finite", of: method, rows: [good[0], [1, entry], good[2]])
    }
  }

  @Test(arguments: matrixNames)
  func aGramianThatIsNotFinite(_ method: String) throws {
    let gramian = Gramian(taskCount: 3) { $0 == 2 && $1 == 2 ? .nan : 1 }
    try expect("the gradient of task 2 is not finite", of: method, rows: good, gramian: gramian)
  }

  @Test(arguments: matrixNames)
  func lossesThatAreNotFinite(_ method: String) throws {
    try expect("the loss of task 2 is not finite", of: method, rows: good, losses: [1, 1, .nan])
  }

  @Test(arguments: ["moco", "db-mtl"])
  func theWrongNumberOfLosses(_ method: String) throws {
    try expect("expected 3 losses, got 0", of: method, rows: good, losses: [])
  }

  @Test(arguments: matrixNames)
  func theWrongNumberOfTasks(_ method: String) throws {
    try expect("expected 3 task gradients, got 2", of: method, rows: Array(good[..<2]))
  }

  @Test func aStateOfAnotherNetwork() throws {
    var trial = try makeMatrixMethod("moco", taskCount: 3)
    var source = RandomSource(seed: 0)
    let context = StepContext(losses: [1, 1, 1])
    _ = try trial.direction(rows: HostRows(good), context: context, using: &source)
    let wider = try HostRows(good.map { $0 + [1] })
    #expect {
      try trial.direction(rows: wider, context: context, using: &source)
    } throws: {
      "\($0)" == "expected 2 coordinates as in the saved state, got 3"
    }
  }

  @Test func inputThatDoesNotFitTheOptions() throws {
    try expect(
      "trimmed-mean: trim must be less than half the number of tasks, which is 3, got 2",
      of: "trimmed-mean", ["trim": 2], rows: good)
    try expect("expected 2 uniform draws, got 1", of: "graddrop", ["uniform": [0.5]], rows: good)
    try expect("expected 3 leak shares, got 2", of: "graddrop", ["leak": [0.5, 1]], rows: good)
    try expect(
      "db-mtl: the loss of task 1 must be at least 0, got -1.0", of: "db-mtl", rows: good,
      losses: [1, -1, 1])
  }
}
