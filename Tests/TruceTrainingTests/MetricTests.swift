import Foundation
import Testing
import Torch
import TorchNN
import TruceData
import TruceModels
import TruceRun
import TruceTasks

@testable import TruceTraining

@Suite("Metrics")
struct MetricTests {
  private let logits = Tensor([3.0, 1, 2, 0, 5, 1, 1, 0, 4, 9, 8, 7], shape: [4, 3])

  @Test("Accuracy counts the samples whose largest output is the right class")
  func accuracy() {
    var accuracy = Accuracy()
    #expect(accuracy.values[0].isNaN)
    accuracy.update(output: logits, target: TaskTarget(task: "a", values: Tensor([0, 1, 0, 2])))
    #expect(accuracy.values == [0.5])
    accuracy.update(
      output: logits.narrowed(0, start: 0, length: 1), target: TaskTarget(task: "a", values: Tensor([0])))
    #expect(accuracy.values == [0.6])
  }

  @Test("Accuracy passes over samples without a label")
  func maskedAccuracy() {
    var accuracy = Accuracy()
    let labels = Tensor([0, 0, 0, 0])
    accuracy.update(
      output: logits,
      target: TaskTarget(task: "a", values: labels, mask: Tensor([true, false, true, false])))
    #expect(accuracy.values == [0.5])
    accuracy.update(
      output: logits,
      target: TaskTarget(task: "a", values: labels, mask: Tensor([false, false, false, false])))
    #expect(accuracy.values == [0.5])
  }

  @Test("A classification loss is the mean over the labelled samples")
  func maskedLoss() {
    let task = ClassificationTask(name: "a", classCount: 3)
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

  /// Metrics over the same samples at once, and in two parts that are merged.
  private func halves(_ metric: some Metric, _ output: Tensor, _ values: Tensor) throws {
    let part = { (range: Range<Int>) in (output[range], TaskTarget(task: "a", values: values[range])) }
    let (whole, first, last) = (part(0..<4), part(0..<3), part(3..<4))
    var (together, one, other) = (metric, metric, metric)
    together.update(output: whole.0, target: whole.1)
    one.update(output: first.0, target: first.1)
    other.update(output: last.0, target: last.1)
    let state = other.state
    var sent = one
    let isTaken = sent.merge(state: state)
    #expect(isTaken)
    one.merge(other)
    for merged in [one, sent] {
      #expect(zip(merged.values, together.values).allSatisfy { ($0 - $1).magnitude < 1e-12 })
    }
    #expect(one.values.count == one.records.count && one.measurements.map(\.record) == one.records)
    let isNonsenseTaken = one.merge(state: Data("[]".utf8))
    #expect(!isNonsenseTaken && one.values == sent.values)
  }

  @Test("What two metrics have gathered apart is merged as if it had been gathered at once")
  func merging() throws {
    try halves(Accuracy(), logits, Tensor([0, 1, 0, 2]))
    try halves(MeanAbsoluteError(), logits, Tensor([0.0, 1, 0, 2, 0, 1, 2, 3, 9, 9, 9, 9], shape: [4, 3]))
    try halves(TwoErrors(), logits, Tensor([0.0, 1, 0, 2, 0, 1, 2, 3, 9, 9, 9, 9], shape: [4, 3]))
  }

  @Test("A metric of several values gives each under its own name, from one pass")
  func severalValues() throws {
    let loop = try TinyRun().makeLoop()
    let supervisedNetwork = SupervisedNetwork(loop.supervised.network, tasks: [TwoErrorsTask(name: "shape")])
    #expect(supervisedNetwork.tasks[0].metricRecords.map(\.name) == ["mean_square", "mean_absolute"])
    let values = try supervisedNetwork.measure(loop.supervised.problem.trainingLoader, split: "test")
    #expect(Set(values.keys) == ["test/shape/mean_square", "test/shape/mean_absolute"])
    #expect(values["test/shape/mean_square"] != values["test/shape/mean_absolute"])
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
    #expect(means.totalWeight(of: "a") == 4 && means.totalWeight(of: "c") == 0)
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
}

@Suite("The best epoch")
struct EpochScoreTests {
  /// Whether each epoch is the best one so far.
  private func marks(_ score: EpochScore, _ epochs: [[String: Double]]) -> [Bool] {
    var best: BestEpoch?
    return epochs.map { score.takeIn($0, &best) }
  }

  private let both = EpochScore([("degrees", false), ("share", true)])

  @Test("is that with the best mean relative change, whatever the metrics' units")
  func units() {
    // A tenth of the degrees is worth less than half of the share, though it is a larger number.
    let epochs = [
      ["degrees": 30.0, "share": 0.4], ["degrees": 27, "share": 0.2], ["degrees": 33, "share": 0.6],
      ["degrees": 15, "share": 0.4],
    ]
    #expect(marks(both, epochs) == [true, false, true, true])
    let radians = epochs.map { $0.merging(["degrees": ($0["degrees"] ?? 0) * .pi / 180]) { $1 } }
    #expect(marks(both, radians) == marks(both, epochs))
  }

  @Test("is defined where a metric began at zero or below, and by each metric alone")
  func degenerate() {
    let share = EpochScore([("share", true)])
    #expect(marks(share, [0, 0, 0.1, 0.05, 0.2].map { ["share": $0] }) == [true, false, true, false, true])
    #expect(marks(share, [-4, -5, -3].map { ["share": $0] }) == [true, false, true])
    #expect(marks(EpochScore([("error", false)]), [3, 4, 2].map { ["error": $0] }) == [true, false, true])
  }

  @Test("is none where a value is not finite or nothing counts")
  func missing() {
    let epochs: [[String: Double]] = [
      ["degrees": .nan, "share": 0.4], ["degrees": .nan, "share": 0.6], ["degrees": 20, "share": .nan],
      ["degrees": 10, "share": 0.4], ["share": 0.9],
    ]
    // Degrees count from the first time they are a number.
    #expect(marks(both, epochs) == [true, true, false, false, false])
    #expect(marks(EpochScore([]), epochs).allSatisfy { !$0 })
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
}

/// Two values of one pass.
private struct TwoErrors: Metric {
  private var squares = RunningMean()
  private var distances = RunningMean()

  var records: [MetricRecord] {
    ["mean_square", "mean_absolute"].map { MetricRecord(name: $0, higherIsBetter: false) }
  }

  mutating func update(output: Tensor, target: TaskTarget) {
    let values = target.values.rank == output.rank ? target.values : target.values.reshaped([-1, 1])
    let difference = (output - values).to(.float64)
    let count = Double(difference.count)
    squares.add((difference * difference).mean().item(), weight: count)
    distances.add(difference.abs().mean().item(), weight: count)
  }

  mutating func merge(_ other: TwoErrors) {
    squares.merge(other.squares)
    distances.merge(other.distances)
  }

  var values: [Double] { [squares.value ?? .nan, distances.value ?? .nan] }
}

private struct TwoErrorsTask: ProblemTask {
  let name: String
  let output = TaskOutput.vector(1)
  func loss(output: Tensor, target: TaskTarget) -> Tensor? { nil }
  func makeMetrics() -> [any Metric] { [TwoErrors()] }
}
