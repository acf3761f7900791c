import ArgumentParser
import Torch
import TorchNN
import Truce
import TruceAgents
import TruceOptions
import TruceShell
import TruceTorch

/// `truce-engine benchmark update`: an update of a soft actor-critic from random transitions.
struct BenchmarkUpdateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Time updates of a multi-task soft actor-critic.")

  @Option(help: "Tasks.")
  var tasks = 10
  @Option(help: "Transitions of a batch, of each task.")
  var rows = 128
  @Option(help: "Outputs of a hidden layer.")
  var width = 400
  @Option(help: "Hidden layers.")
  var layers = 3
  @Option(help: "The method.")
  var method = "ew"
  @Option(help: "An option of the method, KEY=NUMBER; may be repeated.")
  var option: [String] = []
  @Option(help: "Updates to time.")
  var updates = 15
  @Option(help: "Updates before the first that is timed.")
  var warmUp = 3
  @Option(help: "Threads.")
  var threads = 2

  /// Refuses numbers that no update can be taken with.
  func validate() throws {
    guard [tasks, rows, width, layers, updates, threads].allSatisfy({ $0 > 0 }), warmUp >= 0 else {
      throw ValidationError(
        "--tasks, --rows, --width, --layers, --updates and --threads want a positive number")
    }
  }

  /// Prints one JSON object: the milliseconds of every update, and the medians of its parts.
  func run() throws {
    try Torch.Engine.setThreadCount(threads)
    let bench = try UpdateBenchmark(
      SACSettings([
        "widths": .list([OptionValue](repeating: .number(Double(width)), count: layers)),
        "batch_size": .number(Double(rows * tasks)),
      ]), taskCount: tasks, method: try Catalogue.method(named: method, options: options()), rule: Adam())
    for _ in 0..<warmUp { _ = try bench.take() }
    let times = try (0..<updates).map { _ in try bench.take() }
    print(try Output.json(Report(contender: "truce-\(method)", times)))
  }

  private func options() throws -> [String: OptionValue] {
    try option.reduce(into: [:]) { options, text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let number = Double(parts[1]) else {
        throw ValidationError("--option wants KEY=NUMBER, not '\(text)'")
      }
      options[parts[0]] = .number(number)
    }
  }

  private struct Report: Encodable {
    let contender: String
    let milliseconds: [Double]
    let parts: [String: Double]

    init(contender: String, _ times: [UpdateBenchmark.Times]) {
      self.contender = contender
      milliseconds = times.map { $0.whole * 1000 }
      let parts: [(String, KeyPath<UpdateBenchmark.Times, Double>)] = [
        ("drawing", \.drawing), ("gradients", \.gradients), ("gramians", \.gramians),
        ("weights", \.weights), ("combination", \.combination),
      ]
      self.parts = Dictionary(
        uniqueKeysWithValues: parts.map { name, part in
          (name, times.map { $0[keyPath: part] * 1000 }.sorted()[times.count / 2])
        })
    }
  }
}
