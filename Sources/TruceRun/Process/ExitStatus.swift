/// How a command of Truce ends: the exit codes that scripts may rely on.
public enum ExitStatus: Int32, Sendable, Codable, CaseIterable {
  /// Done.
  case success = 0
  /// The command line is wrong: an unknown flag or value, or a folder that needs `--force`.
  case usage = 64
  /// A file's content is wrong, or training diverged.
  case badData = 65
  /// A file or folder that is needed is not there.
  case missingInput = 66
  /// A defect of the program.
  case internalError = 70
  /// Reading or writing failed: no permission, a full disk.
  case inputOutput = 74
  /// Stopped by a signal, after a checkpoint.
  case interrupted = 130
}
