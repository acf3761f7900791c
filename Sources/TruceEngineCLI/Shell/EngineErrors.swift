public import Torch
public import TruceData
public import TruceEnvironments
public import TruceModels
public import TruceOptions
public import TruceRun
public import TruceShell
public import TruceTasks
public import TruceTorch
public import TruceTraining

// How the engine's errors end a command: each keeps its own words, and the exit code says what kind it was.

extension TrainingError: CommandLineError {}

extension NetworkCheckpointError: CommandLineError {}

extension NetworkError: CommandLineError {
  /// Usage: trunk, architecture and tasks do not go together.
  public var exitStatus: ExitStatus { .usage }
}

extension VerificationError: CommandLineError {
  /// Missing input, or bad data.
  public var exitStatus: ExitStatus {
    if case .unreadable = self { .missingInput } else { .badData }
  }
}

extension TaskError: CommandLineError {
  /// Usage: the problem has no such task, or not so many.
  public var exitStatus: ExitStatus { .usage }
}

extension CatalogueError: CommandLineError {
  /// Usage: what a program adds to a catalogue bears a name that is taken.
  public var exitStatus: ExitStatus { .usage }
}

extension EnvironmentError: CommandLineError {}

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

extension TensorFileError: CommandLineError {
  /// Usage, missing input, bad data or input and output, by what became of the file.
  public var exitStatus: ExitStatus {
    switch kind {
    case .exists: .usage
    case .missing, .unreadable: .missingInput
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

  /// Runs a part of a command, and puts libtorch's failures into the words of one.
  static func explaining<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as TorchError { throw TensorFailure(error: error) }
  }
}
