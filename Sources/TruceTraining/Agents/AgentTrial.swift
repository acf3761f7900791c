import Foundation
import Truce
public import TruceEnvironments
import TruceOptions
public import TruceRun

/// Who acts in an evaluation.
public enum ActingPolicy: String, Codable, CaseIterable, Sendable {
  /// What a run has learned, by the action it thinks best.
  case learned
  /// The scripted policies that environments bring.
  case expert
  /// Nobody: actions are drawn from all there are.
  case random
}

/// Episodes played in the environments of a run, or of a configuration without one.
public struct AgentTrial {
  private let configuration: RunConfiguration
  private let catalogues: Catalogues
  private let directory: RunDirectory?
  private let drawsGoals: Bool

  /// Prepares a trial; nothing is read or started yet.
  ///
  /// - Parameters:
  ///   - configuration: What names the environments, and for a run the agent.
  ///   - catalogues: What the configuration can name.
  ///   - directory: The run's folder; nil where there is none.
  ///   - drawsGoals: Whether goals are drawn from the configuration's seed though the run has some.
  public init(
    _ configuration: RunConfiguration, catalogues: Catalogues, directory: RunDirectory? = nil,
    drawsGoals: Bool = false
  ) {
    self.drawsGoals = drawsGoals
    self.configuration = configuration
    self.catalogues = catalogues
    self.directory = directory
  }

  /// Plays episodes on the evaluation goals.
  ///
  /// - Parameters:
  ///   - policy: Who acts.
  ///   - tasks: The tasks that are told of; nil for all that are played.
  ///   - episodes: The episodes of each task.
  ///   - horizon: The steps of an episode; nil for as many as the agent is told.
  ///   - checkpoint: What a run's agent had learned by then.
  /// - Throws: ``TrainingError``, `EnvironmentError`, or what else keeps agent or environments from being made.
  public func play(
    _ policy: ActingPolicy, tasks: [String]? = nil, episodes: Int, horizon: Int? = nil,
    checkpoint: CheckpointChoice = .last
  ) throws -> TrialResult {
    try acting(policy, horizon, checkpoint) { stage in
      let told = try places(of: tasks, in: stage)
      let evaluation = PolicyEvaluation(stage.environments, episodes: episodes, horizon: stage.horizon)
      let outcomes = try evaluation.run { try stage.act($0) }
      let about = stage.environments.about
      return TrialResult(
        problem: configuration.problem, policy: policy,
        checkpoint: policy == .learned ? checkpoint.word : nil,
        goalSeed: stage.hasRecordedGoals ? nil : configuration.seed, horizon: stage.horizon,
        conditions: (about.conditions ?? [:]).merging([
          TrialConditions.horizon: "\(stage.horizon)", TrialConditions.episodes: "\(episodes)",
        ]) { $1 },
        versions: about.versions, tasks: told.map { TrialResult.Task(outcomes[$0]) })
    }
  }

  /// Where some tasks stand among those that are played; all where none are named.
  private func places(of tasks: [String]?, in stage: Stage) throws(EnvironmentError) -> [Int] {
    let known = stage.environments.about.tasks
    var places: [Int] = []
    for task in tasks ?? known {
      guard let place = known.firstIndex(of: task) else {
        throw .unknown(task, of: directory == nil ? configuration.problem : "the run", known: known)
      }
      guard !places.contains(place) else { throw .repeatedTask(task) }
      places.append(place)
    }
    return places
  }

  /// Plays an episode on an evaluation goal and takes pictures of some tasks.
  ///
  /// - Parameters:
  ///   - policy: Who acts.
  ///   - tasks: The tasks to be taken; nil for all.
  ///   - goal: The number of the goal.
  ///   - frames: How many pictures of each.
  ///   - size: How large they are to be.
  ///   - horizon: The steps of the episode; nil for as many as the agent is told.
  ///   - checkpoint: What a run's agent had learned by then.
  /// - Throws: As ``play(_:tasks:episodes:horizon:checkpoint:)``, and where the environments cannot be drawn.
  public func film(
    _ policy: ActingPolicy, tasks: [String]? = nil, goal: Int = 0, frames: Int, size: PictureSize,
    horizon: Int? = nil, checkpoint: CheckpointChoice = .last
  ) throws -> EpisodeFilm {
    try acting(policy, horizon, checkpoint, draws: true) { stage in
      return try EpisodeFilm(
        of: stage.environments, tasks: places(of: tasks, in: stage), goal: goal, horizon: stage.horizon,
        frames: frames, size: size
      ) { try stage.act($0) }
    }
  }

  /// Where a policy acts, and how.
  private struct Stage {
    let environments: any TaskEnvironments
    let hasRecordedGoals: Bool
    let horizon: Int
    let act: ([Float]) throws -> [Float]
  }

  private func acting<Result>(
    _ policy: ActingPolicy, _ horizon: Int?, _ checkpoint: CheckpointChoice, draws: Bool = false,
    _ body: (Stage) throws -> Result
  ) throws -> Result {
    let choices = try TrainingChoices(configuration, catalogues)
    guard case .environments(let problem, let agent) = choices.subject else {
      throw TrainingError.incompatible(
        reason: "\(configuration.problem) has labelled data and no environments to act in",
        help: "name a problem with environments, such as point-tasks")
    }
    let recorded = drawsGoals ? nil : try directory?.environments(as: RecordedEnvironments.self)
    let run = choices.agentRun(problem, folder: nil, goals: recorded, draws: draws)
    let environments = try run.environments(.evaluation)
    defer { environments.close() }
    return try body(
      Stage(
        environments: environments,
        hasRecordedGoals: recorded?[EnvironmentRequest.Purpose.evaluation.rawValue] != nil,
        horizon: horizon ?? agent.horizon(under: configuration.agentOptions),
        act: action(of: policy, agent, choices, in: environments, checkpoint)))
  }

  /// What chooses the actions.
  private func action(
    of policy: ActingPolicy, _ entry: AgentEntry, _ choices: TrainingChoices,
    in environments: any TaskEnvironments, _ checkpoint: CheckpointChoice
  ) throws -> ([Float]) throws -> [Float] {
    switch policy {
    case .expert: return { _ in try environments.expertActions() }
    case .random:
      var source = RandomSource(seed: UInt64(configuration.seed))
      let count = environments.about.tasks.count * environments.about.actionSize
      return { _ in (0..<count).map { _ in Float.random(in: -1...1, using: &source) } }
    case .learned:
      // The agent only acts here, so that it needs no environments beside these.
      let agent = try entry.make(choices.agentRun(folder: nil) { _ in environments })
      try restore(agent, checkpoint)
      return agent.actions
    }
  }

  private func restore(_ agent: any ActingLearner, _ checkpoint: CheckpointChoice) throws {
    guard let directory else { return }
    let store = CheckpointStore(directory.checkpoints)
    guard try store.restore(checkpoint, into: agent) == nil else { return }
    throw TrainingError.noCheckpoint(
      path: directory.checkpoints.relativePath, reason: "has no checkpoint '\(checkpoint.word)'",
      intact: store.names)
  }
}

extension AgentEntry {
  /// The steps of an episode under some options: the option `horizon`, which every agent has.
  fileprivate func horizon(under options: [String: OptionValue]) -> Int {
    let usual = about.parameters.first { $0.name == TrialConditions.horizon }?.defaultValue
    guard case .number(let steps)? = options[TrialConditions.horizon] ?? usual else { return 1 }
    return Int(steps)
  }
}
