import Foundation
import Torch
import TruceData
import TruceRun

// Cases of values for each example, and of comparisons between methods.

/// Questions of yes and no, a column each.
struct AttributeReference: MetricReference, Decodable {
  private struct Batch: Decodable, Sendable {
    let label: [[Double]]
    let probability: [[Double]]
  }

  private struct Expected: Decodable, Sendable {
    let truePositives, falsePositives, falseNegatives: [Double?]
    let f1: [Double?]
    let meanF1: Double?
    let f1MeanOfBatches: [Double?]
    let accuracy: [Double?]
    let meanError: Double?
    let auc: [Double?]
    let meanAucOfDefined: Double?
  }

  let name: String
  private let batches: [Batch]
  private let expected: Expected

  private var count: Int { expected.f1.count }

  var problem: String? {
    let isSound = batches.allSatisfy { batch in
      batch.label.count == batch.probability.count && !batch.label.isEmpty
        && (batch.label + batch.probability).allSatisfy { $0.count == count }
    }
    return isSound ? nil : "attributes '\(name)': labels and probabilities are not \(count) a row"
  }

  /// Hands on logits and labels [B, 1] of an attribute, batch by batch.
  private func forEachBatch(of attribute: Int, _ body: (Tensor, TaskTarget) -> Void) {
    for batch in batches {
      let probabilities = Tensor(batch.probability.map { $0[attribute] }, shape: [batch.label.count, 1])
      let labels = Tensor(batch.label.map { $0[attribute] }, shape: [batch.label.count, 1])
      body((probabilities / (1 - probabilities)).log(), TaskTarget(task: name, values: labels))
    }
  }

  private func metrics<Measured: Metric>(_ fresh: Measured) -> [Measured] {
    (0..<count).map { attribute in
      var metric = fresh
      forEachBatch(of: attribute) { metric.update(output: $0, target: $1) }
      return metric
    }
  }

  func deviations() -> [MetricDeviation] {
    var list = DeviationList("attributes/\(name)")
    let scores = metrics(F1Score())
    list.add("true_positives", expected.truePositives, scores.map { Double($0.counts.truePositives) })
    list.add("false_positives", expected.falsePositives, scores.map { Double($0.counts.falsePositives) })
    list.add("false_negatives", expected.falseNegatives, scores.map { Double($0.counts.falseNegatives) })
    list.add("f1", expected.f1, scores.map { $0.values[0] })
    list.add("mean_f1", expected.meanF1, mean(scores.map { $0.values[0] }))
    let batchwise = metrics(F1Score(averaging: .batches)).map { $0.values[0] }
    list.add("f1_mean_of_batches", expected.f1MeanOfBatches, batchwise)
    let accuracies = metrics(BinaryAccuracy()).map { $0.values[0] }
    list.add("accuracy", expected.accuracy, accuracies)
    list.add("mean_error", expected.meanError, 1 - mean(accuracies))
    let areas = metrics(AreaUnderCurve()).map { $0.values[0] }
    list.add("auc", expected.auc, areas)
    list.add("mean_auc_of_defined", expected.meanAucOfDefined, mean(areas.filter { !$0.isNaN }))
    return list.deviations
  }
}

private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// Numbers.
struct ValueReference: MetricReference, Decodable {
  private struct Batch: Decodable, Sendable {
    let label: [Double]
    let prediction: [Double]
  }

  private struct Errors: Decodable, Sendable {
    let mae, rmse: Double?
  }

  private struct Expected: Decodable, Sendable {
    let accumulated: Errors
    let meanOfBatches: Errors
  }

  private let batches: [Batch]
  private let expected: Expected

  var problem: String? {
    batches.allSatisfy { $0.label.count == $0.prediction.count && !$0.label.isEmpty }
      ? nil : "values: a batch has not as many labels as predictions"
  }

  private func value(_ fresh: some Metric) -> Double {
    var metric = fresh
    for batch in batches {
      let shape = [batch.label.count, 1]
      metric.update(
        output: Tensor(batch.prediction, shape: shape),
        target: TaskTarget(task: "value", values: Tensor(batch.label, shape: shape)))
    }
    return metric.values[0]
  }

  func deviations() -> [MetricDeviation] {
    var list = DeviationList("values")
    list.add("accumulated/mae", expected.accumulated.mae, value(MeanAbsoluteError()))
    list.add("accumulated/rmse", expected.accumulated.rmse, value(RootMeanSquareError()))
    let batchwise = value(MeanAbsoluteError(averaging: .batches))
    list.add("mean_of_batches/mae", expected.meanOfBatches.mae, batchwise)
    return list.deviations
  }
}

/// Δm of a row of a table.
struct DeltaReference: MetricReference, Decodable {
  private struct Expected: Decodable, Sendable {
    let perMetric: [Double?]
    let metricLevel, taskLevel, libmtlImprovement: Double?
  }

  let name: String
  private let tasks: [[String]]
  private let higherIsBetter: [Bool]
  private let baseline, result: [Double]
  private let expected: Expected

  var problem: String? {
    let count = tasks.reduce(0) { $0 + $1.count }
    let isSound = [higherIsBetter.count, baseline.count, result.count].allSatisfy { $0 == count }
    return isSound ? nil : "delta '\(name)': not one direction, baseline and result for each metric"
  }

  func deviations() -> [MetricDeviation] {
    var list = DeviationList("delta/\(name)")
    let single = result.indices.map {
      deltaM([result[$0]], baseline: [baseline[$0]], higherIsBetter: [higherIsBetter[$0]])
    }
    list.add("per_metric", expected.perMetric, single)
    list.add(
      "metric_level", expected.metricLevel,
      deltaM(result, baseline: baseline, higherIsBetter: higherIsBetter))
    let byTask = taskLevelDeltaM(
      result, baseline: baseline, higherIsBetter: higherIsBetter, metricCounts: tasks.map(\.count))
    list.add("task_level", expected.taskLevel, byTask)
    list.add("libmtl_improvement", expected.libmtlImprovement, -byTask / 100)
    return list.deviations
  }
}

/// Ranks within a table.
struct RankReference: Decodable, Sendable {
  private struct Ranks: Decodable, Sendable {
    let ranks: [[Double?]]
    let meanRank: [Double?]
  }

  private struct Expected: Decodable, Sendable {
    let average: Ranks
    let competition: Ranks
  }

  private let table: [[Double]]
  private let higherIsBetter: [Bool]
  private let expected: Expected

  var problem: String? {
    table.allSatisfy { $0.count == higherIsBetter.count }
      ? nil : "a row of the table has not one value for each direction"
  }

  func deviations(named name: String) -> [MetricDeviation] {
    var list = DeviationList(name)
    for (ties, ranks) in [(TiedRanks.average, expected.average), (.competition, expected.competition)] {
      let found = metricRanks(table, higherIsBetter: higherIsBetter, ties: ties)
      list.add("\(ties.rawValue)/ranks", ranks.ranks.joined().map { $0 }, found.flatMap { $0 })
      list.add(
        "\(ties.rawValue)/mean_rank", ranks.meanRank,
        meanRanks(table, higherIsBetter: higherIsBetter, ties: ties))
    }
    return list.deviations
  }
}
