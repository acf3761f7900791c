public import Foundation
public import Torch
public import TruceData
public import TruceOptions

/// What is to be learned: data, and the tasks that are asked of them.
public protocol Problem {
  /// The tasks that take part, in order.
  var tasks: [any ProblemTask] { get }

  /// The data, as training and measuring go through them.
  var data: ProblemData { get }
}

/// The data of a problem, as training and measuring go through them.
public struct ProblemData {
  /// The training data.
  public var training: any BatchSource
  /// Held-out examples in training batches, for methods that learn from them; nil where none are held out.
  public var validation: (any BatchSource)?
  /// The splits that are measured, by name, the one that decides first; `test` last.
  public var evaluation: [(split: String, loader: any BatchSource)]
  /// How what a user has became numbers, where that was learned from the data; it is left in a run's folder.
  public var encoding: (any Encodable & Sendable)?

  /// Creates the data.
  public init(
    training: any BatchSource, validation: (any BatchSource)? = nil,
    evaluation: [(split: String, loader: any BatchSource)], encoding: (any Encodable & Sendable)? = nil
  ) {
    self.training = training
    self.validation = validation
    self.evaluation = evaluation
    self.encoding = encoding
  }
}

extension Problem {
  /// The training data.
  public var trainingLoader: any BatchSource { data.training }

  /// Held-out examples in training batches; nil where none are held out.
  public var validationLoader: (any BatchSource)? { data.validation }

  /// The splits that are measured, the one that decides first; `test` last.
  public var evaluationLoaders: [(split: String, loader: any BatchSource)] { data.evaluation }
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

extension ProblemRequest {
  /// The tasks that take part, in the order of all.
  ///
  /// - Throws: ``TaskError/unknownTask(name:known:)``.
  public func chosen(among all: [any ProblemTask]) throws(TaskError) -> [any ProblemTask] {
    guard let tasks else { return all }
    let known = all.map(\.name)
    if let unknown = tasks.first(where: { !known.contains($0) }) {
      throw .unknownTask(name: unknown, known: known)
    }
    return all.filter { tasks.contains($0.name) }
  }
}
