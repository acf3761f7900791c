public import Truce
public import TruceOptions
public import TruceRun

/// An error that the command line can explain: what is wrong, what to do about it, and how to exit.
public protocol CommandLineError: Error, CustomStringConvertible {
  /// What the reader can do about it, in one line.
  var help: String { get }
  /// How the process exits.
  var exitStatus: ExitStatus { get }
}

/// An error of the command line itself.
public struct CommandFailure: CommandLineError, Equatable {
  /// What is wrong, in one line.
  public let description: String
  /// What the reader can do about it, in one line.
  public let help: String
  /// How the process exits.
  public let exitStatus: ExitStatus

  /// Creates an error.
  public init(_ description: String, help: String, exitStatus: ExitStatus) {
    self.description = description
    self.help = help
    self.exitStatus = exitStatus
  }

  /// The error of a command that was called wrongly.
  public static func usage(_ description: String, help: String) -> CommandFailure {
    CommandFailure(description, help: help, exitStatus: .usage)
  }

  /// The error of an input whose content is wrong.
  public static func badData(_ description: String, help: String) -> CommandFailure {
    CommandFailure(description, help: help, exitStatus: .badData)
  }
}

extension MethodError: CommandLineError {
  /// Usage for a wrong method or option, bad data for wrong numbers, internal for a solver that failed.
  public var exitStatus: ExitStatus {
    switch self {
    case .option, .unknownMethod, .unknownPreset, .notApplicable:
      .usage
    case .wrongCount, .nonFinite, .nonFiniteSum, .nonFiniteDirection, .outOfRange, .lossOutOfDomain: .badData
    case .solverDidNotConverge: .internalError
    }
  }
}

extension RunError: CommandLineError {}

extension OptionError: CommandLineError {
  /// Usage: the name or an option of an entry of a catalogue is wrong.
  public var exitStatus: ExitStatus { .usage }
}
