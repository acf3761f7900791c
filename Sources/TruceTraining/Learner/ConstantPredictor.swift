import Torch
import TruceData
import TruceRun
import TruceTasks

/// What a predictor that ignores its input reaches on the training labels: the level that a network has to beat.
enum ConstantPredictor {
  /// The metrics of a task with their chance levels, where the labels lie in memory and the task knows a constant answer.
  ///
  /// Of several constant answers each metric has the best.
  static func records(of task: any ProblemTask, on source: any BatchSource) -> [MetricRecord] {
    let records = task.metricRecords
    guard let target = (source as? DataLoader)?.dataset.target(ofTask: task.name) else { return records }
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
    let output = row.expanded([target.values.shape[0]] + row.shape.dropFirst())
    var metrics = task.makeMetrics()
    for place in metrics.indices { metrics[place].update(output: output, target: target) }
    return metrics.flatMap(\.values)
  }
}
