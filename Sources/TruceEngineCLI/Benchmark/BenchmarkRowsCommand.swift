import ArgumentParser
import Torch
import TruceShell
import TruceTorch

/// `truce-engine benchmark rows`: the Gramian and the combination of K rows, without a network.
struct BenchmarkRowsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rows", abstract: "Time the Gramian and the combination of K gradients of P numbers.")

  @Option(help: "Rows.")
  var tasks = 10
  @Option(help: "Numbers of a row.")
  var parameters = 1_000_000
  @Option(help: "Rounds to time.")
  var steps = 10
  @Option(help: "Threads.")
  var threads = 2

  /// Refuses numbers that make no rows.
  func validate() throws {
    guard tasks > 0, parameters > 0, steps > 0, threads > 0 else {
      throw ValidationError("--tasks, --parameters, --steps and --threads want a positive number")
    }
  }

  /// Prints one JSON object with the milliseconds of every round.
  func run() throws {
    try Torch.Engine.setThreadCount(threads)
    let rows = try Tensor.allocate([tasks, parameters], dtype: .float32, device: .cpu)
    _ = rows.normalInPlace(using: Generator(seed: 0))
    let weights = [Double](repeating: 1 / Double(tasks), count: tasks)
    let rounds = try (0...steps).map { _ in try round(rows, weights) }.dropFirst()
    print(try Output.json(Report(gramian: rounds.map(\.gramian), combination: rounds.map(\.combination))))
  }

  private func round(_ rows: Tensor, _ weights: [Double]) throws -> (gramian: Double, combination: Double) {
    var timer = PhaseTimer(.system)
    _ = try GradientSweep.gramian(of: rows)
    let gramian = timer.lap()
    _ = try GradientSweep.combine(rows, weights: weights)
    return (gramian * 1000, timer.lap() * 1000)
  }

  private struct Report: Encodable {
    let gramian: [Double]
    let combination: [Double]
  }
}
