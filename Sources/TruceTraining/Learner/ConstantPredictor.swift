import Torch
import TruceData
import TruceRun
import TruceTasks

/// What a predictor that ignores its input reaches on the training labels: the level that a network has to beat.
enum ConstantPredictor {
  /// The numbers of labels that are judged at once.
  private static let portion = 1 << 19

  /// The metrics of a task with their chance levels, where the task knows a constant answer and the labels can be had
  /// without the inputs: all of them, or of a stream as many as it gives.
  ///
  /// Of several constant answers each metric has the best.
  static func records(of task: any ProblemTask, on source: any BatchSource) -> [MetricRecord] {
    let records = task.metricRecords
    guard let target = source.labels(ofTask: task.name) else { return records }
    let measured = withoutGradients {
      task.constantAnswers(to: target).map { values(of: task, answering: $0, target) }
    }
    return records.enumerated().map { place, record in
      var record = record
      let levels = measured.map { $0[place] }.filter(\.isFinite)
      record.chance = record.higherIsBetter ? levels.max() : levels.min()
      return record
    }
  }

  private static func values(
    of task: any ProblemTask, answering row: Tensor, _ target: TaskTarget
  ) -> [Double] {
    var metrics = task.makeMetrics()
    let count = target.values.shape[0]
    let step = max(1, portion * count / max(target.values.count, 1))
    for start in stride(from: 0, to: count, by: step) {
      let part = target.examples(start..<min(start + step, count))
      let output = row.expanded([part.values.shape[0]] + row.shape.dropFirst())
      for place in metrics.indices { metrics[place].update(output: output, target: part) }
    }
    return metrics.flatMap(\.values)
  }
}

extension TaskTarget {
  fileprivate func examples(_ range: Range<Int>) -> TaskTarget {
    TaskTarget(task: task, values: values[range], mask: mask?[range])
  }
}
