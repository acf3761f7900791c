import Foundation
import Torch
import TruceData
import TruceEnvironments
import TruceRun
import TruceTasks

/// What a run trains, made from its configuration before anything is written.
struct RunSubject {
  /// What learns.
  let learner: any Learner
  /// The same, where it learns from labelled data.
  let supervised: SupervisedLearner?
  /// What is measured once after the last epoch.
  let evaluators: [any Evaluator]
  /// How what a user has became numbers; nil where nothing did.
  let encoding: (any Encodable & Sendable)?
  /// What is to be said of the processes in which environments step.
  let workerNotes = WorkerNotes()

  /// Makes the subject.
  ///
  /// - Parameters:
  ///   - choices: What the configuration chooses.
  ///   - directory: The run's folder.
  ///   - isContinued: Whether the folder holds the run already, whose goals are then taken.
  init(_ choices: TrainingChoices, in directory: RunDirectory, isContinued: Bool) throws {
    try choices.setEngine()
    switch choices.subject {
    case .labelled(let problem, let network):
      let parts = try RunParts(choices, problem, network)
      let learner = try parts.makeLearner()
      self.learner = learner
      supervised = learner
      evaluators = parts.evaluators(of: learner.supervisedNetwork)
      encoding = parts.problem.data.encoding
    case .environments(let environments, let agent):
      let recorded = isContinued ? try directory.environments(as: RecordedEnvironments.self) : nil
      learner = try agent.make(
        choices.agentRun(
          environments, folder: directory.experience, goals: recorded,
          onRestart: workerNotes.takeIn))
      supervised = nil
      evaluators = []
      encoding = nil
    }
  }
}

/// The environments of a run as its folder keeps them: for each purpose, tasks, goals and versions.
typealias RecordedEnvironments = [String: EnvironmentsRecord]

extension TrainingChoices {
  /// What a run gives an agent.
  ///
  /// - Parameters:
  ///   - entry: The environments it acts in.
  ///   - folder: Where it keeps its experience; nil for one that is only measured.
  ///   - goals: The environments of the run so far, whose goals are taken, each task's by its name; nil to draw them.
  ///   - draws: Whether pictures will be asked for.
  ///   - onRestart: What is told of each worker that is started anew.
  func agentRun(
    _ entry: EnvironmentEntry, folder: URL?, goals recorded: RecordedEnvironments?,
    draws: Bool = false, onRestart: @escaping @Sendable (WorkerRestart) -> Void = { _ in }
  ) -> AgentRun {
    let configuration = configuration
    return agentRun(folder: folder) { purpose in
      try entry.make(
        EnvironmentRequest(
          options: configuration.problemOptions, tasks: configuration.tasks, seed: UInt64(configuration.seed),
          purpose: purpose,
          goals: try recorded?[purpose.rawValue].map { try $0.goals(of: configuration.tasks ?? $0.tasks) },
          workers: WorkerSettings(configuration, draws: draws, onRestart: onRestart)))
    }
  }

  /// What a run gives an agent that acts in some environments.
  func agentRun(
    folder: URL?, environments: @escaping (EnvironmentRequest.Purpose) throws -> any TaskEnvironments
  ) -> AgentRun {
    AgentRun(
      configuration: configuration, method: method, weighting: weighting, settings: settings, rule: rule,
      schedule: schedule, device: device, folder: folder, environments: environments)
  }
}

extension WorkerSettings {
  /// What a run's configuration says of its workers.
  init(
    _ configuration: RunConfiguration, draws: Bool, onRestart: @escaping @Sendable (WorkerRestart) -> Void
  ) {
    self.init(count: configuration.workers, draws: draws, onRestart: onRestart)
    if let seconds = configuration.workerStartSeconds { startDeadline = .seconds(seconds) }
    if let seconds = configuration.workerStepSeconds { stepDeadline = .seconds(seconds) }
  }
}
