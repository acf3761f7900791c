/// What a training step does beside its method's rule.
public struct StepSettings: Sendable, Equatable {
  /// The part of the network each solve looks at.
  public var grouping: GradientGrouping
  /// What the task gradients are taken with respect to.
  public var target: GradientTarget
  /// How much of the task gradients is held at one time.
  public var memory: GradientMemory
  /// The memory that they may count on.
  public var memoryShare: MemoryShare
  /// What happens when a loss or a gradient is not finite.
  public var nonFinite: NonFinitePolicy
  /// What the shared update is multiplied by, and the length it is cut to.
  ///
  /// With the features as target the length is that of the combined gradient of the features.
  public var convention: GradientConvention
  /// How the losses are scaled on their way back; nil where they are not.
  public var scaling: GradientScaling?

  /// Creates settings: the whole network, parameters, throwing, and the method's own scale by default.
  public init(
    grouping: GradientGrouping = .network, target: GradientTarget = .parameters,
    memory: GradientMemory = .auto, memoryShare: MemoryShare = MemoryShare(),
    nonFinite: NonFinitePolicy = .throw,
    convention: GradientConvention = GradientConvention(), scaling: GradientScaling? = nil
  ) {
    self.grouping = grouping
    self.target = target
    self.memory = memory
    self.memoryShare = memoryShare
    self.nonFinite = nonFinite
    self.convention = convention
    self.scaling = scaling
  }
}

/// The memory that task gradients may count on.
public struct MemoryShare: Sendable, Equatable {
  /// The bytes that there are; nil asks the device of the parameters.
  public var bytes: Int?
  /// The number of processes that share them.
  public var processes: Int

  /// Creates a share; by default all that the device has.
  public init(bytes: Int? = nil, processes: Int = 1) {
    self.bytes = bytes
    self.processes = max(1, processes)
  }
}

/// Where training stands.
public struct StepPosition: Sendable, Equatable, Codable {
  /// The epoch, from 0.
  public var epoch: Int
  /// The step since training began, from 0.
  public var iteration: Int

  /// Creates a position; by default the first step.
  public init(epoch: Int = 0, iteration: Int = 0) {
    self.epoch = epoch
    self.iteration = iteration
  }
}
