import Foundation
import Testing
import TruceTestSupport

/// Runs the built `truce`.
func truce(
  _ arguments: String..., environment: [String: String] = [:], in folder: URL? = nil
) throws -> BuiltCommand.Result {
  try BuiltCommand("truce").run(arguments, environment: environment, in: folder)
}

/// A folder that lives as long as the value.
final class TemporaryFolder: Sendable {
  let location: URL

  init() throws {
    location = FileManager.default.temporaryDirectory.appending(path: "truce-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: location, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: location) }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { location.appending(path: name).path(percentEncoded: false) }

  /// Writes a file and returns its path.
  func file(_ name: String, _ content: Data) throws -> String {
    try content.write(to: location.appending(path: name))
    return path(name)
  }

  /// Writes a text file and returns its path.
  func file(_ name: String, _ text: String) throws -> String { try file(name, Data(text.utf8)) }

  /// Copies the built `truce` into a folder in this one and returns its address.
  ///
  /// Another program copies: one that this process had open for writing could not be started while a child of another
  /// test is about to be.
  func installTruce(in place: String = "") throws -> URL {
    let target = location.appending(path: place).appending(path: "truce")
    let copy = Process()
    copy.executableURL = URL(filePath: "/bin/cp")
    copy.arguments = [try BuiltCommand("truce").location.path, target.path]
    try copy.run()
    copy.waitUntilExit()
    guard copy.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    return target
  }

  /// Sets what may be done with a folder and the folders in it.
  func setPermissions(_ permissions: Int, below path: String) throws {
    let files = FileManager.default
    let inner = files.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    for place in [path] + inner.map({ "\(path)/\($0)" }) {
      var isFolder: ObjCBool = false
      guard files.fileExists(atPath: place, isDirectory: &isFolder), isFolder.boolValue else { continue }
      try files.setAttributes([.posixPermissions: permissions], ofItemAtPath: place)
    }
  }

  /// The names of the files in the folder.
  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path(""))) ?? []).sorted()
  }
}

extension BuiltCommand.Result {
  /// Checks that the run failed with this status, an error and a help line, and nothing on standard output.
  func expectFailure(
    _ status: Int32, _ error: String, help: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(self.status == status, sourceLocation: sourceLocation)
    #expect(errors == "truce: error: \(error)\n  help: \(help)\n", sourceLocation: sourceLocation)
    #expect(output.isEmpty, sourceLocation: sourceLocation)
  }

  /// The output as a JSON object.
  func object() throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }
}
