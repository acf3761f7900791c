public import Truce
public import TruceModels
public import TruceOptions
public import TruceRun
public import TruceTasks

/// All that a configuration can name, in one value that is handed down: problems, trunks, architectures, methods.
///
/// It is made once, where a program begins, and whoever reads a configuration is given it.
public struct Catalogues: Sendable {
  /// The problems.
  public let problems: EntryList<ProblemEntry>
  /// The trunks and architectures.
  public let networks: NetworkCatalogues
  /// The methods.
  public let methods: Catalogue

  /// Creates the catalogues of some problems, and of the trunks, architectures and methods that Truce brings.
  ///
  /// - Throws: `CatalogueError` where two entries of a catalogue bear one name.
  public init(problems: [ProblemEntry]) throws(CatalogueError) {
    self.problems = try EntryList(problems)
    networks = try NetworkCatalogues()
    methods = .builtIn
  }

  private init(
    problems: EntryList<ProblemEntry>, networks: NetworkCatalogues, methods: Catalogue
  ) {
    self.problems = problems
    self.networks = networks
    self.methods = methods
  }

  /// The catalogues with further entries behind their own.
  ///
  /// - Throws: `CatalogueError` or `MethodError` where two entries of a catalogue bear one name.
  public func adding(_ additions: Additions) throws -> Catalogues {
    Catalogues(
      problems: try problems.adding(additions.problems),
      networks: try networks.adding(trunks: additions.trunks, architectures: additions.architectures),
      methods: try methods.adding(additions.methods))
  }

  /// What is known about all entries.
  public var descriptions: CatalogueDescriptions {
    CatalogueDescriptions(
      problems: problems.descriptions, trunks: networks.trunks.descriptions,
      architectures: networks.architectures.descriptions)
  }

  /// What a configuration can name.
  public var vocabulary: ConfigurationVocabulary {
    ConfigurationVocabulary(catalogues: descriptions, methods: methods)
  }
}
