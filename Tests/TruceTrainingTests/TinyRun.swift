import Foundation
import Torch
import TorchNN
import Truce
import TruceRun
import TruceTorch

@testable import TruceTraining

/// What a test trains with.
struct TinyRun {
  var method = "ew"
  var options: [String: OptionValue] = [:]
  var weighting: String?
  var optimizer = "adam"
  var optimizerOptions: [String: OptionValue] = [:]
  var learningRate = 0.01
  var schedule = "constant"
  var scheduleOptions: [String: OptionValue] = [:]
  var nonFinite = NonFinitePolicy.throw
  var epochs = 3
  var maximumSteps: Int?
  var evaluateEvery = 1
  var conflictEvery = 0
  var problem: () throws -> any Problem = { try TinyProblem() }

  func makeTrainer(_ handlers: [any TrainingHandler] = [], clock: StepClock = .frozen) throws -> Trainer {
    let problem = try problem()
    let generator = Generator(seed: 11)
    let network = try problem.makeNetwork(using: generator)
    let rates = ["learning_rate": OptionValue.number(learningRate)]
    let rule = try OptimizerCatalogue.rule(
      named: optimizer, options: optimizerOptions.merging(rates) { $1 })
    return Trainer(
      problem: problem, network: network,
      step: try makeStep(network.partition, Optimizer(network.parameters, rule: rule)), generator: generator, plan: try plan, handlers: handlers,
      clock: clock)
  }

  private func makeStep(
    _ partition: ParameterPartition, _ optimizer: Optimizer
  ) throws -> MultiTaskStep {
    try MultiTaskStep(
      method: Catalogue.method(named: method, options: options),
      weighting: weighting.map { try Catalogue.weighting(named: $0) }, partition: partition,
      optimizer: optimizer, settings: StepSettings(nonFinite: nonFinite), seed: 5)
  }

  private var plan: TrainingPlan {
    get throws {
      TrainingPlan(
        epochs: epochs, maximumSteps: maximumSteps, evaluateEvery: evaluateEvery,
        conflictEvery: conflictEvery,
        schedule: try ScheduleCatalogue.schedule(named: schedule, options: scheduleOptions))
    }
  }
}

extension StepClock {
  /// A clock that stands still.
  static let frozen = StepClock { 0 }
}

/// Everything the next step depends on, in bits.
struct TrainerState: Equatable {
  let network: [String: [UInt64]]
  let optimizer: [String: [UInt64]]
  let optimizerRecord: OptimizerState.Record
  let method: [String: [UInt64]]
  let methodRecord: Data
  let generator: [UInt8]
  let progress: TrainingProgress

  init(_ trainer: Trainer) throws {
    let state = trainer.optimizer.state()
    network = Self.bits(trainer.network.stateDictionary())
    optimizer = Self.bits(state.tensors)
    optimizerRecord = state.record
    method = Self.bits(NamedTensors(trainer.multiTaskStep.stateTensors))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    methodRecord = try encoder.encode(Record(step: trainer.multiTaskStep))
    generator = trainer.generator.state
    progress = trainer.progress
  }

  private static func bits(_ tensors: NamedTensors) -> [String: [UInt64]] {
    tensors.dictionary.mapValues { $0.to(.float64).toArray(as: Double.self).map(\.bitPattern) }
  }

  private struct Record: Encodable {
    let step: MultiTaskStep
    func encode(to encoder: any Encoder) throws { try step.encodeState(to: encoder) }
  }
}

/// Remembers what it is told.
final class EventMemory: TrainingHandler {
  private(set) var words: [String] = []
  private(set) var epochs: [[String: Double]] = []
  private(set) var steps: [StepEvent] = []

  func handle(_ event: TrainingEvent, of trainer: Trainer) {
    switch event {
    case .began(let beginning, let position):
      words.append("began at \(position.step) of \(beginning.stepsPerEpoch) × \(beginning.epochs)")
    case .stepped(let step):
      steps.append(step)
      words.append("step \(step.position.step)")
    case .epochEnded(let epoch):
      epochs.append(epoch.values)
      words.append("epoch \(epoch.position.epoch)\(epoch.isMeasured ? ", measured" : "")")
    case .ended(let ending): words.append("\(ending.status) at \(ending.step)")
    }
  }
}

/// A folder for one test, removed with the value.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The names in the folder, hidden ones too.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}
