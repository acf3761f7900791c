public import ArgumentParser
import Foundation
import Truce
public import TruceRun

/// A command that, asked to stop by a signal, saves what it has and ends with its own message.
///
/// Signals are counted from the program's start, so that none ends it before its first look at them.
public protocol StopsWhenAsked: ParsableCommand {}

/// Runs a root command the way all commands of Truce run: errors in two lines, exit codes by meaning.
public enum Launcher {
  /// Prepares the process; called from the main thread before anything else.
  ///
  /// - Parameter loadsEngine: Whether the program loads libraries that read ``StartVariables``; the process may then be
  ///   replaced once by itself.
  public static func begin(loadsEngine: Bool = false) {
    if loadsEngine { StartVariables.restartOnce(holdingSignals: true) }
    StandardStreams.open()
    CrashReport.leaveOutUnlessAsked()
    Interruption.watch()
    Interruption.releaseSignals()
  }

  /// Parses the process's arguments, runs the command and ends the process.
  ///
  /// - Parameters:
  ///   - root: The root command.
  ///   - execute: Runs a parsed command, with whatever this program has for its commands.
  public static func runAndExit(
    _ root: any AsyncParsableCommand.Type,
    executing execute: (any ParsableCommand) async throws -> Void = Launcher.execute
  ) async -> Never {
    await exit(
      run(root, arguments: Array(CommandLine.arguments.dropFirst()), executing: execute).rawValue)
  }

  /// Parses the arguments and runs the command.
  ///
  /// - Returns: How the process should exit; an error has then been written to standard error.
  public static func run(
    _ root: any AsyncParsableCommand.Type, arguments: [String],
    executing execute: (any ParsableCommand) async throws -> Void = Launcher.execute
  ) async -> ExitStatus {
    do {
      try await execute(parse(arguments, for: root))
      try Output.flush()
      return .success
    } catch {
      return report(error, of: root)
    }
  }

  /// The command that the arguments mean; signals have their usual effect again unless it heeds them itself.
  private static func parse(
    _ arguments: [String], for root: any AsyncParsableCommand.Type
  ) throws -> any ParsableCommand {
    try checkSubcommand(of: root, arguments: arguments)
    try checkValues(arguments)
    let command = try root.parseAsRoot(withJoinedNumbers(arguments))
    if !(command is any StopsWhenAsked) { Interruption.stopWatching() }
    return command
  }

  /// Runs a parsed command that needs nothing of its program.
  public static func execute(_ parsed: any ParsableCommand) async throws {
    if var command = parsed as? any AsyncParsableCommand {
      try await command.run()
    } else {
      var command = parsed
      try command.run()
    }
  }

  /// Throws where the first word names no subcommand, with the closest one that exists.
  private static func checkSubcommand(
    of root: any AsyncParsableCommand.Type, arguments: [String]
  ) throws {
    guard let word = arguments.first, !word.hasPrefix("-"), word != "help" else { return }
    let groups = root.configuration.groupedSubcommands.flatMap(\.subcommands)
    let names = (root.configuration.subcommands + groups).map(name(of:))
    guard !names.isEmpty, !names.contains(word) else { return }
    let suggestion = closestName(to: word, among: names).map { "did you mean '\($0)'? " } ?? ""
    throw CommandFailure.usage(
      "unknown command '\(word)'", help: suggestion + "`truce --help` lists the commands")
  }

  /// The arguments with negative numbers joined to the options in front of them, as in `--seed=-1`.
  ///
  /// Apart from it, they would be taken for options, and the option in front be said to lack a value.
  static func withJoinedNumbers(_ arguments: [String]) -> [String] {
    var joined: [String] = []
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    for argument in arguments[..<end] {
      if let option = joined.last, option.hasPrefix("--"), !option.contains("="), isNegativeNumber(argument) {
        joined[joined.count - 1] = "\(option)=\(argument)"
      } else {
        joined.append(argument)
      }
    }
    return joined + arguments[end...]
  }

  /// Whether a text begins as a negative number, a list of numbers or a point.
  private static func isNegativeNumber(_ text: String) -> Bool {
    guard text.first == "-" else { return false }
    let rest = text.dropFirst()
    return rest.first?.isNumber == true || (rest.first == "." && rest.dropFirst().first?.isNumber == true)
      || ["inf", "infinity", "nan"].contains(rest.lowercased())
  }

  /// Throws where an argument or an option's value is empty, which a variable that is not set leaves.
  ///
  /// An empty path would be the working folder.
  private static func checkValues(_ arguments: [String]) throws {
    for (index, argument) in arguments.enumerated() where argument.isEmpty || isEmptyOption(argument) {
      let before = index > 0 && argument.isEmpty ? arguments[index - 1] : argument
      let name = before.hasPrefix("-") ? before.prefix { $0 != "=" } : "an argument"
      throw CommandFailure.usage(
        "\(name) is empty",
        help: "give a value, or leave it out; an unset variable of the shell leaves such a one")
    }
  }

  private static func isEmptyOption(_ argument: String) -> Bool {
    argument.hasPrefix("--") && argument.firstIndex(of: "=") == argument.index(before: argument.endIndex)
  }

  private static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? "\(command)".lowercased()
  }
}

// MARK: Errors

extension Launcher {
  private static func report(_ error: any Error, of root: any AsyncParsableCommand.Type) -> ExitStatus {
    if root.exitCode(for: error) == .success {
      print(root.fullMessage(for: error))
      return .success
    }
    let failure = explained(error, of: root)
    Output.error(failure.description, help: failure.help)
    return failure.exitStatus
  }

  private static func explained(
    _ error: any Error, of root: any AsyncParsableCommand.Type
  ) -> any CommandLineError {
    if let error = error as? any CommandLineError { return error }
    if error is CancellationError {
      return CommandFailure("interrupted", help: "run the command again", exitStatus: .interrupted)
    }
    if root.exitCode(for: error) == .validationFailure { return usageFailure(error, of: root) }
    return CommandFailure(
      "\(error)", help: "this is a defect of Truce: please report it", exitStatus: .internalError)
  }

  /// Turns a parser's message, with its usage text and its hints, into one line and a help line.
  private static func usageFailure(
    _ error: any Error, of root: any AsyncParsableCommand.Type
  ) -> CommandFailure {
    let message = oneLine(root.message(for: error))
    let parts = message.split(separator: " Did you mean ", maxSplits: 1)
    let help = parts.count == 2 ? "did you mean \(parts[1])" : pointer(in: root.fullMessage(for: error))
    return .usage(lowercasedFirst(String(parts.first ?? "wrong usage")), help: help)
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private static func lowercasedFirst(_ text: String) -> String {
    text.prefix(1).lowercased() + text.dropFirst().trimmingSuffix { $0 == "." }
  }

  private static func pointer(in message: String) -> String {
    let quoted = message.split(separator: "\n").last { $0.contains("--help'") }?.split(separator: "'")
    let command = quoted.flatMap { $0.count > 1 ? String($0[1]) : nil } ?? "truce --help"
    return "see `\(command)`"
  }
}

extension StringProtocol {
  fileprivate func trimmingSuffix(while matches: (Character) -> Bool) -> SubSequence {
    var end = endIndex
    while end > startIndex, matches(self[index(before: end)]) { end = index(before: end) }
    return self[startIndex..<end]
  }
}
