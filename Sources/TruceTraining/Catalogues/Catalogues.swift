import TorchNN
public import Truce
public import TruceEnvironments
public import TruceModels
public import TruceOptions
public import TruceRun
public import TruceTasks

/// All that a configuration can name, in one value that is handed down: problems and environments, trunks,
/// architectures and agents, metrics, methods; and the handlers that watch a run.
///
/// It is made once, where a program begins, and whoever reads a configuration is given it.
public struct Catalogues: Sendable {
  /// The problems with labelled data.
  public private(set) var problems: EntryList<ProblemEntry>
  /// The problems with environments.
  public private(set) var environments: EntryList<EnvironmentEntry>
  /// The agents that learn those.
  public private(set) var agents: EntryList<AgentEntry>
  /// The trunks and architectures.
  public private(set) var networks: NetworkCatalogues
  /// The metrics.
  public private(set) var metrics: EntryList<MetricEntry>
  /// The handlers, in the order in which they are told.
  public private(set) var handlers: [HandlerEntry]
  /// The methods.
  public private(set) var methods: Catalogue

  /// Creates the catalogues of some problems and agents, and of all else that Truce brings.
  ///
  /// - Throws: `CatalogueError` where two entries of a catalogue bear one name, or a problem is not described by what
  ///   learns it.
  public init(problems: [ProblemEntry], agents: [AgentEntry] = []) throws(CatalogueError) {
    self.problems = try EntryList(problems)
    environments = try EntryList(EnvironmentCatalogue.entries)
    self.agents = try EntryList(agents)
    networks = try NetworkCatalogues()
    metrics = try EntryList(MetricCatalogue.entries)
    handlers = HandlerCatalogue.entries
    methods = .builtIn
    try checkProblems()
  }

  /// The catalogues with further entries behind their own.
  ///
  /// - Throws: `CatalogueError` or `MethodError` where two entries of a catalogue bear one name.
  public func adding(_ additions: Additions) throws -> Catalogues {
    var extended = self
    extended.problems = try problems.adding(additions.problems)
    extended.environments = try environments.adding(additions.environments)
    extended.agents = try agents.adding(additions.agents)
    extended.networks = try networks.adding(
      trunks: additions.trunks, architectures: additions.architectures)
    extended.metrics = try metrics.adding(additions.metrics)
    extended.handlers = try handlers.adding(additions.handlers)
    extended.methods = try methods.adding(additions.methods)
    try extended.checkProblems()
    return extended
  }

  /// Makes sure that no two problems of either kind bear one name, and that each says what learns it.
  private func checkProblems() throws(CatalogueError) {
    try CatalogueError.check(
      (problems.descriptions + environments.descriptions).map(\.name), ofKind: ProblemDescription.kind)
    for about in problems.descriptions where about.network == nil {
      throw .otherLearner(problem: about.name, expected: "network")
    }
    for about in environments.descriptions where about.agent == nil {
      throw .otherLearner(problem: about.name, expected: "agent")
    }
  }

  /// What is known about all entries.
  public var descriptions: CatalogueDescriptions {
    CatalogueDescriptions(
      problems: problems.descriptions + environments.descriptions, trunks: networks.trunks.descriptions,
      architectures: networks.architectures.descriptions, agents: agents.descriptions,
      metrics: metrics.descriptions,
      optimizers: OptimizerCatalogue.entries, schedules: ScheduleCatalogue.entries)
  }

  /// What a configuration can name.
  public var vocabulary: ConfigurationVocabulary {
    ConfigurationVocabulary(catalogues: descriptions, methods: methods)
  }
}

extension [HandlerEntry] {
  /// The list with further entries behind its own.
  fileprivate func adding(_ others: [HandlerEntry]) throws(CatalogueError) -> [HandlerEntry] {
    let extended = self + others
    try CatalogueError.check(extended.map(\.name), ofKind: "handler")
    return extended
  }
}
