import Torch
public import TruceData
public import TruceRun
import TruceTasks

/// Writes what the trained network says about a few pictures to `predictions.json`, once training has ended.
///
/// Nothing is written where the inputs are no pictures; a task that has nothing to show is named with the reason. Where
/// tasks have domains of their own, each is shown some pictures of its own.
public final class PredictionRecorder: TrainingHandler {
  private let directory: RunDirectory
  private let network: SupervisedNetwork
  private let data: any BatchSource
  private let sampleCount: Int
  private let mapCount: Int

  /// Creates a recorder.
  ///
  /// - Parameters:
  ///   - directory: The run's folder.
  ///   - network: The network and its tasks.
  ///   - data: The split whose first samples are shown.
  ///   - sampleCount: How many, where all answers are words.
  ///   - mapCount: How many, where some are maps, and how many of each of several domains.
  public init(
    in directory: RunDirectory, of network: SupervisedNetwork, on data: any BatchSource, sampleCount: Int = 8,
    mapCount: Int = 4
  ) {
    self.directory = directory
    self.network = network
    self.data = data
    self.sampleCount = sampleCount
    self.mapCount = mapCount
  }

  /// Writes the predictions at the end.
  ///
  /// - Throws: `DataError` where a sample cannot be read, or `RunError` where the file cannot be written.
  public func handle(_ event: TrainingEvent, at progress: TrainingProgress) throws {
    guard case .ended = event, let predictions = try predictions() else { return }
    try directory.write(predictions)
  }

  private func predictions() throws -> PredictionRecord? {
    let batch = try batch()
    let answers = answers(to: batch)
    let hasMaps = answers.contains { if case .maps = $0.shown { true } else { false } }
    let limit = hasMaps ? mapCount : sampleCount
    let records = batch.domains.compactMap { record(of: $0, answers, limit) }
    return records.isEmpty ? nil : PredictionRecord(joining: records)
  }

  /// The first samples; of domains with names, whose samples may lie class by class, some drawn once for all runs.
  private func batch() throws -> Batch {
    guard data.domains.contains(where: { !$0.name.isEmpty }) else {
      return try data.firstBatch(of: sampleCount)
    }
    return try data.randomBatch(of: mapCount, seed: 0, number: 0)
  }

  /// The pictures of a domain with the answers of its tasks; nil where its inputs are no pictures.
  private func record(
    of domain: DomainBatch, _ answers: [(task: String, shown: ShownAnswers?)], _ limit: Int
  ) -> PredictionRecord? {
    guard PredictionCollection.takes(domain.input) else { return nil }
    var collection = PredictionCollection(pictures: domain.input[0..<min(domain.count, limit)])
    for (task, shown) in answers where domain[task: task] != nil {
      if let shown {
        collection.add(shown, of: task)
      } else {
        collection.omit(task, because: "its answers are neither words nor maps")
      }
    }
    return collection.record
  }

  /// The answers of each task that the batch asks for, one for each sample; nil of a task that has nothing to show.
  private func answers(to batch: Batch) -> [(task: String, shown: ShownAnswers?)] {
    zip(network.tasks, network.answers(to: batch)).compactMap { task, output in
      guard let output, let target = batch[task: task.name] else { return nil }
      return (task.name, task.answers(output: output, target: target))
    }
  }
}

extension PredictionRecord {
  /// The records of several domains as one, whose samples have the answers of their own domain's tasks.
  fileprivate init(joining records: [PredictionRecord]) {
    self.init(
      samples: records.flatMap(\.samples),
      legends: records.reduce(into: [:]) { $0.merge($1.legends) { $1 } },
      omissions: records.reduce(into: [:]) { $0.merge($1.omissions) { $1 } })
  }
}

extension HandlerEntry {
  /// The line of what the trained network says about some pictures.
  static let predictions = HandlerEntry(name: "predictions") { run in
    guard let learner = run.supervised else { return nil }
    return learner.problem.evaluationLoaders.last.map {
      PredictionRecorder(in: run.directory, of: learner.supervisedNetwork, on: $0.loader)
    }
  }
}
