public import ArgumentParser
import Foundation
import Torch
import TorchNN
import Truce
import TruceModels
import TruceShell
import TruceTorch
import TruceTraining

/// `truce-engine benchmark`: the time of one training step on fixed random data, for `make bench-peers`.
public struct BenchmarkCommand: ParsableCommand {
  /// The command's help.
  public static let configuration = CommandConfiguration(
    commandName: "benchmark", abstract: "Time training steps on random data.", shouldDisplay: false)

  /// A network with data of its shape.
  enum Case: String, ExpressibleByArgument, CaseIterable {
    case mlp, lenet
  }

  @Argument(help: "The network: mlp or lenet.")
  var network: Case
  @Option(help: "The method.")
  var method = "cagrad"
  @Option(help: "Steps to time.")
  var steps = 30
  @Option(help: "Threads.")
  var threads = 2

  /// Creates the command.
  public init() {}

  /// Prints one JSON object with the milliseconds of every step: forward, gradients, combination, Adam.
  public func run() throws {
    try Torch.Engine.setThreadCount(threads)
    let bench = try StepBenchmark(network, method: Catalogue.method(named: method))
    let times = try (0..<steps).map { _ in try bench.step() * 1000 }
    print(try Output.json(Report(case: network.rawValue, contender: "truce-\(method)", milliseconds: times)))
  }

  private struct Report: Encodable {
    let `case`: String
    let contender: String
    let milliseconds: [Double]
  }
}

/// A network, a batch and an optimizer, stepped again and again.
private final class StepBenchmark {
  private let network: any MultiTaskNetwork
  private let input: Tensor
  private let targets: [Tensor]
  private let loss: (Tensor, Tensor) -> Tensor
  private let multiTaskStep: MultiTaskStep

  init(_ shape: BenchmarkCommand.Case, method: AnyMethod) throws {
    let generator = Generator(seed: 0)
    switch shape {
    case .mlp:
      network = HardSharing(
        trunk: MLPTrunk(39, widths: [400, 400, 400], using: generator), featureCount: 400,
        tasks: (0..<10).map { (name: "t\($0)", outputCount: 1) }, using: generator)
      input = Tensor.normal([128, 39], using: generator)
      targets = (0..<10).map { _ in Tensor.normal([128, 1], using: generator) }
      loss = { Losses.meanSquared($0, $1) }
    case .lenet:
      network = HardSharing(
        trunk: LeNetTrunk(using: generator), featureCount: LeNetTrunk.featureCount,
        tasks: (0..<2).map { (name: "t\($0)", outputCount: 10) }, using: generator)
      input = Tensor.normal([256, 1, 36, 36], using: generator)
      targets = (0..<2).map { _ in Tensor.integers([256], in: 0..<10, using: generator) }
      loss = { Losses.crossEntropy($0, $1) }
    }
    let optimizer = Optimizer(
      network.parameters, rule: try OptimizerCatalogue.rule(named: "adam", options: ["learning_rate": 1e-3]))
    multiTaskStep = try MultiTaskStep(
      method: method, partition: network.partition, optimizer: optimizer)
  }

  /// Takes a step and returns its seconds.
  func step() throws -> Double {
    let start = StepClock.system.seconds()
    _ = try multiTaskStep.step(forward())
    return StepClock.system.seconds() - start
  }

  private func forward() -> ForwardPass {
    let outputs = network(NetworkInput(input))
    let losses = targets.enumerated().map { loss(outputs[$0], $1) }
    return ForwardPass(losses: losses, features: outputs.cut) { [unowned self] in forward() }
  }
}
