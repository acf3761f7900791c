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

  /// The names of those that must not differ within a table, in alphabetical order.
  fileprivate var boundNames: [String] { values.keys.filter { !Self.free.contains($0) }.sorted() }

  /// Throws where some runs were tried under conditions that must not stand in one table.
  ///
  /// - Throws: ``RunError/mixedConditions(_:)``.
  public static func check(_ records: [RunRecord]) throws(RunError) {
    let tried = records.compactMap { record in
      record.conditions.map { (record.directory.url.relativePath, record.configuration.problem, $0) }
    }
    if let mixed = MixedConditions(among: tried) { throw .mixedConditions(mixed) }
  }

  /// Throws where a run was tried under other conditions than those of a table, or does not tell one of them.
  ///
  /// - Parameters:
  ///   - records: The runs; those on labelled data are passed over.
  ///   - table: The table's name.
  /// - Throws: ``RunError/mixedConditions(_:)``.
  public func check(_ records: [RunRecord], besideTable table: String) throws(RunError) {
    for record in records {
      guard let own = record.conditions else { continue }
      for name in values.keys.sorted() where own.values[name] != values[name] {
        throw .mixedConditions(
          MixedConditions(
            paths: [record.directory.url.relativePath, "the published \(table)"], name: name,
            values: [own.values[name] ?? "not told", values[name] ?? ""]))
      }
    }
  }

  /// All that some runs tell in words, in alphabetical order: every value where they differ, such as `rewards v1 or v2`.
  ///
  /// - Returns: The words; empty where no run tells anything.
  public static func text(of records: [RunRecord]) -> String {
    var all: [String: Set<String>] = [:]
    for (name, value) in records.compactMap(\.conditions).flatMap({ Array($0.values) }) {
      all[name, default: []].insert(value)
    }
    return TrialConditions(all.mapValues(Self.either)).text
  }

  private static func either(_ values: Set<String>) -> String {
    values.sorted { $0.compare($1, options: .numeric) == .orderedAscending }.joined(separator: " or ")
  }
}

/// Two runs, or a run and a table, whose numbers must not stand side by side.
public struct MixedConditions: Equatable, Sendable, CustomStringConvertible {
  /// What both are called: a run's folder, a cell of a study, a table.
  public let paths: [String]
  /// What they differ in.
  public let name: String
  /// What it is in each.
  public let values: [String]

  /// Finds the first two that must not stand in one table; nil where all may.
  ///
  /// Each is held against whatever any one before it told, since some do not tell every condition.
  ///
  /// - Parameter tried: A name, a problem and the conditions of each; those on other problems are not held against it.
  public init?(among tried: [(name: String, problem: String, conditions: TrialConditions)]) {
    var told: [String: [String: (by: String, value: String)]] = [:]
    for (name, problem, conditions) in tried {
      for condition in conditions.boundNames {
        guard let value = conditions.values[condition] else { continue }
        let earlier = told[problem]?[condition] ?? (name, value)
        guard earlier.value == value else {
          self.init(paths: [earlier.by, name], name: condition, values: [earlier.value, value])
          return
        }
        told[problem, default: [:]][condition] = earlier
      }
    }
    return nil
  }

  init(paths: [String], name: String, values: [String]) {
    self.paths = paths
    self.name = name
    self.values = values
  }

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
