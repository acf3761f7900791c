import ArgumentParser
import Torch
import TorchNN
import TruceModels
import TruceShell
import TruceTorch

/// `truce-engine benchmark samples`: the Gramian of the gradients of a batch's examples, each by itself.
struct BenchmarkSamplesCommand: ParsableCommand {
  /// How the gradients come about.
  enum Mode: String, ExpressibleByArgument, CaseIterable {
    case layers, loop
  }

  static let configuration = CommandConfiguration(
    commandName: "samples",
    abstract: "Time the Gramian of the gradients of a batch's examples, each by itself, for one task.")

  @Argument(help: "The network.")
  var network: BenchmarkNetwork
  @Option(help: "An option of the trunk, KEY=VALUE; may be repeated.")
  var trunkOption: [String] = []
  @Option(help: "Examples of the batch.")
  var batch = 64
  @Option(help: "Height and width of pictures, such as 96x128.")
  var size: String?
  @Option(help: "layers: one pass, and each layer's products; loop: a backward pass for each example.")
  var mode = Mode.layers
  @OptionGroup
  var rounds: BenchmarkRounds<Self>

  /// Refuses numbers that make no batch.
  func validate() throws { try PositiveNumbers.check([("batch", batch)]) }

  /// Prints one JSON object: the milliseconds of every round, the memory.
  func run() throws {
    try rounds.setThreads()
    let before = ProcessMemory.peak
    let bench = SampleBenchmark(
      try BenchmarkModel(
        BenchmarkModel.Setting(
          network: network, trunkOptions: try network.trunkOptions(trunkOption), taskCount: 1,
          batchSize: batch,
          inputShape: try network.inputShape(size))))
    let body = mode == .layers ? bench.byLayers : bench.byPasses
    let times = try rounds.run {
      var timer = PhaseTimer(.system)
      _ = try body()
      return timer.lap() * 1000
    }
    let (_, work) = try Work.measured { try body() }
    print(
      try Output.json(
        Report(
          milliseconds: times, peakBytes: work.peakBytes, residentBytes: ProcessMemory.peak - before)))
  }

  private struct Report: Encodable {
    let milliseconds: [Double]
    let peakBytes: Int
    let residentBytes: Int
  }
}

extension BenchmarkSamplesCommand: BenchmarkDefaults {
  static let usualSteps = 5
  static let usualWarmUp = 1
}

/// The products of the gradients of single examples, in two ways.
private struct SampleBenchmark {
  private let model: BenchmarkModel

  init(_ model: BenchmarkModel) { self.model = model }

  private func losses(_ output: Tensor) -> [Tensor] {
    (0..<output.shape[0]).map { model.loss(ofTask: 0, output[$0..<($0 + 1)], samples: $0..<($0 + 1)) }
  }

  /// From one pass, layer by layer.
  func byLayers() throws -> [Double] {
    let tape = ActivationTape()
    let output = model.network.evaluating {
      model.network.recording(on: tape) { model.network(NetworkInput(model.input))[0] }
    }
    let gradients = try SampleGradients(
      tape: tape, losses: [losses(output)], of: model.network.sharedParameters, checksSamples: false)
    let gramian = try gradients.gramian(countsConflicts: false)
    return (0..<gramian.sampleCount).map { gramian[0, $0, 0, $0] }
  }

  /// From a backward pass for each example, whose gradients are all held.
  func byPasses() throws -> [Double] {
    let shared = model.network.sharedParameters.tensors
    let output = model.network.evaluating { model.network(NetworkInput(model.input))[0] }
    let losses = losses(output)
    let rows = try GradientSweep.allocateRows(taskCount: losses.count, parameters: shared)
    try GradientSweep.run(losses.map { GradientSweep.Task(loss: $0) }, withRespectTo: shared, into: rows)
    let products = try GradientSweep.gramian(of: rows)
    return losses.indices.map { products[$0 * losses.count + $0] }
  }
}
