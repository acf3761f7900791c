import Foundation
import Torch
import TorchNN
import Truce
import TruceProblems
import TruceRun
import TruceTasks
import TruceTorch

@testable import TruceTraining

/// What a test trains with.
struct TinyRun {
  var method = "ew"
  /// A method that is in no catalogue, in place of the one named.
  var ownMethod: AnyMethod?
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
  var dtype = DType.float32
  var autocast: DType?
  var scaling: GradientScaling?
  var score = EpochScore([])
  var problem: () throws -> TinyProblem = { try TinyProblem() }

  /// Makes a loop whose handlers look at nothing but what they are told.
  func makeLoop(_ handlers: [any TrainingHandler] = [], clock: StepClock = .frozen) throws -> TrainingLoop {
    let learner = try makeLearner()
    let plan = TrainingPlan(epochs: epochs, maximumSteps: maximumSteps, evaluateEvery: evaluateEvery)
    return TrainingLoop(learner, plan: plan, score: score, handlers: handlers, clock: clock)
  }

  /// Makes a loop whose handlers look at the learner.
  func makeLoop(_ handlers: (SupervisedLearner) throws -> [any TrainingHandler]) throws -> TrainingLoop {
    let loop = try makeLoop()
    loop.handlers = try handlers(loop.supervised)
    return loop
  }

  private func makeLearner() throws -> SupervisedLearner {
    let problem = try problem()
    let generator = Generator(seed: 11)
    let network = problem.makeNetwork(using: generator)
    try network.convert(to: dtype)
    let rates = ["learning_rate": OptionValue.number(learningRate)]
    let rule = try OptimizerCatalogue.rule(
      named: optimizer, options: optimizerOptions.merging(rates) { $1 })
    return SupervisedLearner(
      problem: problem, network: network,
      step: try makeStep(network.partition, Optimizer(network.parameters, rule: rule)), generator: generator,
      settings: LearnerSettings(
        schedule: try ScheduleCatalogue.schedule(named: schedule, options: scheduleOptions), epochs: epochs,
        conflictEvery: conflictEvery),
      autocast: autocast)
  }

  private func makeStep(
    _ partition: ParameterPartition, _ optimizer: Optimizer
  ) throws -> MultiTaskStep {
    try MultiTaskStep(
      method: ownMethod ?? Catalogue.method(named: method, options: options),
      weighting: weighting.map { try Catalogue.weighting(named: $0) }, partition: partition,
      optimizer: optimizer, settings: StepSettings(nonFinite: nonFinite, scaling: scaling), seed: 5)
  }
}

extension TrainingLoop {
  /// The learner, which all tests but those of the loop itself train with labels.
  var supervised: SupervisedLearner {
    guard let learner = learner as? SupervisedLearner else { preconditionFailure("another kind of learner") }
    return learner
  }
}

extension StepClock {
  /// A clock that stands still.
  static let frozen = StepClock { 0 }
}

/// Everything the next step depends on, in bits.
struct LoopState: Equatable {
  let network: [String: [UInt64]]
  let optimizer: [String: [UInt64]]
  let optimizerRecord: OptimizerState.Record
  let method: [String: [UInt64]]
  let methodRecord: Data
  let generator: [UInt8]
  let plateau: PlateauSchedule.State?
  let progress: TrainingProgress

  init(_ loop: TrainingLoop) throws {
    let learner = loop.supervised
    let state = learner.optimizer.state()
    network = Self.bits(learner.network.stateDictionary())
    optimizer = Self.bits(state.tensors)
    optimizerRecord = state.record
    method = Self.bits(NamedTensors(learner.multiTaskStep.stateTensors))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    methodRecord = try encoder.encode(Record(step: learner.multiTaskStep))
    generator = learner.generator.state
    plateau = learner.plateau
    progress = loop.progress
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
  /// A step and where training stood after it.
  struct Step {
    let position: TrainingPosition
    let event: StepEvent
    var losses: [Double?] { event.step.losses }
    var values: [String: Double] { event.step.values }
  }

  private(set) var words: [String] = []
  private(set) var epochs: [[String: Double]] = []
  private(set) var steps: [Step] = []

  func handle(_ event: TrainingEvent, at progress: TrainingProgress) {
    let position = progress.position
    switch event {
    case .began(let beginning):
      words.append("began at \(position.step) of \(beginning.stepsPerEpoch) × \(beginning.epochs)")
    case .stepped(let step):
      steps.append(Step(position: position, event: step))
      words.append("step \(position.step)")
    case .epochEnded(let epoch):
      epochs.append(epoch.values)
      let marks = [(epoch.isMeasured, ", measured"), (epoch.isBest, ", best")]
      words.append("epoch \(position.epoch)" + marks.filter(\.0).map(\.1).joined())
    case .ended(let ending): words.append("\(ending.status) at \(ending.step)")
    }
  }
}

extension Catalogues {
  /// What Truce brings.
  static func truce() throws -> Catalogues { try Catalogues(problems: ProblemCatalogue.entries) }
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
