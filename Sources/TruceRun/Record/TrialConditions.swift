import Foundation
import TruceOptions

/// Under which conditions agents were tried: what the success rates in one table must share.
///
/// The same agent reaches other success rates under other rewards, goals, observations or horizons, so numbers that were
/// measured under different ones say nothing about each other. How rewards were scaled for learning, and how many episodes
/// an evaluation has, may differ; a table names them all the same.
public struct TrialConditions: Equatable, Sendable {
  /// The name of the number of steps in an episode.
  public static let horizon = "horizon"
  /// The name of the number of episodes of each task in an evaluation.
  public static let episodes = "evaluation_episodes"
  /// The name of what rewards are multiplied by.
  public static let rewardScale = "reward_scale"
  /// The name of what rewards are divided by.
  public static let rewardNormalization = "reward_normalization"

  /// The names of those that are an agent's options; the others are options of the environments.
  public static let ofAgents = [horizon, episodes, rewardScale, rewardNormalization]

  /// The values by name.
  public let values: [String: String]

  /// Creates conditions.
  public init(_ values: [String: String]) {
    self.values = values
  }

  /// Names that may differ within a table.
  private static let free: Set<String> = [episodes, rewardScale, rewardNormalization]

  /// The number of episodes of each task in an evaluation; nil where it is not known.
  public var episodeCount: Int? { values[Self.episodes].flatMap { Int($0) } }

  /// All of them in words, such as `goals 50, horizon 500, observation 39, rewards v2`, in alphabetical order.
  public var text: String {
    values.sorted { $0.key < $1.key }.map { "\($0.key.replacing("_", with: " ")) \($0.value)" }
      .joined(separator: ", ")
  }

  /// A condition on which two disagree: its name and both values; nil where there is none.
  func conflict(with other: Self) -> (name: String, own: String, other: String)? {
    values.keys.sorted().lazy.filter { !Self.free.contains($0) }.compactMap { name in
      guard let own = values[name], let other = other.values[name], own != other else { return nil }
      return (name, own, other)
    }.first
  }

  /// Throws where some runs were tried under conditions that must not stand in one table.
  ///
  /// - Throws: ``RunError/mixedConditions(_:)``.
  public static func check(_ records: [RunRecord]) throws(RunError) {
    var first: [String: (record: RunRecord, conditions: TrialConditions)] = [:]
    for record in records {
      guard let conditions = record.conditions else { continue }
      guard let earlier = first[record.configuration.problem] else {
        first[record.configuration.problem] = (record, conditions)
        continue
      }
      guard let conflict = earlier.conditions.conflict(with: conditions) else { continue }
      throw .mixedConditions(
        MixedConditions(
          paths: [earlier.record, record].map(\.directory.url.relativePath), name: conflict.name,
          values: [conflict.own, conflict.other]))
    }
  }
}

/// Two runs that must not stand in one table.
public struct MixedConditions: Equatable, Sendable, CustomStringConvertible {
  /// The folders of both.
  public let paths: [String]
  /// What they differ in.
  public let name: String
  /// What it is in each.
  public let values: [String]

  /// The problem in one line.
  public var description: String {
    "\(paths[0]) and \(paths[1]) cannot stand in one table: \(name) is \(values[0]) in one and \(values[1]) in the other"
  }
}

extension RunRecord {
  /// The conditions under which the run's agent is tried; nil where labelled data is learned, or before it has begun.
  ///
  /// Runs of versions that did not record them tell what their configuration says.
  public var conditions: TrialConditions? {
    if let conditions = beginning?.conditions { return TrialConditions(conditions) }
    guard beginning?.tasks.contains(where: \.isTrial) == true else { return nil }
    let own = configuration.problemOptions.mapValues(\.description)
    let agent = configuration.agentOptions.filter { TrialConditions.ofAgents.contains($0.key) }
    return TrialConditions(own.merging(agent.mapValues(\.description)) { $1 })
  }
}

extension TaskRecord {
  /// The metric that says how often an agent succeeded.
  public static let success = "success"

  /// Whether the task is tried by an agent: its successes are counted.
  public var isTrial: Bool { metrics.contains { $0.name == Self.success } }
}
