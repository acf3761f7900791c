public import ArgumentParser
import TruceOptions
import TruceShell
public import TruceTraining

/// `truce-engine catalogues`: what configurations can name, for programs without an engine.
public struct CataloguesCommand: CatalogueCommand {
  /// The command's help.
  public static let configuration = CommandConfiguration(
    commandName: "catalogues", abstract: "Print what configurations can name as JSON.", shouldDisplay: false)

  /// Creates the command.
  public init() {}

  /// Prints one JSON object.
  public func run(with catalogues: Catalogues) throws {
    print(try Output.json(catalogues.descriptions))
  }
}
