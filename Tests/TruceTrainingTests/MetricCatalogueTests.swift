import Testing
import Torch
import TruceData
import TruceOptions
import TruceRun
import TruceTasks

@Suite("Metrics of the catalogue")
struct MetricCatalogueTests {
  private func problem() throws -> PlainProblem {
    let data = try Dataset(
      input: .zeros([2, 1]), targets: [TaskTarget(task: "size", values: .zeros([2, 1]))])
    return PlainProblem(
      tasks: [
        ClassificationTask(name: "animal", classCount: 3), BinaryTask(name: "wild"),
        RegressionTask(name: "size", metrics: []),
      ],
      data: try ProblemData(
        training: DataLoader(data, batchSize: 2, order: .stored),
        evaluation: [("test", DataLoader(data, batchSize: 2, order: .stored))]))
  }

  private func names(_ metrics: [MetricEntry]) throws -> [[String]] {
    try MeasuredProblem(problem(), with: metrics).tasks.map { $0.metricRecords.map(\.name) }
  }

  @Test("judge the tasks they suit, beside the tasks' own, and each value once")
  func suits() throws {
    #expect(try names([]) == [["accuracy"], ["accuracy"], []])
    #expect(
      try names(MetricCatalogue.entries.filter { $0.about.name == "absolute-error" })
        == [["accuracy"], ["accuracy"], ["absolute_error"]])
    #expect(try names(MetricCatalogue.entries)[0].filter { $0 == "accuracy" }.count == 1)
  }

  @Test("that suit no task are refused by name")
  func refusal() throws {
    let alone = PlainProblem(tasks: [BinaryTask(name: "wild")], data: try problem().data)
    let error = #expect(throws: TaskError.self) {
      _ = try MeasuredProblem(alone, with: MetricCatalogue.entries.filter { $0.about.name == "accuracy" })
    }
    #expect(
      error?.description == "the metric 'accuracy' judges classes, and no task of these gives such answers")
    #expect(error?.help == "`truce metrics` says what each metric judges")
  }

  @Test(
    "give their values once each, whatever they are", arguments: MetricCatalogue.entries.map(\.about.name))
  func values(name: String) throws {
    let entry = try EntryList(MetricCatalogue.entries).entry(named: name)
    for kind in entry.about.suits {
      let (output, target) = examples(of: kind)
      var whole = entry.make()
      #expect(!whole.values.contains { !$0.isNaN }, "before the first sample")
      whole.update(output: output, target: target)
      #expect(whole.values.count == whole.records.count)
      #expect(!whole.values.contains { !$0.isFinite })
      var parts = [entry.make(), entry.make()]
      for (position, range) in [0..<5, 5..<12].enumerated() {
        parts[position].update(
          output: output[range],
          target: TaskTarget(task: "t", values: target.values[range], mask: target.mask?[range]))
      }
      let isMerged = parts[0].merge(state: parts[1].state)
      #expect(isMerged && zip(parts[0].values, whole.values).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) })
    }
  }

  @Test(
    "do not look at what the mask leaves out", arguments: MetricCatalogue.entries.map(\.about.name))
  func masks(name: String) throws {
    let entry = try EntryList(MetricCatalogue.entries).entry(named: name)
    for kind in entry.about.suits {
      let (output, target) = examples(of: kind)
      var (masked, alone) = (entry.make(), entry.make())
      let mask = Tensor((0..<12).map { $0 % 3 != 0 })
      masked.update(output: output, target: TaskTarget(task: "t", values: target.values, mask: mask))
      let kept = Tensor((0..<12).filter { $0 % 3 != 0 })
      alone.update(
        output: output.indexSelect(0, kept),
        target: TaskTarget(task: "t", values: target.values.indexSelect(0, kept)))
      #expect(zip(masked.values, alone.values).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) })
    }
  }

  private func examples(of kind: AnswerKind) -> (Tensor, TaskTarget) {
    let generator = Generator(seed: 4)
    switch kind {
    case .classes:
      let output = Tensor.normal([12, 3], using: generator)
      return (output, TaskTarget(task: "t", values: .integers([12], in: 0..<3, using: generator)))
    case .yesOrNo:
      let yes = Tensor.integers([12, 1], in: 0..<2, using: generator).to(.float32)
      return (.normal([12, 1], using: generator), TaskTarget(task: "t", values: yes))
    case .numbers:
      let target = TaskTarget(task: "t", values: .normal([12, 2], using: generator))
      return (.normal([12, 2], using: generator), target)
    }
  }
}

@Suite("Masks for each element")
struct ElementMaskTests {
  @Test("leave single numbers and pixels out of a metric")
  func elements() {
    let target = TaskTarget(
      task: "t", values: Tensor([Float(0), 0, 0, 0], shape: [2, 2]),
      mask: Tensor([true, false, true, true]).reshaped([2, 2]))
    var error = MeanAbsoluteError()
    error.update(output: Tensor([Float(1), 100, 2, 3], shape: [2, 2]), target: target)
    #expect(error.values == [2])

    let classes = TaskTarget(
      task: "t", values: Tensor([0, 1, 1, 0]).reshaped([1, 2, 2]),
      mask: Tensor([true, true, true, false]).reshaped([1, 2, 2]))
    let outputs = Tensor([Float(2), 2, 0, 0, 1, 1, 1, 1], shape: [1, 2, 2, 2])
    var accuracy = Accuracy()
    accuracy.update(output: outputs, target: classes)
    #expect(accuracy.values == [2.0 / 3])
  }
}
