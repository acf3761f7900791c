public import Torch
public import TorchNN
public import TruceData
public import TruceRun
public import TruceShell
public import TruceTorch
public import TruceTraining

// How the engine's errors end a command: each keeps its own words, and the exit code says what kind it was.

extension TrainingError: CommandLineError {}

extension NetworkCheckpointError: CommandLineError {}

extension DataError: CommandLineError {
  /// The exit code the data room documents.
  public var exitStatus: ExitStatus { ExitStatus(rawValue: exitCode) ?? .internalError }
}

extension StepError: CommandLineError {
  /// Usage: method, settings and network do not go together.
  public var exitStatus: ExitStatus { .usage }
}

extension SampleGradientError: CommandLineError {
  /// Usage: the layers and the network do not go together.
  public var exitStatus: ExitStatus { .usage }
}

extension OptionError: CommandLineError {
  /// Usage: an optimizer's or a schedule's option is wrong.
  public var exitStatus: ExitStatus { .usage }
}

extension TensorFileError: CommandLineError {
  /// Missing input, bad data or input and output, by what became of the file.
  public var exitStatus: ExitStatus {
    switch kind {
    case .unreadable: .missingInput
    case .unwritable, .full: .inputOutput
    default: .badData
    }
  }
}

extension InterruptedRun: CommandLineError {
  /// Interrupted.
  public var exitStatus: ExitStatus { .interrupted }
}

/// A failure inside libtorch, in the words of a command.
struct TensorFailure: CommandLineError {
  let error: TorchError

  var description: String { error.description.split(separator: "\n").first.map(String.init) ?? "" }
  var help: String { error.help ?? "check the configuration; if it is right, please report this" }
  var exitStatus: ExitStatus { error.kind == .unavailableDevice ? .usage : .internalError }
}
