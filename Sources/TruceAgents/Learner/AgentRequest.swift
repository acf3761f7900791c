public import Foundation
public import Torch
public import TorchNN
public import Truce
public import TruceEnvironments

/// What an agent is made from.
public struct AgentRequest {
  /// How it learns.
  public var settings: SACSettings
  /// Where it learns.
  public var training: any TaskEnvironments
  /// Where it is measured: the same tasks, in environments of their own.
  public var evaluation: any TaskEnvironments
  /// What reconciles the tasks.
  public var method: AnyMethod
  /// A loss weighting in front of a gradient method.
  public var weighting: (any LossWeighting)?
  /// Grouping, target, policy and scale of the method's steps.
  public var stepSettings = StepSettings()
  /// What moves actor, critics and temperatures, an optimizer each.
  public var rule: any UpdateRule
  /// How the learning rate moves from epoch to epoch.
  public var schedule: any Schedule = ConstantSchedule()
  /// The epochs over which it moves.
  public var epochs = 1
  /// Steps between two measurements of the conflict between the tasks; 0 for none.
  public var conflictEvery = 0
  /// The seed of everything that is drawn.
  public var seed: UInt64 = 0
  /// The type of the networks.
  public var precision = DType.float32
  /// Where the replay is kept for checkpoints; nil for an agent that is not resumed.
  public var replayFolder: URL?
  /// CPU threads; 0 leaves the choice to the engine.
  public var threads = 0

  /// Creates a request.
  public init(
    settings: SACSettings, training: any TaskEnvironments, evaluation: any TaskEnvironments,
    method: AnyMethod, rule: any UpdateRule
  ) {
    self.settings = settings
    self.training = training
    self.evaluation = evaluation
    self.method = method
    self.rule = rule
  }
}

extension AgentRequest {
  /// The sizes.
  var shape: AgentShape {
    let about = training.about
    return AgentShape(
      taskCount: about.tasks.count, observationSize: about.observationSize, actionSize: about.actionSize,
      taskInput: settings.taskInput)
  }

  /// The method and what stands in front of it.
  var choice: MethodChoice {
    MethodChoice(method: method, weighting: weighting, settings: stepSettings)
  }
}
