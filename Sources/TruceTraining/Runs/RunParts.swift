import Torch
import TorchNN
import Truce
import TruceData
import TruceModels
import TruceOptions
import TruceRun
import TruceTasks
import TruceTorch

/// The parts of a run, made from its configuration before anything is written.
struct RunParts {
  let choices: TrainingChoices
  let problem: any Problem

  var configuration: RunConfiguration { choices.configuration }
  var device: Device { choices.device }

  init(_ choices: TrainingChoices) throws {
    self.choices = choices
    let configuration = choices.configuration
    if configuration.threads > 0 { try Engine.setThreadCount(configuration.threads) }
    problem = try choices.makeProblem()
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
      optimizer: optimizer(of: network, rule: choices.rule), settings: settings,
      seed: UInt64(configuration.seed))
    return SupervisedLearner(
      problem: problem, network: network, step: step, generator: generator,
      settings: LearnerSettings(
        schedule: choices.schedule, epochs: configuration.epochs,
        conflictEvery: configuration.conflictEvery))
  }

  /// Puts a learner under a loop.
  func makeLoop(_ learner: SupervisedLearner) -> TrainingLoop {
    let plan = TrainingPlan(
      epochs: configuration.epochs, maximumSteps: configuration.maxSteps,
      evaluateEvery: configuration.evaluateEvery)
    return TrainingLoop(
      learner, plan: plan, score: score, evaluators: evaluators(of: learner.supervisedNetwork))
  }

  /// What is measured once after the last epoch.
  private func evaluators(of network: SupervisedNetwork) -> [any Evaluator] {
    guard !choices.corruptions.isEmpty, let clean = problem.evaluationLoaders.last?.loader else { return [] }
    return [CorruptionEvaluator(network, on: clean, corruptions: choices.corruptions)]
  }

  private var settings: StepSettings {
    StepSettings(
      grouping: configuration.grouping, target: configuration.gradients, nonFinite: configuration.nonFinite,
      convention: choices.convention)
  }

  /// What makes an epoch the best one: its metrics on the split that decides.
  private var score: EpochScore {
    let split = problem.evaluationLoaders.first?.split ?? "test"
    return EpochScore(
      problem.tasks.flatMap { task in
        task.metricRecords.map { record in
          (
            key: MetricKey.metric(record.name, of: task.name, split: split),
            higherIsBetter: record.higherIsBetter
          )
        }
      })
  }
}
