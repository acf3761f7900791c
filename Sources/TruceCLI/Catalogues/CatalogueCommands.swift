public import ArgumentParser
public import TruceOptions
import TruceShell

/// How a catalogue is written.
enum CatalogueFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json, markdown
}

/// What the commands that show a catalogue are told.
struct CatalogueArguments: ParsableArguments {
  @Argument(help: "The entry to explain.")
  var name: String?

  @Option(help: "How to write it: table, json or markdown.")
  var format: CatalogueFormat = .table

  /// Prints the listing, or the explanation of the entry that is named.
  func show(_ entries: [any EntryDescription], kind: String) throws {
    guard let name else { return print(try listing(of: entries, kind: kind)) }
    print(try explanation(of: entries.entry(named: name, kind: kind)))
  }

  private func listing(of entries: [any EntryDescription], kind: String) throws -> String {
    switch format {
    case .table: EntryListing(entries, kind: kind).plain(on: .current)
    case .json: try Output.json(entries.map(EntryDocument.init))
    case .markdown: EntryListing(entries, kind: kind).markdown
    }
  }

  private func explanation(of entry: any EntryDescription) throws -> String {
    switch format {
    case .table: EntryExplanation(entry).plain(on: .current)
    case .json: try Output.json(EntryDocument(entry))
    case .markdown: EntryExplanation(entry).markdown
    }
  }
}

/// A catalogue that a command lists and explains.
public protocol ListedCatalogue: EntryDescription {
  /// What the command's help says of it.
  static var abstract: String { get }
  /// The catalogue's entries among all that is known.
  static func entries(of catalogues: CatalogueDescriptions) -> [Self]
}

/// `truce problems`, `truce trunks` and their like: lists the entries of a catalogue, or explains one.
public struct CatalogueListCommand<Entry: ListedCatalogue>: ProgramCommand {
  /// The name and the help text.
  public static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "\(Entry.kind)s", abstract: Entry.abstract)
  }

  @OptionGroup var arguments: CatalogueArguments

  /// Creates the command.
  public init() {}

  /// Prints the listing or the explanation.
  public func run(in program: Program) throws {
    try arguments.show(Entry.entries(of: program.descriptions), kind: Entry.kind)
  }
}

extension ProblemDescription: ListedCatalogue {
  /// The help of `truce problems`.
  public static var abstract: String { "List the problems, or explain one." }
  /// The problems.
  public static func entries(of catalogues: CatalogueDescriptions) -> [Self] { catalogues.problems }
}

extension TrunkDescription: ListedCatalogue {
  /// The help of `truce trunks`.
  public static var abstract: String {
    "List the trunks, the part of a network that looks at the inputs, or explain one."
  }
  /// The trunks.
  public static func entries(of catalogues: CatalogueDescriptions) -> [Self] { catalogues.trunks }
}

extension ArchitectureDescription: ListedCatalogue {
  /// The help of `truce architectures`.
  public static var abstract: String { "List the ways in which tasks share a network, or explain one." }
  /// The architectures.
  public static func entries(of catalogues: CatalogueDescriptions) -> [Self] { catalogues.architectures }
}

extension AgentDescription: ListedCatalogue {
  /// The help of `truce agents`.
  public static var abstract: String {
    "List the agents, which learn to act in environments, or explain one."
  }
  /// The agents.
  public static func entries(of catalogues: CatalogueDescriptions) -> [Self] { catalogues.agents }
}

extension MetricDescription: ListedCatalogue {
  /// The help of `truce metrics`.
  public static var abstract: String {
    "List the metrics that a run can add to its tasks' own, or explain one."
  }
  /// The metrics.
  public static func entries(of catalogues: CatalogueDescriptions) -> [Self] { catalogues.metrics }
}

extension OptimizerDescription: ListedCatalogue {
  /// The help of `truce optimizers`.
  public static var abstract: String { "List the optimizers, or explain one." }
  /// The optimizers.
  public static func entries(of catalogues: CatalogueDescriptions) -> [Self] { catalogues.optimizers }
}

extension ScheduleDescription: ListedCatalogue {
  /// The help of `truce schedules`.
  public static var abstract: String { "List the learning-rate schedules, or explain one." }
  /// The schedules.
  public static func entries(of catalogues: CatalogueDescriptions) -> [Self] { catalogues.schedules }
}
