import Torch
public import TruceData
public import TruceRun
import TruceTasks

/// Writes what the trained network says about a few pictures to `predictions.json`, once training has ended.
///
/// Nothing is written where the inputs are no pictures; a task that has nothing to show is named with the reason.
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
  ///   - mapCount: How many, where some are maps.
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
    guard data.domains.count == 1 else { return nil }
    let batch = try data.firstBatch(of: sampleCount)
    guard PredictionCollection.takes(batch.input) else { return nil }
    let answers = answers(to: batch)
    let hasMaps = answers.contains { if case .maps = $0.shown { true } else { false } }
    let count = min(batch.count, hasMaps ? mapCount : sampleCount)
    var collection = PredictionCollection(pictures: batch.input[0..<count])
    for (task, shown) in answers {
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

extension HandlerEntry {
  /// The line of what the trained network says about some pictures.
  static let predictions = HandlerEntry(name: "predictions") { run in
    guard let learner = run.supervised else { return nil }
    return learner.problem.evaluationLoaders.last.map {
      PredictionRecorder(in: run.directory, of: learner.supervisedNetwork, on: $0.loader)
    }
  }
}
