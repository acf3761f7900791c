public import ArgumentParser
import Truce
import TruceShell

/// `truce methods`: lists the catalogue, or explains one entry.
public struct MethodsCommand: ParsableCommand {
  /// How a listing is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json, markdown
  }

  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "methods", abstract: "List the methods, or explain one.",
    usage: "truce methods [<name>] [--format <format>]",
    discussion: """
      Examples:
        truce methods
        truce methods cagrad
        truce methods --format markdown
      """)

  @Argument(help: "The method to explain.", completion: MethodNames.completion)
  var name: String?

  @Option(help: "How to write it: table, json or markdown.")
  var format: Format = .table

  /// Creates the command.
  public init() {}

  /// Prints the listing or the explanation.
  public mutating func run() throws {
    if let name {
      print(try explanation(of: Catalogue.entry(named: name).about))
    } else {
      print(try listing(of: Catalogue.entries.map(\.about)))
    }
  }

  private func listing(of methods: [MethodDescription]) throws -> String {
    switch format {
    case .table: MethodListing(methods).plain(on: .current)
    case .json: try Output.json(methods.map(MethodDocument.init))
    case .markdown: MethodListing(methods).markdown
    }
  }

  private func explanation(of method: MethodDescription) throws -> String {
    switch format {
    case .table: MethodExplanation(method).plain(on: .current)
    case .json: try Output.json(MethodDocument(method))
    case .markdown: MethodExplanation(method).markdown
    }
  }
}
