public import ArgumentParser
import TruceOptions
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

/// `truce problems`: lists what can be learned, or explains one.
public struct ProblemsCommand: ProgramCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "problems", abstract: "List the problems, or explain one.")

  @OptionGroup var arguments: CatalogueArguments

  /// Creates the command.
  public init() {}

  /// Prints the listing or the explanation.
  public func run(in program: Program) throws {
    try arguments.show(program.descriptions.problems, kind: ProblemDescription.kind)
  }
}

/// `truce trunks`: lists the trunks, or explains one.
public struct TrunksCommand: ProgramCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "trunks",
    abstract: "List the trunks, the part of a network that looks at the inputs, or explain one.")

  @OptionGroup var arguments: CatalogueArguments

  /// Creates the command.
  public init() {}

  /// Prints the listing or the explanation.
  public func run(in program: Program) throws {
    try arguments.show(program.descriptions.trunks, kind: TrunkDescription.kind)
  }
}

/// `truce optimizers`: lists the optimizers, or explains one.
public struct OptimizersCommand: ProgramCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "optimizers", abstract: "List the optimizers, or explain one.")

  @OptionGroup var arguments: CatalogueArguments

  /// Creates the command.
  public init() {}

  /// Prints the listing or the explanation.
  public func run(in program: Program) throws {
    try arguments.show(program.descriptions.optimizers, kind: OptimizerDescription.kind)
  }
}

/// `truce schedules`: lists the ways in which the learning rate changes, or explains one.
public struct SchedulesCommand: ProgramCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "schedules", abstract: "List the learning-rate schedules, or explain one.")

  @OptionGroup var arguments: CatalogueArguments

  /// Creates the command.
  public init() {}

  /// Prints the listing or the explanation.
  public func run(in program: Program) throws {
    try arguments.show(program.descriptions.schedules, kind: ScheduleDescription.kind)
  }
}

/// `truce metrics`: lists the metrics that can be added to a task's own, or explains one.
public struct MetricsCommand: ProgramCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "List the metrics that a run can add to its tasks' own, or explain one.")

  @OptionGroup var arguments: CatalogueArguments

  /// Creates the command.
  public init() {}

  /// Prints the listing or the explanation.
  public func run(in program: Program) throws {
    try arguments.show(program.descriptions.metrics, kind: MetricDescription.kind)
  }
}

/// `truce architectures`: lists the ways in which tasks share a network, or explains one.
public struct ArchitecturesCommand: ProgramCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "architectures", abstract: "List the ways in which tasks share a network, or explain one.")

  @OptionGroup var arguments: CatalogueArguments

  /// Creates the command.
  public init() {}

  /// Prints the listing or the explanation.
  public func run(in program: Program) throws {
    try arguments.show(program.descriptions.architectures, kind: ArchitectureDescription.kind)
  }
}
