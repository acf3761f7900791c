import Foundation
import Torch
public import TruceData
public import TruceRun
import TruceTasks

/// Writes what the trained network says about a few pictures to `predictions.json`, once training has ended.
///
/// Nothing is written where the inputs are no pictures or no task can put its answers into words.
public final class PredictionRecorder: TrainingHandler {
  private let directory: RunDirectory
  private let network: SupervisedNetwork
  private let data: any BatchSource
  private let sampleCount: Int

  /// The longest side, in pixels, of a picture that is kept.
  private static let longestSide = 512

  /// Creates a recorder.
  ///
  /// - Parameters:
  ///   - directory: The run's folder.
  ///   - network: The network and its tasks.
  ///   - data: The split whose first samples are shown.
  ///   - sampleCount: How many.
  public init(
    in directory: RunDirectory, of network: SupervisedNetwork, on data: any BatchSource, sampleCount: Int = 8
  ) {
    self.directory = directory
    self.network = network
    self.data = data
    self.sampleCount = sampleCount
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
    let shape = batch.input.shape
    guard shape.count == 4, max(shape[2], shape[3]) <= Self.longestSide else { return nil }
    let answers = answers(to: batch)
    guard !answers.isEmpty else { return nil }
    let samples = (0..<batch.count).compactMap { position in
      PNG.data(of: batch.input.selected(0, position)).map { picture in
        PredictionRecord.Sample(
          picture: "data:image/png;base64,\(picture.base64EncodedString())",
          answers: answers.mapValues { $0[position] })
      }
    }
    return samples.isEmpty ? nil : PredictionRecord(samples: samples)
  }

  /// The answers of each task that has words for them, one for each sample.
  private func answers(to batch: Batch) -> [String: [PredictionRecord.Answer]] {
    let outputs = network.answers(to: batch)
    var answers: [String: [PredictionRecord.Answer]] = [:]
    for (task, output) in zip(network.tasks, outputs) {
      guard let output, let target = batch[task: task.name] else { continue }
      answers[task.name] = task.answers(output: output, target: target)
    }
    return answers
  }
}

extension HandlerEntry {
  /// The line of what the trained network says about some pictures.
  static let predictions = HandlerEntry(name: "predictions") { run in
    run.learner.problem.evaluationLoaders.last.map {
      PredictionRecorder(in: run.directory, of: run.learner.supervisedNetwork, on: $0.loader)
    }
  }
}
