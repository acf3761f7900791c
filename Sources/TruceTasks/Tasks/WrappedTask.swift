import Torch
import TruceData
import TruceModels
import TruceOptions
import TruceRun

/// A task that is another one but for what it says itself.
protocol WrappedTask: ProblemTask {
  /// The other task.
  var base: any ProblemTask { get }
}

extension WrappedTask {
  var name: String { base.name }
  var output: TaskOutput { base.output }
  var part: Int? { base.part }
  var answerKind: AnswerKind? { base.answerKind }

  func loss(output: Tensor, target: TaskTarget) -> Tensor? { base.loss(output: output, target: target) }

  func makeMetrics() -> [any Metric] { base.makeMetrics() }

  func constantAnswers(to target: TaskTarget) -> [Tensor] { base.constantAnswers(to: target) }

  func answers(output: Tensor, target: TaskTarget) -> ShownAnswers? {
    base.answers(output: output, target: target)
  }
}
