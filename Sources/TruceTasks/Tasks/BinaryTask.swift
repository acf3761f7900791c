public import Torch
import TorchNN
public import TruceData
public import TruceModels
public import TruceOptions
import TruceRun

/// A task of yes and no, whose output is one logit an example: binary cross entropy, measured by accuracy unless told
/// otherwise.
public struct BinaryTask: ProblemTask {
  /// The task's name.
  public let name: String
  private let metrics: [any Metric]

  /// Creates a task.
  ///
  /// - Parameters:
  ///   - name: The task's name.
  ///   - metrics: What is measured: metrics that have seen nothing, such as ``F1Score`` and ``AreaUnderCurve``.
  public init(name: String, metrics: [any Metric] = [BinaryAccuracy()]) {
    self.name = name
    self.metrics = metrics
  }

  /// One logit.
  public var output: TaskOutput { .vector(1) }

  /// Yes or no.
  public var answerKind: AnswerKind? { .yesOrNo }

  /// The mean cross entropy over the labelled samples; nil where there are none.
  public func loss(output: Tensor, target: TaskTarget) -> Tensor? {
    guard target.hasLabels else { return nil }
    return Losses.binaryCrossEntropyWithLogits(
      output, target.values.to(output.dtype), mask: target.elementMask)
  }

  /// The metrics, which have seen nothing.
  public func makeMetrics() -> [any Metric] { metrics }

  /// The more frequent answer.
  public func constantAnswers(to target: TaskTarget) -> [Tensor] {
    let labels = target.labelledValues
    guard labels.count > 0 else { return [] }
    let isMostlyYes = labels.greater(0).sum().integerItem() * 2 > labels.count
    return [Tensor([isMostlyYes ? 1.0 : -1.0], shape: [1, 1]).to(labels.device)]
  }

  /// 1 for yes and 0 for no.
  public func answers(output: Tensor, target: TaskTarget) -> ShownAnswers? {
    let predictions = output.flattened(from: 0).toArray(as: Double.self)
    let labels = target.values.flattened(from: 0).toArray(as: Double.self)
    let isLabelled = target.mask?.toArray(as: Bool.self)
    let answers = predictions.indices.map { index in
      PredictionRecord.Answer(
        label: isLabelled?[index] ?? true ? "\(Int(labels[index]))" : nil,
        prediction: predictions[index] > 0 ? "1" : "0")
    }
    return .words(answers)
  }
}
