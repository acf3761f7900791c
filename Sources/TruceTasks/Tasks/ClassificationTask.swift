public import Torch
import TorchNN
public import TruceData
public import TruceModels
public import TruceOptions
import TruceRun

/// A task whose output is one logit a class: cross entropy, measured by accuracy.
public struct ClassificationTask: ProblemTask, Sendable {
  /// The task's name.
  public let name: String

  /// The number of classes.
  public let classCount: Int
  /// The part of an example that is to be classified, where examples have parts; nil for the whole example.
  public let part: Int?
  /// The classes in words, for readers; nil where only their numbers are known.
  public let words: [String]?

  /// Creates a task.
  public init(name: String, classCount: Int, part: Int? = nil) {
    self.name = name
    self.classCount = classCount
    self.part = part
    words = nil
  }

  /// Creates a task whose classes have names.
  public init(name: String, words: [String]) {
    self.name = name
    classCount = words.count
    part = nil
    self.words = words
  }

  /// A logit a class.
  public var output: TaskOutput { .vector(classCount) }

  /// Classes.
  public var answerKind: AnswerKind? { .classes }

  /// The mean cross entropy over the labelled samples; nil where there are none.
  public func loss(output: Tensor, target: TaskTarget) -> Tensor? {
    guard target.hasLabels else { return nil }
    guard target.mask != nil else { return Losses.crossEntropy(output, target.values) }
    return Losses.crossEntropy(
      output, target.values(ignoring: Self.ignoredLabel), ignoring: Self.ignoredLabel)
  }

  private static let ignoredLabel = -100

  /// An accuracy that has seen nothing.
  public func makeMetrics() -> [any Metric] { [Accuracy()] }

  /// The most frequent class, as a logit of 1.
  public func constantAnswers(to target: TaskTarget) -> [Tensor] {
    let labels = target.labelledValues
    guard labels.count > 0 else { return [] }
    let counts = labels.bincount(minimumLength: classCount)
    let row = counts.argmax(0).oneHot(classCount: classCount).to(.float32)
    let rest = Array(repeating: 1, count: target.values.rank - 1)
    return [row.reshaped([1, classCount] + rest)]
  }

  /// The classes in words or by their numbers, for outputs of one class a sample.
  public func answers(output: Tensor, target: TaskTarget) -> ShownAnswers? {
    guard output.rank == 2 else { return nil }
    let predictions = output.argmax(1).toArray(as: Int.self)
    let labels = target.values.toArray(as: Int.self)
    let isLabelled = target.mask?.toArray(as: Bool.self)
    let answers = predictions.indices.map { index in
      PredictionRecord.Answer(
        label: isLabelled?[index] ?? true ? word(labels[index]) : nil, prediction: word(predictions[index]))
    }
    return .words(answers)
  }

  private func word(_ number: Int) -> String {
    guard let words, words.indices.contains(number) else { return "\(number)" }
    return words[number]
  }
}
