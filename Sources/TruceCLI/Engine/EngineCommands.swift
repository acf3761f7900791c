public import ArgumentParser

/// A command that computes with tensors: `truce` hands it over to `truce-engine` with all its arguments.
protocol EngineCommand: ParsableCommand {
  /// The arguments after the command's name, untouched.
  var arguments: [String] { get }
}

extension EngineCommand {
  /// Replaces the process by the engine's.
  func handOver() throws -> Never {
    try Engine.replaceProcess(arguments: [Self.configuration.commandName ?? ""] + arguments)
  }
}

/// `truce train`.
public struct TrainCommand: EngineCommand {
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
public struct DiagnoseCommand: EngineCommand {
  /// The name and the help text.
  public static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Measure whether a model's tasks conflict, and which methods address it."
  )

  @Argument(parsing: .captureForPassthrough)
  var arguments: [String] = []

  /// Creates the command.
  public init() {}

  /// Hands over.
  public mutating func run() throws { try handOver() }
}

/// `truce data`.
public struct DataCommand: EngineCommand {
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
