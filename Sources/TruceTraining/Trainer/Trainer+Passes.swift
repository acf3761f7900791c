import Torch
import TorchNN
import Truce
import TruceData
import TruceModels
import TruceRun
public import TruceTorch

// One batch through the network, in training and when measuring.

extension Trainer {
  /// The losses of a batch, with their graphs.
  func forward(_ batch: Batch) -> ForwardPass {
    let features = network.features(of: batch)
    let outputs = network.outputs(from: features)
    let losses = zip(problem.tasks, outputs).map { task, output in
      batch[task: task.name].flatMap { task.loss(output: output, target: $0) }
    }
    return ForwardPass(losses: losses, features: features, again: { [unowned self] in forward(batch) })
  }

  /// Passes on the further batches a method asks for.
  ///
  /// Independent batches are the next ones of the epoch. A validation batch is one of the held-out examples,
  /// in an order of their own; where none are held out it is the next training batch.
  func furtherPasses(_ batches: any EpochBatches) -> [() throws -> ForwardPass] {
    if multiTaskStep.needs.contains(.validationBatches) {
      return [{ [unowned self] in forward(try validationBatch() ?? batches.ahead(by: 1)) }]
    }
    guard multiTaskStep.needs.contains(.extraBatches) else { return [] }
    return (1...2).map { ahead in { [unowned self] in forward(try batches.ahead(by: ahead)) } }
  }

  /// The held-out batch of this step, or nil where no examples are held out.
  private func validationBatch() throws(DataError) -> Batch? {
    guard let loader = problem.validationLoader else { return nil }
    let (epoch, place) = progress.position.step.quotientAndRemainder(dividingBy: loader.batchCount)
    if let current = validationBatches, current.epoch == epoch {
      if current.batches.place == place { return try current.batches.next() }
      if current.batches.place == place + 1 { return try current.batches.ahead(by: 0) }
    }
    let batches = loader.batches(epoch: epoch, from: place)
    validationBatches = (epoch, batches)
    return try batches.next()
  }

  /// Adds a step to the epoch's means.
  func gather(_ report: StepReport, of batch: Batch) {
    for (name, loss) in zip(taskNames, report.losses) {
      guard let loss, loss.isFinite else { continue }
      progress.means.add(
        loss, to: MetricKey.loss(name, split: "train"), weight: Double(batch.count(ofTask: name)))
    }
    for (name, weight) in zip(taskNames, report.meanWeights ?? []) {
      progress.means.add(weight, to: MetricKey.weight(name))
    }
    for (key, value) in report.conflict?.values ?? [:] {
      progress.means.add(value, to: key)
    }
  }

  /// Tells the weighting the mean losses of the epoch that has ended.
  func endEpochOfMethod(_ means: RunningMeans) throws {
    let losses = taskNames.compactMap { means[MetricKey.loss($0, split: "train")] }
    guard losses.count == taskNames.count else { return }
    try multiTaskStep.endEpoch(meanLosses: losses)
  }

  /// Measures every split: losses and metrics of every task.
  ///
  /// - Throws: `DataError` where a batch cannot be read.
  public func evaluate() throws -> [String: Double] {
    network.setTraining(false)
    defer { network.setTraining(true) }
    return try withoutGradients {
      try problem.evaluationLoaders.reduce(into: [:]) { values, part in
        values.merge(try evaluate(part.loader, split: part.split)) { $1 }
      }
    }
  }

  /// Measures the last split under every corruption of the plan, in every severity.
  ///
  /// The corrupted pictures are the same in every run, so that networks can be compared.
  func evaluateCorrupted() throws -> [String: Double] {
    guard !plan.corruptions.isEmpty, let clean = problem.evaluationLoaders.last?.loader else { return [:] }
    network.setTraining(false)
    defer { network.setTraining(true) }
    return try withoutGradients {
      try plan.corruptions.reduce(into: [:]) { values, corruption in
        for severity in Corruption.severities {
          let split = CorruptedSplit.name(corruption: corruption.rawValue, severity: severity)
          let source = Generator(seed: UInt64(severity))
          let part = try evaluate(clean, split: split) {
            $0.changingInput { corruption.apply(to: $0, severity: severity, using: source) }
          }
          values.merge(part) { $1 }
        }
      }
    }
  }

  private func evaluate(
    _ loader: any BatchSource, split: String, changed: (Batch) -> Batch = { $0 }
  ) throws -> [String: Double] {
    var losses = RunningMeans()
    var metrics = problem.tasks.map { $0.makeMetrics() }
    let batches = loader.batches(epoch: 0)
    while let stored = try batches.next() {
      let batch = changed(stored)
      let outputs = network.outputs(from: network.features(of: batch))
      for (task, judge) in problem.tasks.enumerated() {
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
    return losses.values.merging(metricValues(metrics, split: split)) { $1 }
  }

  private func metricValues(_ metrics: [[any Metric]], split: String) -> [String: Double] {
    var values: [String: Double] = [:]
    for (name, metrics) in zip(taskNames, metrics) {
      for metric in metrics {
        values[MetricKey.metric(type(of: metric).record.name, of: name, split: split)] = metric.value
      }
    }
    return values
  }
}

extension Trainer {
  /// What a method's error says, with the task's name in place of its number.
  func words(for error: MethodError) -> String {
    guard case .nonFinite(let task, let what) = error, taskNames.indices.contains(task) else {
      return error.description
    }
    return "the \(what) of task '\(taskNames[task])' is not finite"
  }
}

extension MultiTaskNetwork {
  /// What the tasks see of a batch, in the network's own precision.
  func features(of batch: Batch) -> [Tensor] {
    let precision = sharedParameters.tensors.first?.dtype ?? .float32
    return features(batch.input.to(precision))
  }
}

extension StepReport {
  /// The weights on the task gradients, averaged over the groups; the loss weights where there are no others.
  public var meanWeights: [Double]? {
    guard let weights, let first = weights.first else { return lossWeights }
    return first.indices.map { task in
      weights.reduce(0) { $0 + $1[task] } / Double(weights.count)
    }
  }
}
