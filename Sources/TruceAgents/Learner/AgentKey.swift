import TorchNN
import Truce
import TruceRun
import TruceTasks
import TruceTorch
import TruceTraining

/// The names under which an agent's values are recorded, beside those of `MetricKey`.
enum AgentKey {
  /// A task's loss of the actor.
  static func actorLoss(_ task: String) -> String { "train/\(task)/actor_loss" }
  /// A task's temperature.
  static func temperature(_ task: String) -> String { "train/\(task)/temperature" }
  /// A task's mean of −log π.
  static func entropy(_ task: String) -> String { "train/\(task)/entropy" }
}

extension AgentLearner {
  /// What logs and means are told of a step.
  func describe(_ reports: [SACUpdate.Report], _ episode: Episode?, _ means: inout RunningMeans)
    -> LearnerStep
  {
    for report in reports { add(report, to: &means) }
    if let episode { add(episode, to: &means) }
    guard let last = reports.last else { return LearnerStep(losses: taskNames.map { _ in nil }) }
    let conflict = reports.lazy.map(\.conflict).first { !$0.isEmpty } ?? [:]
    let skips = reports.compactMap { report in report.skip?.words(taskNames) }
    return LearnerStep(
      losses: last.criticLosses, values: values(of: last).merging(conflict) { $1 }, skipReason: skips.first,
      isNotable: !conflict.isEmpty)
  }

  private func add(_ report: SACUpdate.Report, to means: inout RunningMeans) {
    for (key, value) in values(of: report) where value.isFinite && key != "learning_rate" {
      means.add(value, to: key)
    }
    for (key, value) in report.conflict { means.add(value, to: key) }
  }

  private func add(_ episode: Episode, to means: inout RunningMeans) {
    for (task, name) in taskNames.enumerated() {
      means.add(episode.successes[task] ? 1 : 0, to: MetricKey.metric("success", of: name, split: "train"))
      means.add(episode.returns[task], to: MetricKey.metric("return", of: name, split: "train"))
    }
  }

  private func values(of report: SACUpdate.Report) -> [String: Double] {
    var values = ["learning_rate": update.criticStep.optimizer.learningRates[0]]
    for (task, name) in taskNames.enumerated() {
      values[MetricKey.loss(name, split: "train")] = report.criticLosses[task]
      values[AgentKey.actorLoss(name)] = report.actorLosses[task]
      values[AgentKey.entropy(name)] = report.entropies[task]
      values[AgentKey.temperature(name)] = report.temperatures[task]
      values[MetricKey.weight(name)] = report.critic.meanWeights?[task]
    }
    return values
  }
}

extension SACUpdate.Report {
  /// The critics' loss of each task, without its weight.
  var criticLosses: [Double?] { plain(critic.losses) }

  /// The actor's loss of each task, without its weight.
  var actorLosses: [Double?] { plain(actor.losses) }

  private func plain(_ losses: [Double?]) -> [Double?] {
    guard let taskWeights else { return losses }
    return zip(losses, taskWeights).map { loss, weight in loss.map { $0 / weight } }
  }

  /// Why a part did not move; nil where both did.
  var skip: PartError? {
    critic.skipReason.map { PartError(part: .critic, error: $0) }
      ?? actor.skipReason.map { PartError(part: .actor, error: $0) }
  }

  /// The conflict that was measured, part by part, and the mean share of both; empty where none was.
  var conflict: [String: Double] {
    var values: [String: Double] = [:]
    var shares: [Double] = []
    for (part, report) in [(PartError.Part.critic, critic), (.actor, actor)] {
      guard let conflict = report.conflict else { continue }
      for (key, value) in conflict.values {
        values[MetricKey.conflict(key, of: part.rawValue)] = value
      }
      shares.append(conflict.measures.conflictingShare)
    }
    if !shares.isEmpty { values[MetricKey.conflictShare] = shares.reduce(0, +) / Double(shares.count) }
    return values
  }
}

extension PartError {
  /// What went wrong, with the task's name in place of its number.
  func words(_ taskNames: [String]) -> String {
    guard case .nonFinite(let task, let what) = error, taskNames.indices.contains(task) else {
      return "\(part.rawValue): \(error)"
    }
    return "the \(part.rawValue)'s \(what) of task '\(taskNames[task])' is not finite"
  }
}
