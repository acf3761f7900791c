public import ArgumentParser
import Foundation
import Truce
import TruceShell
import TruceToy

/// `truce toy`: the two-task problem in the plane on which CAGrad was introduced.
public struct ToyCommand: AsyncParsableCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "toy", abstract: "Run methods on the two-task toy of the CAGrad paper.",
    discussion: """
      Runs every method with every optimizer and learning rate from every start, and counts the steps until the \
      mean loss is within 0.1 of its global minimum. Gradients are averaged, and CAGrad takes c = 0.5 and divides \
      by 1 + c, as in the authors' code; --option changes that.

      Examples:
        truce toy
        truce toy --method cagrad --optimizer adam --learning-rate 0.01 --format json
        truce toy --starts paper --figure toy.svg
        truce toy --method famo --every 100 --format csv --output famo.csv
        truce toy --table
        truce toy --table --perturb 1e-6 --repeats 20
      """)

  @OptionGroup var problem: ToyProblemOptions
  @OptionGroup(title: "Output") var target: ToyOutputOptions

  @Flag(help: "Print the largest number of steps over the starts, for a grid of methods and learning rates.")
  var table = false

  @Option(help: ArgumentHelp("With --table: move each start by up to this much.", valueName: "size"))
  var perturb: Double?

  @Option(help: "With --perturb: how many perturbed copies to run.")
  var repeats = 20

  /// More copies of the starts than anybody waits for, and fewer than fill the memory.
  private static let mostRepeats = 100_000

  /// Creates the command.
  public init() {}

  /// Runs the toy and prints, writes or draws what came of it.
  public mutating func run() async throws {
    try check()
    try target.checkFiles()
    if table {
      try await runTable()
    } else {
      try await runOnce()
    }
  }

  private func check() throws(CommandFailure) {
    try problem.check()
    if let perturb {
      guard table else { throw .usage("--perturb goes with --table", help: "add --table") }
      guard perturb.isFinite, perturb > 0 else {
        throw .usage("--perturb must be greater than 0, got \(perturb)", help: "try --perturb 1e-6")
      }
    }
    guard (1...Self.mostRepeats).contains(repeats) else {
      throw .usage(
        "--repeats must be from 1 to \(Self.mostRepeats), got \(repeats)", help: "try --repeats 20")
    }
    if table {
      try target.checkTableFormat()
    } else {
      try target.checkRunFormat()
    }
  }

  private func runTable() async throws {
    let perturbation = perturb.map { ToyPerturbation(size: $0, repeats: repeats) } ?? .none
    let grid = try problem.grid()
    let base = try problem.settings(
      ToyOptimizer(.gd, learningRate: 1, momentum: problem.momentum), method: "ew")
    let table = try await ToyTable(
      grid: grid, starts: problem.starts.points, base: base, perturbation: perturbation)
    try target.write(ToyTableReport(table: table, grid: grid, base: base, starts: problem.starts.points))
  }

  private func runOnce() async throws {
    let interval = target.recordingInterval(iterations: problem.iterations)
    let settings = try problem.allSettings(recordingInterval: interval)
    let clock = ContinuousClock()
    let begin = clock.now
    let runs = try await Toy.runs(of: settings, from: problem.starts.points)
    let report = ToyRunReport(settings: settings, runs: runs, duration: begin.duration(to: clock.now))
    try target.draw(report)
    try target.write(report)
  }
}
