import Foundation
public import TruceRun

/// A run in a study's folder that the study file has no more: it belongs to an earlier file.
public struct EarlierRun: Sendable, Equatable, Codable {
  /// Its folder within the study's.
  public let key: RunKey
  /// The method, with what sets the run apart from those of the study.
  public let method: String
  /// The optimizer.
  public let optimizer: String
  /// The learning rate.
  public let learningRate: Double
  /// The only task, for a single-task run.
  public let task: String?
  /// The state in one word.
  public let state: String
  /// The metrics of its last measurement.
  public let metrics: [MetricValue]
}

extension StudyFolder {
  /// The runs in the folder that a plan does not have, by folder.
  ///
  /// - Complexity: O(folders); of each such run three small files are read.
  public func earlierRuns(than plan: StudyPlan) -> [EarlierRun] {
    let known = Set(plan.runs)
    let found = keys().filter { !known.contains($0) }.compactMap { key in
      (try? directory(of: key).configuration()).map { (key: key, configuration: $0) }
    }
    guard !found.isEmpty else { return [] }
    let labels = VariantLabels(found.map(\.configuration) + plan.cells.map(\.configuration))
    return found.map { earlierRun($0.key, labels.variant(of: $0.configuration), $0.configuration) }
  }

  private func earlierRun(
    _ key: RunKey, _ variant: Variant, _ configuration: RunConfiguration
  ) -> EarlierRun {
    let directory = directory(of: key)
    return EarlierRun(
      key: key, method: variant.method, optimizer: variant.optimizer, learningRate: variant.learningRate,
      task: configuration.tasks?.count == 1 ? configuration.tasks?.first : nil,
      state: RunState(of: directory).word, metrics: (try? directory.summary())?.metrics ?? [])
  }

  /// The folders that are named like runs: a cell's identifier and a seed.
  private func keys() -> [RunKey] {
    names(in: url).flatMap { cell in
      names(in: url.appending(path: cell)).compactMap { name in
        Int(name).map { RunKey(cell: cell, seed: $0) }
      }
    }.sorted { ($0.cell, $0.seed) < ($1.cell, $1.seed) }
  }

  private func names(in folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }
  }
}
