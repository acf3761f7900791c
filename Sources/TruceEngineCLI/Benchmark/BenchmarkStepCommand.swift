import ArgumentParser
import Torch
import Truce
import TruceOptions
import TruceShell
import TruceTorch

/// How a step comes to the shared parameters' gradients.
enum BenchmarkMode: String, ExpressibleByArgument, CaseIterable {
  case together
  case oneByOne = "one-by-one"
  case streamed
  case features
}

/// `truce-engine benchmark step`.
struct BenchmarkStepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step",
    abstract: "Time training steps: forward, gradients, Gramian, weights, combination, Adam.")

  @Argument(help: "The network.")
  var network: BenchmarkNetwork
  @Option(help: "The architecture.")
  var architecture = "hard-sharing"
  @Option(help: "An option of the trunk, KEY=VALUE; may be repeated.")
  var trunkOption: [String] = []
  @Option(help: "Tasks. (default: what the network is used with)")
  var tasks: Int?
  @Option(help: "Examples of a batch. (default: what the network is used with)")
  var batch: Int?
  @Option(help: "Height and width of pictures, such as 96x128.")
  var size: String?
  @Option(help: "The method.")
  var method = "cagrad"
  @Option(
    help:
      "together: one walk for all tasks; one-by-one: a backward pass each; streamed: a layer's gradients at a time; features: with respect to the features."
  )
  var mode = BenchmarkMode.together
  @Option(help: "The type of parameters and data: float32 or float64.")
  var dtype = "float32"
  @Option(help: "Steps to time.")
  var steps = 30
  @Option(help: "Steps before the first that is timed.")
  var warmUp = 5
  @Option(help: "Threads.")
  var threads = 2

  /// Refuses numbers that no step can be taken with.
  func validate() throws {
    guard steps > 0, warmUp >= 0, threads > 0, (tasks ?? 1) > 0, (batch ?? 1) > 0 else {
      throw ValidationError("--steps, --threads, --tasks and --batch want a positive number")
    }
  }

  /// Prints one JSON object: the milliseconds of every step, their medians by part, the memory.
  func run() throws {
    try Torch.Engine.setThreadCount(threads)
    let before = ProcessMemory.peak
    let bench = try StepBenchmark(setting())
    for _ in 0..<warmUp { _ = try bench.take() }
    let times = try (0..<steps).map { _ in try bench.take() }
    let (_, work) = try Work.measured { try bench.take() }
    print(try Output.json(Report(contender, times, work: work, resident: (before, ProcessMemory.peak))))
  }

  private var contender: String { "truce-\(method)" + (mode == .together ? "" : "-\(mode.rawValue)") }

  private func setting() throws -> StepBenchmark.Setting {
    let plain = network.setting
    guard let dtype = ["float32": DType.float32, "float64": .float64][dtype] else {
      throw ValidationError("--dtype is float32 or float64, not '\(dtype)'")
    }
    return StepBenchmark.Setting(
      network: network, architecture: architecture, trunkOptions: try options(),
      taskCount: tasks ?? plain.taskCount,
      batchSize: batch ?? plain.batchSize, inputShape: try inputShape(),
      method: try Catalogue.method(named: method),
      target: mode == .features ? .features : .parameters, memory: mode == .streamed ? .stream : .rows,
      walk: mode == .oneByOne ? .oneByOne : .together,
      dtype: dtype)
  }

  private func options() throws -> [String: OptionValue] {
    var options = network.setting.trunkOptions
    for text in trunkOption {
      guard let sign = text.firstIndex(of: "=") else {
        throw ValidationError("--trunk-option wants KEY=VALUE, not '\(text)'")
      }
      let value = String(text[text.index(after: sign)...])
      options[String(text[..<sign])] = Double(value).map(OptionValue.number) ?? .string(value)
    }
    return options
  }

  private func inputShape() throws -> [Int] {
    let plain = network.setting.inputShape
    guard let size else { return plain }
    let sides = size.split(separator: "x").compactMap { Int($0) }
    guard sides.count == 2, plain.count == 3, sides.allSatisfy({ $0 > 0 }) else {
      throw ValidationError("--size wants HEIGHTxWIDTH, for a network of pictures, not '\(size)'")
    }
    return [plain[0]] + sides
  }
}

/// What the command prints.
private struct Report: Encodable {
  let contender: String
  let milliseconds: [Double]
  let parts: [String: Double]
  let peakBytes: Int
  let residentBytes: Int

  init(_ contender: String, _ times: [StepTimes], work: Work, resident: (before: Int, after: Int)) {
    self.contender = contender
    milliseconds = times.map { $0.whole * 1000 }
    let parts: [(String, KeyPath<StepTimes, Double>)] = [
      ("forward", \.forward), ("gradients", \.gradients), ("gramian", \.gramian), ("weights", \.weights),
      ("combination", \.combination), ("optimizer", \.optimizer),
    ]
    self.parts = Dictionary(
      uniqueKeysWithValues: parts.map { name, part in
        (name, times.map { $0[keyPath: part] * 1000 }.sorted()[times.count / 2])
      })
    peakBytes = work.peakBytes
    residentBytes = resident.after - resident.before
  }
}
