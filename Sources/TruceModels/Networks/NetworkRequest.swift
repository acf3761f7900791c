public import Torch

/// What a task needs of a network.
public enum TaskOutput: Equatable, Sendable {
  /// So many numbers for each example, such as a logit a class.
  case vector(Int)
  /// So many channels for each pixel of the input.
  case map(channels: Int)
}

/// A task as a network sees it.
public struct NetworkTask: Equatable, Sendable {
  /// The name.
  public let name: String
  /// What the network is to give.
  public let output: TaskOutput
  /// The part of an example that the task looks at, where examples have parts; nil for the whole example.
  public let part: Int?

  /// Creates a task.
  public init(name: String, output: TaskOutput, part: Int? = nil) {
    self.name = name
    self.output = output
    self.part = part
  }
}

/// What a network is made for.
public struct NetworkRequest {
  /// The tasks, in order.
  public let tasks: [NetworkTask]
  /// The shape of what a trunk sees of one example, without the axis of examples; nil for axes whose length differs
  /// between examples.
  public let inputShape: [Int?]
  /// Whether a task's map is brought to the height and width of the input, where the network's own is smaller.
  public let enlargesMaps: Bool
  /// Where first values come from: trunks first, then what belongs to the tasks, in their order.
  public let generator: Generator
  /// Makes the chosen trunk; each call makes another one.
  public let makeTrunk: () throws -> any Trunk

  /// Creates a request.
  ///
  /// - Parameters:
  ///   - tasks: The tasks, in order.
  ///   - inputShape: The shape of what a trunk sees of one example.
  ///   - enlargesMaps: Whether a task's map is brought to the height and width of the input.
  ///   - generator: Where first values come from.
  ///   - makeTrunk: Makes the chosen trunk; each call makes another one.
  public init(
    tasks: [NetworkTask], inputShape: [Int?], enlargesMaps: Bool = true, using generator: Generator,
    makeTrunk: @escaping () throws -> any Trunk
  ) {
    self.tasks = tasks
    self.inputShape = inputShape
    self.enlargesMaps = enlargesMaps
    self.generator = generator
    self.makeTrunk = makeTrunk
  }
}
