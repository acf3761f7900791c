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
  @OptionGroup
  var rounds: BenchmarkRounds<Self>

  /// Refuses numbers that no update can be taken with.
  func validate() throws {
    try PositiveNumbers.check([("tasks", tasks), ("rows", rows), ("width", width), ("layers", layers)])
  }

  /// Prints one JSON object: the milliseconds of every update, and the medians of its parts.
  func run() throws {
    try rounds.setThreads()
    let bench = try UpdateBenchmark(
      SACSettings([
        "widths": .list([OptionValue](repeating: .number(Double(width)), count: layers)),
        "batch_size": .number(Double(rows * tasks)),
      ]), taskCount: tasks, method: try Catalogue.method(named: method, options: options()), rule: Adam())
    let times = try rounds.run { try bench.take() }
    print(try Output.json(Report(contender: "truce-\(method)", times)))
  }

  private func options() throws -> [String: OptionValue] {
    try option.keyValues(of: "--option", form: "NUMBER") { Double($0).map(OptionValue.number) }
  }

  private struct Report: Encodable {
    let contender: String
    let milliseconds: [Double]
    let parts: PartMedians

    init(contender: String, _ times: [UpdateBenchmark.Times]) {
      self.contender = contender
      milliseconds = times.map { $0.whole * 1000 }
      parts = PartMedians(
        of: times,
        [
          "drawing": \.drawing, "gradients": \.gradients, "gramians": \.gramians, "weights": \.weights,
          "combination": \.combination,
        ])
    }
  }
}

extension BenchmarkUpdateCommand: BenchmarkDefaults {
  static let usualSteps = 15
  static let usualWarmUp = 3
}
