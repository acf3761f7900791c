import Torch
import Truce
import TruceEnvironments

/// What acts in the environments and remembers what came of it.
///
/// A step is two calls: ``send(_:)`` acts and does not wait, ``receive()`` waits and remembers. What comes between them
/// sees nothing of the step.
final class Collector {
  /// Where episodes are played.
  let environments: any TaskEnvironments
  /// What is remembered.
  let memory: ReplayMemory
  /// The episode on its way; nil between two.
  var episode: Episode?
  /// What rewards are divided by, where they are.
  var rewardScale: RewardScale

  private let settings: SACSettings
  private let networks: SACNetworks
  var goalSources: [RandomSource]
  var actionSources: [RandomSource]
  /// What the actor's actions are drawn with.
  var noise: TaskNoise
  private var sent: [Float] = []

  init(
    _ environments: any TaskEnvironments, _ settings: SACSettings, _ networks: SACNetworks,
    _ streams: RandomStreams
  ) {
    let shape = networks.shape
    self.environments = environments
    (self.settings, self.networks) = (settings, networks)
    memory = ReplayMemory(
      ReplayMemory.Shape(
        taskCount: shape.taskCount, observationSize: shape.observationSize, actionSize: shape.actionSize),
      capacity: settings.replayRows)
    rewardScale = RewardScale(taskCount: shape.taskCount)
    goalSources = streams.sources(of: .goals, taskCount: shape.taskCount)
    actionSources = streams.sources(of: .firstActions, taskCount: shape.taskCount)
    noise = TaskNoise(.actions, streams, taskCount: shape.taskCount)
  }

  // MARK: Acting

  /// How actions are chosen.
  enum Policy {
    /// Uniformly from [-1, 1].
    case random
    /// By the actor's distribution.
    case actor
  }

  /// Acts, where need be in a new episode.
  func send(_ policy: Policy) throws {
    if episode == nil { memory.begin(try beginEpisode()) }
    sent = policy == .random ? randomActions() : sampledActions()
    try environments.send(sent)
  }

  private func beginEpisode() throws -> [Float] {
    let goals = goalSources.indices.map {
      Int.random(in: 0..<environments.about.goalCount, using: &goalSources[$0])
    }
    let observations = try environments.reset(goals: goals)
    episode = Episode(goals: goals)
    return observations
  }

  private func randomActions() -> [Float] {
    actionSources.indices.flatMap { task in
      (0..<networks.shape.actionSize).map { _ in Float.random(in: -1...1, using: &actionSources[task]) }
    }
  }

  private func sampledActions() -> [Float] {
    let shape = networks.shape
    let draws = noise.draw(
      TaskRows(taskCount: shape.taskCount, each: 1), width: shape.actionSize, dtype: networks.dtype)
    return withoutGradients {
      networks.distribution(memory.newestObservations).sample(draws).action.toArray()
    }
  }

  // MARK: Remembering

  /// Waits for what became of the actions and remembers it.
  ///
  /// - Returns: The episode, where it is over.
  func receive() throws -> Episode? {
    let answer = try environments.receive()
    guard var current = episode else { return nil }
    let marks = zip(current.isEnded, answer.terminated).map { wasEnded, isTerminal -> ReplayMemory.Mark in
      wasEnded ? .none : isTerminal ? .terminal : .transition
    }
    memory.complete(actions: sent, rewards: rewards(answer.rewards, current), marks: marks)
    current.takeIn(
      actions: sent, rewards: answer.rewards, successes: answer.successes, terminated: answer.terminated)
    let isOver = current.stepCount == settings.horizon || current.isEnded.allSatisfy { $0 }
    episode = isOver ? nil : current
    let jumps = isOver && settings.horizonObservation == .nextEpisode
    memory.begin(jumps ? try beginEpisode() : answer.observations)
    return isOver ? current : nil
  }

  /// The rewards of a step of an episode as they are remembered.
  private func rewards(_ rewards: [Float], _ episode: Episode) -> [Float] {
    if settings.rewardNormalization != .none {
      rewardScale.takeIn(zip(rewards, episode.isEnded).map { $1 ? nil : $0 })
    }
    let factors = settings.rewardNormalization == .stepping ? rewardScale.factors : nil
    return rewards.enumerated().map { task, reward in
      Float(Double(reward) * settings.rewardScale * (factors?[task] ?? 1))
    }
  }

  /// What the remembered rewards are multiplied by when transitions are drawn.
  var rewardFactors: [Float] {
    settings.rewardNormalization == .sampling
      ? rewardScale.factors.map { Float($0) } : [Float](repeating: 1, count: rewardScale.taskCount)
  }
}
