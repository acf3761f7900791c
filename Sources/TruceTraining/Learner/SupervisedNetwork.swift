public import Torch
import TorchNN
public import TruceData
public import TruceModels
import TruceRun
public import TruceTasks
public import TruceTorch

/// A network with the tasks that judge its outputs: one batch's way to outputs, losses and metrics.
public struct SupervisedNetwork {
  /// The network.
  public let network: any MultiTaskNetwork
  /// Its tasks, in the order of its outputs.
  public let tasks: [any ProblemTask]
  /// The network's element type, read once: listing the parameters visits the whole network.
  private let precision: DType
  private let device: Device
  /// The narrower type in which the network's operations compute that bear it; nil for none.
  public let autocast: DType?

  /// Puts tasks on a network, whose element type and device do not change any more.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - tasks: Its tasks, in the order of its outputs.
  ///   - autocast: The narrower type in which the network's operations compute that bear it, in training and when it is
  ///     measured; losses and metrics are computed from its outputs in the network's own type.
  public init(_ network: any MultiTaskNetwork, tasks: [any ProblemTask], autocast: DType? = nil) {
    self.network = network
    self.tasks = tasks
    self.autocast = autocast
    precision = network.precision
    device = network.parameters.tensors.first?.device ?? .cpu
  }

  /// The tasks' names.
  public var taskNames: [String] { tasks.map(\.name) }

  /// A batch as the network takes it, in the network's own precision.
  public func input(of batch: Batch) -> NetworkInput {
    NetworkInput(batch, tasks: taskNames, precision: precision)
  }

  /// The outputs of the tasks that the batch asks for, in the network's own precision.
  public func outputs(for batch: Batch) -> NetworkOutputs {
    let input = input(of: batch)
    let asked = tasks.indices.filter { batch[task: tasks[$0].name] != nil }
    guard let autocast else { return network.forward(input, tasks: asked) }
    let outputs = withAutocast(to: autocast, on: device) { network.forward(input, tasks: asked) }
    return NetworkOutputs(
      outputs.all.map { $0?.to(precision) }, cut: outputs.cut,
      penalties: outputs.penalties.map { $0?.to(precision) })
  }

  /// The losses of a batch, with their graphs.
  public func pass(_ batch: Batch) -> ForwardPass {
    let outputs = outputs(for: batch)
    let losses = zip(tasks, outputs.all).map { task, output in
      output.flatMap { output in
        batch[task: task.name].flatMap { task.loss(output: output, target: $0) }
      }
    }
    return ForwardPass(
      losses: Self.penalized(losses, by: outputs.penalties), features: outputs.cut, again: { pass(batch) })
  }

  /// Losses whose gradients are increased by those of the network's penalties; the values stay what the tasks say.
  private static func penalized(_ losses: [Tensor?], by penalties: [Tensor?]) -> [Tensor?] {
    guard !penalties.isEmpty else { return losses }
    return zip(losses, penalties).map { loss, penalty in
      loss.map { loss in penalty.map { loss + ($0 - $0.detached()) } ?? loss }
    }
  }

  /// The outputs of the tasks that the batch asks for, in evaluation and without graphs.
  func answers(to batch: Batch) -> [Tensor?] {
    inEvaluation { outputs(for: batch).all }
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
    var measurement = SplitMeasurement(of: tasks, split: split)
    try inEvaluation {
      let batches = source.batches(epoch: 0)
      while let stored = try batches.next() {
        let batch = changed(stored)
        measurement.add(outputs(for: batch), of: batch)
      }
    }
    return measurement.values()
  }

  private func inEvaluation<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    network.setTraining(false)
    defer { network.setTraining(true) }
    return try withoutGradients(body)
  }
}

extension NetworkInput {
  /// A batch's inputs, numbers in the given type and indices and masks as they are, and the domain of each task.
  ///
  /// Bytes, such as those of pictures, are numbers.
  public init(_ batch: Batch, tasks: [String], precision: DType) {
    let domains = batch.domains.map { domain in
      NamedTensors(
        domain.inputs.map { input in
          let isNumbers = input.values.dtype.isFloatingPoint || input.values.dtype == .uint8
          return (name: input.name, tensor: isNumbers ? input.values.to(precision) : input.values)
        })
    }
    let domainOfTask = tasks.map { name in batch.domains.firstIndex { $0[task: name] != nil } }
    self.init(domains: domains, domainOfTask: domains.count == 1 ? [] : domainOfTask)
  }
}
