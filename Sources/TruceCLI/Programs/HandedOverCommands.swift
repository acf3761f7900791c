public import ArgumentParser
import Foundation
import TruceShell

/// A command of the engine: `truce` hands it over with all its arguments.
protocol HandedOverCommand: ParsableCommand {
  /// The arguments after the command's name, untouched.
  var arguments: [String] { get }
}

extension HandedOverCommand {
  /// Replaces the process by the engine's.
  func handOver() throws -> Never {
    try SiblingProgram.engine.replaceProcess(
      arguments: [Self.configuration.commandName ?? ""] + arguments)
  }
}

/// `truce train`.
public struct TrainCommand: HandedOverCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a model on several tasks with one method.")

  @Argument(parsing: .captureForPassthrough)
  var arguments: [String] = []

  /// Creates the command.
  public init() {}

  /// Hands over.
  public mutating func run() throws { try handOver() }
}

/// `truce diagnose`.
public struct DiagnoseCommand: HandedOverCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Measure whether a model's or a file's tasks conflict, and which methods address it."
  )

  @Argument(parsing: .captureForPassthrough)
  var arguments: [String] = []

  /// Creates the command.
  public init() {}

  /// Measures the gradients in files, or hands over where a network is meant.
  public mutating func run() throws {
    guard DiagnoseGradientsCommand.isMeant(by: arguments) else { try handOver() }
    var command = try DiagnoseGradientsCommand.parse(arguments)
    try command.run()
  }
}

/// `truce data`.
public struct DataCommand: HandedOverCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Fetch, prepare and inspect data sets.")

  @Argument(parsing: .captureForPassthrough)
  var arguments: [String] = []

  /// Creates the command.
  public init() {}

  /// Hands over.
  public mutating func run() throws { try handOver() }
}

/// `truce verify`.
public struct VerifyCommand: HandedOverCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare what Truce computes with reference values from elsewhere.")

  @Argument(parsing: .captureForPassthrough)
  var arguments: [String] = []

  /// Creates the command.
  public init() {}

  /// Hands over.
  public mutating func run() throws { try handOver() }
}

/// `truce rl`.
public struct ReinforcementCommand: HandedOverCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "rl", abstract: "Train agents in environments, evaluate them and watch them.")

  @Argument(parsing: .captureForPassthrough)
  var arguments: [String] = []

  /// Creates the command.
  public init() {}

  /// Hands over.
  public mutating func run() throws { try handOver() }
}

/// `truce study serve`.
///
/// Its arguments are known here, so that they are explained and completed without the server.
struct StudyServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: ServeArguments.abstract, discussion: ServeArguments.discussion)

  @OptionGroup var arguments: ServeArguments

  func run() throws {
    try SiblingProgram.server.replaceProcess(
      arguments: ["--port", "\(arguments.port)", "--", arguments.study])
  }
}
