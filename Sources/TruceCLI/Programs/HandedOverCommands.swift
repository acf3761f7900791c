public import ArgumentParser
import Foundation
import TruceShell

/// A command of another program: `truce` hands it over with all its arguments.
protocol HandedOverCommand: ParsableCommand {
  /// The program that does it.
  static var program: SiblingProgram { get }
  /// The words in front of the arguments by which the program knows the command.
  static var words: [String] { get }
  /// The arguments after the command's name, untouched.
  var arguments: [String] { get }
}

extension HandedOverCommand {
  static var program: SiblingProgram { .engine }

  static var words: [String] { [configuration.commandName ?? ""] }

  /// Replaces the process by the program's.
  func handOver() throws -> Never {
    try Self.program.replaceProcess(arguments: Self.words + arguments)
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

/// `truce study serve`.
struct StudyServeCommand: HandedOverCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Show a study's report in a browser, live while it runs.")

  static let program = SiblingProgram.server
  static let words: [String] = []

  @Argument(parsing: .captureForPassthrough)
  var arguments: [String] = []

  mutating func run() throws { try handOver() }
}
