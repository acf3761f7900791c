import Foundation
import TruceRun
import TruceShell

/// A program beside this one, to which commands are handed over.
struct SiblingProgram: Sendable {
  /// The program's name.
  let name: String
  /// What must be there before it can be built, as a command; nil for nothing.
  private let preparation: String?
  /// The target of the Makefile that builds it.
  private let target: String

  /// The engine, which computes with libtorch.
  static let engine = SiblingProgram(name: "truce-engine", preparation: "setup", target: "release")
  /// The server of a study's page.
  static let server = SiblingProgram(name: "truce-serve", preparation: nil, target: "server")

  /// The folder of this program.
  static var folder: URL { ProgramLocation.program.deletingLastPathComponent() }

  /// Where the program should be.
  var url: URL { Self.folder.appending(path: name) }

  /// Where the program is; nil where it is not.
  var path: String? {
    let path = url.path(percentEncoded: false)
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }

  /// The command that builds the program, to be typed in any folder where this program's package is known.
  var buildCommand: String {
    let place = ProgramLocation.packageFolder?.path(percentEncoded: false).shellWord
    if let place, Self.folder.lastPathComponent == "debug" {
      return "swift build --package-path \(place) --product \(name)"
    }
    return ["make", place.map { "-C \($0)" }, target].compactMap(\.self).joined(separator: " ")
  }

  /// Replaces this process by the program's, so that signals, terminal and exit status are its own.
  ///
  /// A signal that arrives before the program is ready for it waits until then.
  ///
  /// - Throws: ``CommandFailure`` where the program is missing or the system refuses to start it.
  func replaceProcess(arguments: [String]) throws(CommandFailure) -> Never {
    guard let path else { throw missing }
    _ = StartVariables.bind()
    var pointers = ([name] + arguments).map { strdup($0) }
    pointers.append(nil)
    Interruption.holdSignals()
    execv(path, pointers)
    let reason = String(cString: strerror(errno)).lowercased()
    Interruption.releaseSignals()
    pointers.forEach { free($0) }
    throw CommandFailure(
      "cannot start \(path): \(reason)", help: "build it again: `\(buildCommand)`", exitStatus: .internalError
    )
  }

  /// What the program prints for some arguments; nil where it is not there or fails.
  func output(of arguments: [String]) -> String? {
    guard let path else { return nil }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? Interruption.withSignalsUnblocked { try process.run() }) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? text : nil
  }

  private var missing: CommandFailure {
    let preparation = preparation.map { "`make \($0)` fetches libtorch, then " } ?? ""
    return CommandFailure(
      "this command needs \(name), which is not in \(Self.folder.path(percentEncoded: false))",
      help: "\(preparation)`\(buildCommand)` builds it", exitStatus: .missingInput)
  }
}
