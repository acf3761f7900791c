import Foundation
import Torch
import TorchNN
import TruceData
import TruceModels
import TruceRun

extension Trainer {
  /// The longest side, in pixels, of a picture that is kept.
  private static let longestSide = 512

  /// What the network says about the first samples of the last split; nil where the inputs are no pictures or no task
  /// can put its answers into words.
  ///
  /// - Throws: `DataError` where a sample cannot be read.
  func predictions(sampleCount: Int = 8) throws(DataError) -> PredictionRecord? {
    guard let loader = problem.evaluationLoaders.last?.loader, loader.domains.count == 1 else { return nil }
    let batch = try loader.firstBatch(of: sampleCount)
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
    network.setTraining(false)
    defer { network.setTraining(true) }
    let outputs = withoutGradients { network.outputs(from: network.features(of: batch)) }
    var answers: [String: [PredictionRecord.Answer]] = [:]
    for (task, output) in zip(problem.tasks, outputs) {
      guard let target = batch[task: task.name] else { continue }
      answers[task.name] = task.answers(output: output, target: target)
    }
    return answers
  }
}
