import Testing
import Torch
import TorchNN
import TruceData
import TruceRun

@testable import TruceTraining

@Suite("Metrics")
struct MetricTests {
  private let logits = Tensor([3.0, 1, 2, 0, 5, 1, 1, 0, 4, 9, 8, 7], shape: [4, 3])

  @Test("Accuracy counts the samples whose largest output is the right class")
  func accuracy() {
    var accuracy = Accuracy()
    #expect(accuracy.value.isNaN)
    accuracy.update(output: logits, target: TaskTarget(task: "a", values: Tensor([0, 1, 0, 2])))
    #expect(accuracy.value == 0.5)
    accuracy.update(
      output: logits.narrowed(0, start: 0, length: 1), target: TaskTarget(task: "a", values: Tensor([0])))
    #expect(accuracy.value == 0.6)
  }

  @Test("Accuracy passes over samples without a label")
  func maskedAccuracy() {
    var accuracy = Accuracy()
    let labels = Tensor([0, 0, 0, 0])
    accuracy.update(
      output: logits,
      target: TaskTarget(task: "a", values: labels, mask: Tensor([true, false, true, false])))
    #expect(accuracy.value == 0.5)
    accuracy.update(
      output: logits,
      target: TaskTarget(task: "a", values: labels, mask: Tensor([false, false, false, false])))
    #expect(accuracy.value == 0.5)
  }

  @Test("A classification loss is the mean over the labelled samples")
  func maskedLoss() {
    let task = ClassificationTask(name: "a")
    let labels = Tensor([0, 1, 0, 2])
    let some = task.loss(
      output: logits,
      target: TaskTarget(task: "a", values: labels, mask: Tensor([true, true, false, false])))
    let those = task.loss(
      output: logits.narrowed(0, start: 0, length: 2),
      target: TaskTarget(task: "a", values: labels.narrowed(0, start: 0, length: 2)))
    #expect(some?.item() == those?.item())
    let none = task.loss(
      output: logits,
      target: TaskTarget(task: "a", values: labels, mask: Tensor([false, false, false, false])))
    #expect(none == nil)
    #expect(task.metricRecords == [MetricRecord(name: "accuracy", higherIsBetter: true)])
  }

  @Test("A running mean weighs its values")
  func runningMean() {
    var means = RunningMeans()
    means.add(1, to: "a", weight: 3)
    means.add(5, to: "a")
    means.add(7, to: "b")
    #expect(means["a"] == 2 && means["b"] == 7 && means["c"] == nil)
    #expect(means.values == ["a": 2, "b": 7])
    #expect(RunningMean().value == nil)
  }
}

@Suite("A training plan")
struct TrainingPlanTests {
  @Test("measures every n-th epoch and the last one")
  func measuring() {
    let plan = TrainingPlan(epochs: 7, evaluateEvery: 3)
    #expect((1...7).filter(plan.isMeasured) == [3, 6, 7])
    #expect((1...3).filter(TrainingPlan(epochs: 3).isMeasured) == [1, 2, 3])
  }

  @Test("measures the conflict every n-th step from the first, or never")
  func conflict() {
    #expect((0..<9).filter(TrainingPlan(epochs: 1, conflictEvery: 4).measuresConflict) == [0, 4, 8])
    #expect((0..<9).filter(TrainingPlan(epochs: 1).measuresConflict).isEmpty)
  }

  @Test("ends with the last epoch or before")
  func steps() {
    #expect(TrainingPlan(epochs: 3).totalSteps(perEpoch: 10) == 30)
    #expect(TrainingPlan(epochs: 3, maximumSteps: 12).totalSteps(perEpoch: 10) == 12)
    #expect(TrainingPlan(epochs: 3, maximumSteps: 99).totalSteps(perEpoch: 10) == 30)
  }
}

@Suite("Names")
struct NameTests {
  @Test("of optimizers are those of the catalogue")
  func optimizers() {
    #expect(Set(OptimizerName.allCases.map(\.rawValue)) == Set(OptimizerCatalogue.entries.map(\.name)))
  }

  @Test("of schedules are those of the catalogue")
  func schedules() {
    #expect(Set(ScheduleName.allCases.map(\.rawValue)) == Set(ScheduleCatalogue.entries.map(\.name)))
  }

  @Test("of problems are offered where another was meant")
  func problems() {
    let known = ProblemCatalogue.entries.map(\.about.name)
    #expect(Set(known).count == known.count && known.first == "multi-fashion-mnist")
    let error = #expect(throws: TrainingError.self) {
      _ = try ProblemCatalogue.make(named: "multi-mnits", ProblemRequest())
    }
    #expect(error == .unknownProblem(name: "multi-mnits", closest: "multi-mnist", known: known))
    #expect(error?.description == "unknown problem 'multi-mnits'")
    #expect(error?.help == "did you mean 'multi-mnist'?")
    let strange = TrainingError.unknownProblem(name: "x", closest: nil, known: known)
    #expect(strange.help == "the problems are " + known.joined(separator: ", "))
  }
}
