import ArgumentParser
import Torch
import Truce
import TruceShell
import TruceTorch

/// `truce-engine benchmark rows`: the Gramian, the weights and the combination of K rows, without a network.
struct BenchmarkRowsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rows",
    abstract: "Time the Gramian, the weights and the combination of K gradients of P numbers.")

  @Option(help: "Rows.")
  var tasks = 10
  @Option(help: "Numbers of a row.")
  var parameters = 1_000_000
  @Option(help: "The method that makes weights of the Gramian.")
  var method = "cagrad"
  @OptionGroup
  var rounds: BenchmarkRounds<Self>

  /// Refuses numbers that make no rows.
  func validate() throws { try PositiveNumbers.check([("tasks", tasks), ("parameters", parameters)]) }

  /// Prints one JSON object with the milliseconds of every round.
  func run() throws {
    try rounds.setThreads()
    let rows = try Tensor.allocate([tasks, parameters], dtype: .float32, device: .cpu)
    _ = rows.normalInPlace(using: Generator(seed: 0))
    let solver = try Solver(method, taskCount: tasks)
    let first = rows.selected(0, 0).clone()
    let times = try rounds.run {
      // The combination was written over it.
      _ = rows.selected(0, 0).copyInPlace(from: first)
      return try round(rows, solver)
    }
    print(
      try Output.json(
        Report(
          gramian: times.map(\.gramian), weights: times.map(\.weights), combination: times.map(\.combination))
      )
    )
  }

  /// The milliseconds of each part; the combination is written over the first row, as in a step.
  private func round(
    _ rows: Tensor, _ solver: Solver
  ) throws -> (gramian: Double, weights: Double, combination: Double) {
    var timer = PhaseTimer(.system)
    let products = try GradientSweep.gramian(of: rows)
    let gramian = timer.lap()
    let weights = try solver.weights(Gramian(taskCount: tasks, elements: products))
    let solving = timer.lap()
    _ = try GradientSweep.combineInPlace(rows, weights: [weights], groups: [0..<parameters])
    return (gramian * 1000, solving * 1000, timer.lap() * 1000)
  }

  private struct Report: Encodable {
    let gramian: [Double]
    let weights: [Double]
    let combination: [Double]
  }
}

extension BenchmarkRowsCommand: BenchmarkDefaults {
  static let usualSteps = 10
  static let usualWarmUp = 1
}

/// A method that is asked for weights again and again, each time from its beginning.
private struct Solver {
  private let method: any GramianMethod
  private let taskCount: Int

  /// Finds the method.
  ///
  /// - Throws: What the catalogue says of the name; `ValidationError` where the method wants more than a Gramian.
  init(_ name: String, taskCount: Int) throws {
    guard case .gramian(let method) = try Catalogue.method(named: name) else {
      throw ValidationError("--method wants one that makes weights of a Gramian, not '\(name)'")
    }
    self.method = method
    self.taskCount = taskCount
  }

  /// The weights.
  func weights(_ gramian: Gramian) throws -> [Double] { try weights(gramian, of: method) }

  private func weights(_ gramian: Gramian, of method: some GramianMethod) throws -> [Double] {
    var state = method.initialState(taskCount: taskCount)
    var source = RandomSource(seed: 0)
    let losses = [Double](repeating: 1, count: taskCount)
    return try method.weights(
      gramian: gramian, context: StepContext(losses: losses), state: &state, using: &source)
  }
}
