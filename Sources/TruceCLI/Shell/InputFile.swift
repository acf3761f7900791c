public import Foundation
import TruceRun
public import TruceShell

/// A file that a command reads.
public enum InputFile {
  /// Returns the bytes of a file, or of standard input for `-`.
  ///
  /// - Throws: ``CommandFailure`` that names the file and why it cannot be read.
  public static func data(at path: String) throws(CommandFailure) -> Data {
    if path == "-" { return try standardInput() }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw missing(path, "does not exist", help: "check the path")
    }
    guard !isFolder.boolValue else { throw missing(path, "is a folder", help: "name a file in it") }
    // Pipes have no size to be read by, and end when their writers do.
    guard let data = try? FileHandle(forReadingFrom: URL(filePath: path)).readToEnd() ?? Data() else {
      throw missing(path, "cannot be read", help: "check its permissions")
    }
    return data
  }

  private static func standardInput() throws(CommandFailure) -> Data {
    do { return try FileHandle.standardInput.readToEnd() ?? Data() } catch {
      throw missing("standard input", "cannot be read", help: "name a file, or pipe one in")
    }
  }

  private static func missing(_ path: String, _ problem: String, help: String) -> CommandFailure {
    CommandFailure("\(path): \(problem)", help: help, exitStatus: .missingInput)
  }
}
