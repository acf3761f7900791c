import ArgumentParser
import Torch
import Truce
import TruceRun
import TruceShell
import TruceTorch
import TruceTraining

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
  @Option(help: "The narrower type in which the network computes: none, bfloat16 or float16.")
  var autocast = "none"
  @Option(help: "Where to compute: cpu, cuda, cuda:<index> or mps.")
  var device = "cpu"
  @Option(help: "What a CUDA device may round to TF32: none, convolutions or all.")
  var tf32 = "convolutions"
  @OptionGroup
  var rounds: BenchmarkRounds<Self>

  /// Refuses numbers that no step can be taken with.
  func validate() throws { try PositiveNumbers.check([("tasks", tasks), ("batch", batch)]) }

  /// Prints one JSON object: the milliseconds of every step, their medians by part, the memory.
  func run() throws {
    try rounds.setThreads()
    guard let use = TF32Use(rawValue: tf32) else {
      throw ValidationError("--tf32 is none, convolutions or all, not '\(tf32)'")
    }
    try use.apply()
    let before = ProcessMemory.peak
    let bench = try StepBenchmark(setting())
    // From the first step on, so that what is kept for the next is among what a step takes.
    let (_, work) = try Work.measured { for _ in 0..<2 { _ = try bench.take() } }
    let times = try rounds.run { try bench.take() }
    let device = MemoryUsage.allocated(on: bench.device)
    let resident = (before, ProcessMemory.peak)
    print(try Output.json(Report(contender, times, work: work, resident: resident, device: device)))
  }

  private var contender: String { "truce-\(method)" + (mode == .together ? "" : "-\(mode.rawValue)") }

  private func setting() throws -> StepBenchmark.Setting {
    let plain = network.setting
    guard let dtype = ["float32": DType.float32, "float64": .float64][dtype] else {
      throw ValidationError("--dtype is float32 or float64, not '\(dtype)'")
    }
    guard let autocast = Autocast(rawValue: autocast) else {
      throw ValidationError("--autocast is none, bfloat16 or float16, not '\(autocast)'")
    }
    guard autocast == .none || dtype == .float32 else {
      throw ValidationError("--autocast narrows float32, not \(dtype): leave --dtype out")
    }
    guard let device = Device(device) else {
      throw ValidationError("--device is cpu, cuda, cuda:<index> or mps, not '\(device)'")
    }
    try device.requireAvailable()
    return StepBenchmark.Setting(
      model: BenchmarkModel.Setting(
        network: network, architecture: architecture, trunkOptions: try network.trunkOptions(trunkOption),
        taskCount: tasks ?? plain.taskCount, batchSize: batch ?? plain.batchSize,
        inputShape: try network.inputShape(size), dtype: dtype, device: device, autocast: autocast.type),
      method: try Catalogue.method(named: method),
      target: mode == .features ? .features : .parameters, memory: mode == .streamed ? .stream : .rows,
      walk: mode == .oneByOne ? .oneByOne : .together)
  }
}

extension BenchmarkStepCommand: BenchmarkDefaults {
  static let usualSteps = 30
  static let usualWarmUp = 5
}

/// What the command prints.
private struct Report: Encodable {
  let contender: String
  let milliseconds: [Double]
  let parts: PartMedians
  /// The most that tensors took at one time of what was made in a step or is kept from one to the next: rows, gradients, the
  /// optimizer's memory.
  let peakBytes: Int
  /// What the process's largest resident size grew by.
  let residentBytes: Int
  /// The process's largest resident size, the program itself and its libraries included.
  let processBytes: Int
  /// The most that a CUDA device's allocator had handed out; nil elsewhere.
  let deviceBytes: Int?

  init(
    _ contender: String, _ times: [StepTimes], work: Work, resident: (before: Int, after: Int),
    device: MemoryUsage?
  ) {
    self.contender = contender
    milliseconds = times.map { $0.whole * 1000 }
    parts = PartMedians(
      of: times,
      [
        "forward": \.forward, "gradients": \.gradients, "gramian": \.gramian, "weights": \.weights,
        "combination": \.combination, "optimizer": \.optimizer,
      ])
    peakBytes = work.peakBytes
    residentBytes = resident.after - resident.before
    processBytes = resident.after
    deviceBytes = device?.peak
  }
}
