package import Torch
import TorchNN
import Truce
import TruceData
import TruceModels
import TruceOptions
package import TruceRun
import TruceTasks
import TruceTorch

/// The parts of a run that learns from labelled data, made from its configuration before anything is written.
struct RunParts {
  let choices: TrainingChoices
  let network: NetworkChoice
  let problem: any Problem

  var configuration: RunConfiguration { choices.configuration }
  var device: Device { choices.device }

  init(_ choices: TrainingChoices, _ problem: ProblemEntry, _ network: NetworkChoice) throws {
    self.choices = choices
    self.network = network
    self.problem = try choices.makeProblem(problem)
    try checkCorruptions()
  }

  /// Makes network, optimizer and step from the seed.
  func makeLearner() throws -> SupervisedLearner {
    let generator = try Generator(seed: UInt64(configuration.seed), device: .cpu)
    let network = try makeNetwork(using: generator)
    if configuration.similarityEvery > 0 {
      _ = try SimilarityProbe(
        of: SupervisedNetwork(network, tasks: problem.tasks), layers: configuration.similarityLayers)
    }
    let step = try MultiTaskStep(
      method: choices.method, weighting: choices.weighting, partition: network.partition,
      optimizer: optimizer(of: network, rule: choices.rule), settings: choices.settings,
      seed: UInt64(configuration.seed))
    return SupervisedLearner(
      problem: problem, network: network, step: step, generator: generator,
      settings: LearnerSettings(
        schedule: choices.schedule, epochs: configuration.epochs,
        conflictEvery: configuration.conflictEvery),
      autocast: configuration.autocast.type)
  }

  /// What is measured once after the last epoch.
  func evaluators(of network: SupervisedNetwork) -> [any Evaluator] {
    guard !choices.corruptions.isEmpty, let clean = problem.evaluationLoaders.last?.loader else { return [] }
    return [CorruptionEvaluator(network, on: clean, corruptions: choices.corruptions)]
  }
}

extension Autocast {
  /// The type; nil for none.
  package var type: DType? {
    switch self {
    case .none: nil
    case .bfloat16: .bfloat16
    case .float16: .float16
    }
  }
}
