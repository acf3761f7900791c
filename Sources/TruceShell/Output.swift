public import Foundation
import TruceRun

/// Where commands write: standard output, standard error and files.
public enum Output {
  /// Writes an error and what to do about it to standard error.
  public static func error(_ message: String, help: String) {
    StandardStreams.writeError("truce: error: \(message)\n  help: \(help)\n")
  }

  /// Writes a line to standard error that is neither result nor error.
  public static func note(_ message: String) {
    StandardStreams.writeError("truce: \(message)\n")
  }

  /// Brings what was printed to its reader.
  ///
  /// - Throws: ``CommandFailure`` where the reader cannot take it, a full disk for one.
  public static func flush() throws(CommandFailure) {
    guard fflush(nil) == 0 else {
      throw CommandFailure(
        "cannot write to standard output: \(systemMessage)",
        help: "free some space or choose another place", exitStatus: .inputOutput)
    }
  }

  /// The value as JSON with sorted keys: objects indented, lists of plain values on one line.
  ///
  /// - Throws: ``CommandFailure`` that names a number which is not finite.
  public static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: joinedLists(in: Array(try encoder.encode(value))), as: UTF8.self)
    } catch EncodingError.invalidValue(let value, let context) {
      let keys = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      throw CommandFailure.badData(
        "\(keys.joined(separator: ".")) is \(value), which JSON cannot hold",
        help: "look for an overflow or a division by zero in the input")
    }
  }

  /// Puts every list without objects, lists or texts inside on one line.
  ///
  /// A bracket before a line break is never part of a text, since JSON escapes line breaks in texts.
  private static func joinedLists(in json: [UInt8]) -> [UInt8] {
    let (open, close, newline, space) = (
      UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\n"), UInt8(ascii: " ")
    )
    let structure = Set("[]{}\"".utf8)
    var joined: [UInt8] = []
    joined.reserveCapacity(json.count)
    var rest = json[...]
    while let start = rest.firstIndex(of: open) {
      joined += rest[...start]
      rest = rest[(start + 1)...]
      guard rest.first == newline, let end = rest.firstIndex(where: structure.contains), rest[end] == close
      else { continue }
      let words = rest[..<end].split { $0 == newline || $0 == space }
      joined += Array(words.joined(separator: [space])) + [close]
      rest = rest[(end + 1)...]
    }
    return joined + rest
  }

  /// Writes a file in one piece: under another name first, then renamed.
  ///
  /// - Throws: ``CommandFailure`` where the file exists and may not be replaced, or cannot be written;
  ///   nothing is left behind then.
  public static func write(
    _ data: Data, to path: String, replacing: Bool
  ) throws(CommandFailure) {
    try checkTarget(path, replacing: replacing)
    do throws(RunError) { try AtomicFile.write(data, to: URL(filePath: path)) } catch {
      let reason =
        if case .unwritable(_, let reason) = error { reason } else { "no space is left on its device" }
      throw unwritable(path, reason: reason)
    }
  }

  /// Throws where a file that a command is about to compute could not be written in the end.
  public static func checkTarget(_ path: String, replacing: Bool) throws(CommandFailure) {
    let files = FileManager.default
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue { throw unwritable(path, reason: "it is a folder") }
      guard replacing else {
        throw CommandFailure(
          "\(path) exists", help: "add --force to replace it, or choose another name", exitStatus: .usage)
      }
    }
    let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
    guard files.fileExists(atPath: folder) else {
      throw unwritable(path, reason: "its folder does not exist")
    }
  }

  private static func unwritable(_ path: String, reason: String) -> CommandFailure {
    CommandFailure(
      "cannot write \(path): \(reason)", help: "choose a folder that exists, is writable and has space",
      exitStatus: .inputOutput)
  }

  private static var systemMessage: String { String(cString: strerror(errno)).lowercased() }
}
