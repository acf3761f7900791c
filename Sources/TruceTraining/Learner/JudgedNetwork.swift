public import Torch
import TorchNN
public import TruceData
public import TruceModels
import TruceRun
public import TruceTasks
public import TruceTorch

/// A network with the tasks that judge its outputs: one batch's way to outputs, losses and metrics.
public struct JudgedNetwork {
  /// The network.
  public let network: any MultiTaskNetwork
  /// Its tasks, in the order of its outputs.
  public let tasks: [any ProblemTask]
  /// The network's element type, read once: listing the parameters visits the whole network.
  private let precision: DType

  /// Puts tasks on a network, whose element type does not change any more.
  public init(_ network: any MultiTaskNetwork, tasks: [any ProblemTask]) {
    self.network = network
    self.tasks = tasks
    precision = network.precision
  }

  /// The tasks' names.
  public var taskNames: [String] { tasks.map(\.name) }

  /// What the tasks see of a batch, in the network's own precision.
  public func features(of batch: Batch) -> [Tensor] {
    network.features(batch.input.to(precision))
  }

  /// The losses of a batch, with their graphs.
  public func pass(_ batch: Batch) -> ForwardPass {
    let features = features(of: batch)
    let outputs = network.outputs(from: features)
    let losses = zip(tasks, outputs).map { task, output in
      batch[task: task.name].flatMap { task.loss(output: output, target: $0) }
    }
    return ForwardPass(losses: losses, features: features, again: { pass(batch) })
  }

  /// The outputs of every task, in evaluation and without graphs.
  func answers(to batch: Batch) -> [Tensor] {
    inEvaluation { network.outputs(from: features(of: batch)) }
  }

  /// Measures a split: the losses and metrics of every task, by `MetricKey`.
  ///
  /// - Parameters:
  ///   - source: The split's batches.
  ///   - split: The split's name.
  ///   - changed: What becomes of each batch first.
  /// - Throws: `DataError` where a batch cannot be read.
  public func measure(
    _ source: any BatchSource, split: String, changed: (Batch) -> Batch = { $0 }
  ) throws -> [String: Double] {
    var losses = RunningMeans()
    var metrics = tasks.map { $0.makeMetrics() }
    try inEvaluation {
      let batches = source.batches(epoch: 0)
      while let stored = try batches.next() {
        let batch = changed(stored)
        let outputs = network.outputs(from: features(of: batch))
        for (task, judge) in tasks.enumerated() {
          guard let target = batch[task: judge.name] else { continue }
          if let loss = judge.loss(output: outputs[task], target: target) {
            let weight = Double(batch.count(ofTask: judge.name))
            losses.add(loss.item(), to: MetricKey.loss(judge.name, split: split), weight: weight)
          }
          for place in metrics[task].indices {
            metrics[task][place].update(output: outputs[task], target: target)
          }
        }
      }
    }
    return losses.values.merging(values(of: metrics, split: split)) { $1 }
  }

  private func values(of metrics: [[any Metric]], split: String) -> [String: Double] {
    var values: [String: Double] = [:]
    for (name, metrics) in zip(taskNames, metrics) {
      for (record, value) in metrics.flatMap(\.measurements) {
        values[MetricKey.metric(record.name, of: name, split: split)] = value
      }
    }
    return values
  }

  private func inEvaluation<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    network.setTraining(false)
    defer { network.setTraining(true) }
    return try withoutGradients(body)
  }
}
