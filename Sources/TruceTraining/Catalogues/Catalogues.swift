import TorchNN
public import Truce
public import TruceModels
public import TruceOptions
public import TruceRun
public import TruceTasks

/// All that a configuration can name, in one value that is handed down: problems, trunks, architectures, metrics,
/// methods; and the handlers that watch a run.
///
/// It is made once, where a program begins, and whoever reads a configuration is given it.
public struct Catalogues: Sendable {
  /// The problems.
  public private(set) var problems: EntryList<ProblemEntry>
  /// The trunks and architectures.
  public private(set) var networks: NetworkCatalogues
  /// The metrics.
  public private(set) var metrics: EntryList<MetricEntry>
  /// The handlers, in the order in which they are told.
  public private(set) var handlers: [HandlerEntry]
  /// The methods.
  public private(set) var methods: Catalogue

  /// Creates the catalogues of some problems, and of all else that Truce brings.
  ///
  /// - Throws: `CatalogueError` where two entries of a catalogue bear one name.
  public init(problems: [ProblemEntry]) throws(CatalogueError) {
    self.problems = try EntryList(problems)
    networks = try NetworkCatalogues()
    metrics = try EntryList(MetricCatalogue.entries)
    handlers = HandlerCatalogue.entries
    methods = .builtIn
  }

  /// The catalogues with further entries behind their own.
  ///
  /// - Throws: `CatalogueError` or `MethodError` where two entries of a catalogue bear one name.
  public func adding(_ additions: Additions) throws -> Catalogues {
    var extended = self
    extended.problems = try problems.adding(additions.problems)
    extended.networks = try networks.adding(
      trunks: additions.trunks, architectures: additions.architectures)
    extended.metrics = try metrics.adding(additions.metrics)
    extended.handlers = try handlers.adding(additions.handlers)
    extended.methods = try methods.adding(additions.methods)
    return extended
  }

  /// What is known about all entries.
  public var descriptions: CatalogueDescriptions {
    CatalogueDescriptions(
      problems: problems.descriptions, trunks: networks.trunks.descriptions,
      architectures: networks.architectures.descriptions, metrics: metrics.descriptions,
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
