import Torch
import TorchNN
import TruceOptions

/// How an architecture makes the layers that only one task trains.
struct HeadSettings {
  private static let widths = Parameter<[Int]>.widths(
    "head_widths", default: [],
    "The widths of hidden layers in the head of a task that wants a vector; none for one linear map.")
  private static let activation = Parameter<Activation>.any(
    "head_activation", default: .relu, "What stands behind each hidden layer of a head.")
  private static let mapHead = Parameter<MapHead?>.any(
    "head", default: .some(nil),
    "The head of a task that wants a number for each pixel; none for the trunk's usual one.")
  private static let dropout = Parameter<Double>.share(
    "head_dropout", default: 0.5, "The dropout in a head with atrous spatial pyramid pooling.")

  /// The options of heads that make vectors.
  static let vectorParameters = [widths.description, activation.description]

  /// The options of all heads.
  static let parameters = vectorParameters + [mapHead.description, dropout.description]

  private let owner: String
  private let widths: [Int]
  private let activation: Activation
  private let mapHead: MapHead?
  private let dropout: Double
  private let given: Set<String>

  init(_ options: Options) throws {
    owner = options.owner
    given = Set(options.values.keys)
    widths = try options.value(of: Self.widths)
    activation = try options.value(of: Self.activation)
    mapHead = try options.value(of: Self.mapHead)
    dropout = try options.value(of: Self.dropout)
  }

  /// The heads of all tasks on a trunk's features, in task order.
  ///
  /// - Throws: ``NetworkError`` where there is no such head.
  func makeHeads(for request: NetworkRequest, on trunk: any Trunk) throws -> TaskHeads {
    try refuseIdleOptions(for: request.tasks, on: trunk)
    return TaskHeads(
      try request.tasks.map { ($0.name, try makeHead(of: $0, on: trunk, using: request.generator)) },
      enlargesMaps: request.enlargesMaps)
  }

  /// The head of one task on a trunk's features.
  ///
  /// - Throws: ``NetworkError`` where there is no such head.
  func makeHead(of task: NetworkTask, on trunk: any Trunk, using generator: Generator) throws -> any Layer {
    let shapes = trunk.featureShapes
    guard shapes.count == 1 else {
      throw NetworkError.unsuitable(
        reason: "\(owner) makes heads for one tensor of features, and the trunk gives \(shapes)",
        help: "choose another trunk; `truce trunks` says what each gives")
    }
    switch (shapes[0], task.output) {
    case (.vector(let inputs), .vector(let outputs)):
      return vectorHead(inputs, outputs, using: generator)
    case (.map(let channels, _), .vector(let outputs)):
      return Sequential(AdaptiveAvgPool2d(1), Flatten(), vectorHead(channels, outputs, using: generator))
    case (.map(let channels, _), .map(let outputs)):
      return makeMapHead(mapHead ?? trunk.mapHead, channels, outputs, using: generator)
    case (.vector, .map):
      throw NetworkError.unsuitable(
        reason: "the trunk gives \(owner) one vector, and '\(task.name)' wants a number for each pixel",
        help: "choose a trunk that gives a map; `truce trunks` says what each gives")
    }
  }

  /// Refuses options of a kind of head that no task has.
  private func refuseIdleOptions(for tasks: [NetworkTask], on trunk: any Trunk) throws(NetworkError) {
    let hasMaps = tasks.contains { if case .map = $0.output { true } else { false } }
    let hasVectors = tasks.contains { if case .vector = $0.output { true } else { false } }
    let hasDropout = hasMaps && (mapHead ?? trunk.mapHead) == .aspp
    let kinds = [
      (Self.widths.name, hasVectors, "that wants a vector"),
      (Self.activation.name, hasVectors, "that wants a vector"),
      (Self.mapHead.name, hasMaps, "that wants a number for each pixel"),
      (Self.dropout.name, hasDropout, "whose head has atrous spatial pyramid pooling"),
    ]
    for (option, isUsed, whose) in kinds where given.contains(option) && !isUsed {
      throw .unsuitable(
        reason: "\(owner) has the option '\(option)', and there is no task \(whose)",
        help: "leave the option out")
    }
  }

  private func vectorHead(_ inputs: Int, _ outputs: Int, using generator: Generator) -> any Layer {
    guard let width = widths.last else { return Linear(inputs, outputs, using: generator) }
    let hidden = Sequential.perceptron([inputs] + widths, activation, using: generator)
    return Sequential(hidden, Linear(width, outputs, using: generator))
  }

  private func makeMapHead(
    _ kind: MapHead, _ channels: Int, _ outputs: Int, using generator: Generator
  ) -> any Layer {
    switch kind {
    case .convolutions:
      Sequential(
        Conv2d.xavier(channels, channels, kernel: 3, using: generator),
        Conv2d.xavier(channels, outputs, kernel: 1, using: generator))
    case .aspp: Sequential.deepLabHead(channels, outputs, dropout: dropout, using: generator)
    }
  }
}
