public import Foundation
public import Torch
public import TorchNN
public import Truce
public import TruceEnvironments
public import TruceOptions
public import TruceRun

/// One line of the catalogue of agents: a description and a way to make the agent.
public struct AgentEntry: CatalogueListing {
  /// What is known about the agent.
  public let about: AgentDescription
  private let makeAgent: @Sendable (Options, AgentRun) throws -> any ActingLearner

  /// Creates a line.
  ///
  /// - Parameters:
  ///   - about: What is known about the agent.
  ///   - make: Makes the agent.
  public init(
    about: AgentDescription, make: @escaping @Sendable (Options, AgentRun) throws -> any ActingLearner
  ) {
    self.about = about
    makeAgent = make
  }

  /// Makes the agent.
  ///
  /// - Throws: `OptionError`, `MethodError`, `EnvironmentError` or the agent's own errors, where what was chosen does
  ///   not go together or the environments cannot be made.
  public func make(_ run: AgentRun) throws -> any ActingLearner {
    try makeAgent(
      Options(
        owner: about.name, parameters: about.parameters, values: run.configuration.agentOptions), run)
  }
}

/// A learner that acts in environments.
public protocol ActingLearner: Learner {
  /// The actions that it thinks best.
  ///
  /// - Parameter observations: Those of all tasks, task after task.
  /// - Returns: The actions of all tasks.
  func actions(for observations: [Float]) -> [Float]
}

/// What a run gives the agent that learns in it.
public struct AgentRun {
  /// What the run was told.
  public let configuration: RunConfiguration
  /// What reconciles the tasks' gradients.
  public let method: AnyMethod
  /// A loss weighting in front of it.
  public let weighting: (any LossWeighting)?
  /// What a step does beside the method's rule.
  public let settings: StepSettings
  /// How parameters are updated.
  public let rule: any UpdateRule
  /// How the learning rate changes.
  public let schedule: LearningRateSchedule
  /// Where the tensors lie.
  public let device: Device
  /// The folder for what the agent keeps of its experience, which need not be there yet; nil for an agent that is only
  /// measured.
  public let folder: URL?
  /// Makes the environments for a purpose.
  public let environments: (EnvironmentRequest.Purpose) throws -> any TaskEnvironments

  /// The seed of the run.
  public var seed: UInt64 { UInt64(configuration.seed) }
  /// The floating-point type of the networks.
  public var dtype: DType { configuration.precision == .float64 ? .float64 : .float32 }

  /// Creates the value.
  public init(
    configuration: RunConfiguration, method: AnyMethod, weighting: (any LossWeighting)? = nil,
    settings: StepSettings = StepSettings(), rule: any UpdateRule,
    schedule: LearningRateSchedule = .planned(ConstantSchedule()), device: Device = .cpu, folder: URL?,
    environments: @escaping (EnvironmentRequest.Purpose) throws -> any TaskEnvironments
  ) {
    self.configuration = configuration
    self.method = method
    self.weighting = weighting
    self.settings = settings
    self.rule = rule
    self.schedule = schedule
    self.device = device
    self.folder = folder
    self.environments = environments
  }
}
