public import Foundation
public import Torch
public import Truce
public import TruceData
public import TruceModels
public import TruceRun

/// What is to be learned: data, tasks and the network that the tasks share.
public protocol Problem {
  /// The tasks that take part, in order.
  var tasks: [any ProblemTask] { get }

  /// Makes the network with heads for the tasks that take part.
  func makeNetwork(using generator: Generator) throws -> any MultiTaskNetwork

  /// The training data.
  var trainingLoader: any BatchSource { get }

  /// Held-out examples in training batches, for methods that learn from them; nil where none are held out.
  var validationLoader: (any BatchSource)? { get }

  /// The splits that are measured, by name, the one that decides first; `test` last.
  var evaluationLoaders: [(split: String, loader: any BatchSource)] { get }
}

extension Problem {
  /// Nothing held out.
  public var validationLoader: (any BatchSource)? { nil }
}

/// One task of a problem: how its outputs are judged.
public protocol ProblemTask {
  /// The task's name.
  var name: String { get }
  /// The loss over a batch: a scalar, or nil where the batch has no label for the task.
  func loss(output: Tensor, target: TaskTarget) -> Tensor?
  /// Metrics that have seen nothing; the names of their values differ.
  func makeMetrics() -> [any Metric]
  /// Label and prediction of each sample in words; nil for a task whose answers are no words.
  func answers(output: Tensor, target: TaskTarget) -> [PredictionRecord.Answer]?
}

extension ProblemTask {
  /// The names and directions of what the metrics measure.
  public var metricRecords: [MetricRecord] { makeMetrics().flatMap(\.records) }

  /// No words.
  public func answers(output: Tensor, target: TaskTarget) -> [PredictionRecord.Answer]? { nil }
}

/// What a problem is asked for.
public struct ProblemRequest: Sendable {
  /// The problem's options.
  public var options: [String: OptionValue]
  /// The names of the tasks that take part; nil for all.
  public var tasks: [String]?
  /// Samples a training step.
  public var batchSize: Int
  /// Samples at once when measuring.
  public var evaluationBatchSize: Int
  /// The seed of the data's order.
  public var seed: UInt64
  /// Where the tensors lie.
  public var device: Device
  /// The floating-point type of inputs and parameters.
  public var dtype: DType
  /// Where data are looked for first; nil for the usual places.
  public var dataFolder: URL?

  /// Creates a request.
  public init(
    options: [String: OptionValue] = [:], tasks: [String]? = nil, batchSize: Int = 256,
    evaluationBatchSize: Int = 1000, seed: UInt64 = 0, device: Device = .cpu, dtype: DType = .float32,
    dataFolder: URL? = nil
  ) {
    self.options = options
    self.tasks = tasks
    self.batchSize = batchSize
    self.evaluationBatchSize = evaluationBatchSize
    self.seed = seed
    self.device = device
    self.dtype = dtype
    self.dataFolder = dataFolder
  }
}

/// What a reader and the command line know about a problem.
public struct ProblemDescription: Sendable {
  /// The name used in options and files.
  public let name: String
  /// The problem in one sentence.
  public let summary: String
  /// The options, in the order help texts list them.
  public let parameters: [ParameterDescription]
  /// Where the problem comes from.
  public let source: String

  /// Creates a description.
  public init(name: String, summary: String, parameters: [ParameterDescription], source: String) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.source = source
  }
}
