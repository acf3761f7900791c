public import Truce
public import TruceEnvironments
public import TruceModels
public import TruceTasks

/// What a program adds to the catalogues that Truce brings.
public struct Additions: Sendable {
  /// Further problems.
  public var problems: [ProblemEntry]
  /// Further environments.
  public var environments: [EnvironmentEntry]
  /// Further agents.
  public var agents: [AgentEntry]
  /// Further trunks.
  public var trunks: [TrunkEntry]
  /// Further architectures.
  public var architectures: [ArchitectureEntry]
  /// Further metrics, chosen by the key `metrics`.
  public var metrics: [MetricEntry]
  /// Further handlers, told behind those that every run has.
  public var handlers: [HandlerEntry]
  /// Further methods.
  public var methods: [CatalogueEntry]

  /// Creates additions.
  public init(
    problems: [ProblemEntry] = [], environments: [EnvironmentEntry] = [], agents: [AgentEntry] = [],
    trunks: [TrunkEntry] = [], architectures: [ArchitectureEntry] = [], metrics: [MetricEntry] = [],
    handlers: [HandlerEntry] = [], methods: [CatalogueEntry] = []
  ) {
    self.problems = problems
    self.environments = environments
    self.agents = agents
    self.trunks = trunks
    self.architectures = architectures
    self.metrics = metrics
    self.handlers = handlers
    self.methods = methods
  }
}
