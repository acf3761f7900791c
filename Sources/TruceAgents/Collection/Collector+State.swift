import Foundation
import Torch
import Truce
import TruceEnvironments
import TruceTraining

// What the next step depends on, beside the rows of the memory that are in its file.

extension Collector {
  /// The state as a record.
  struct State: Codable {
    /// The episode on its way.
    fileprivate var episode: Episode?
    /// What goals are drawn from.
    fileprivate var goalSources: [RandomSource]
    /// What random actions are drawn from.
    fileprivate var actionSources: [RandomSource]
    /// What the policy draws from.
    fileprivate var noise: PerTask<Data>
    /// What rewards are divided by.
    fileprivate var rewardScale: RewardScale
    /// The newest observations; nil before the first.
    fileprivate var observations: Data?
  }

  /// The state as it is.
  var state: State {
    State(
      episode: episode, goalSources: goalSources, actionSources: actionSources, noise: noise.state,
      rewardScale: rewardScale,
      observations: memory.rows.isEmpty ? nil : FloatBytes.encoded(memory.newestObservations))
  }

  /// Goes back to a state, once the memory holds the rows before the newest.
  ///
  /// The episode on its way is played again from its beginning, which must lead to the same observations.
  ///
  /// - Throws: `ForeignState` where it does not, or where the state is another agent's; `EnvironmentError`.
  func restore(_ state: State) throws {
    noise = try TaskNoise(state.noise, taskCount: memory.shape.taskCount)
    (goalSources, actionSources) = (state.goalSources, state.actionSources)
    (rewardScale, episode) = (state.rewardScale, state.episode)
    guard let observations = state.observations.map(FloatBytes.decoded) else { return }
    guard observations.count == memory.shape.taskCount * memory.shape.observationSize else {
      throw ForeignState(.record, "holds \(observations.count) numbers of observations")
    }
    memory.begin(observations)
    guard let episode else { return }
    let again = try environments.replay(goals: episode.goals, actions: episode.actions)
    guard again.map(\.bitPattern) == observations.map(\.bitPattern) else {
      throw ForeignState(
        .record, "has an episode on its way, which the environments do not play again as they did")
    }
  }
}
