import Foundation
import Testing
import TruceTestSupport

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("truce study serve")
struct StudyServeCommandTests {
  /// A study of which nothing has been run, served by the built command until it gets a signal.
  private func serve(_ bench: StudyBench, _ arguments: String...) throws -> (Process, Pipe) {
    let study = URL(filePath: bench.output)
    try FileManager.default.createDirectory(at: study, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: bench.file, toPath: study.appending(path: "study.yaml").path)
    try FileManager.default.createDirectory(
      atPath: bench.folder.path("scratch"), withIntermediateDirectories: true)
    let library = try bench.folder.file("plotly.js", "// nothing")
    let process = Process()
    process.executableURL = try BuiltCommand("truce").location
    process.arguments = ["study", "serve", bench.output] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging([
      "TRUCE_PLOTLY": library, "TMPDIR": bench.folder.path("scratch"),
    ]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, output)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func itServesUntilItIsAskedToStop(_ signal: Int32) async throws {
    let bench = try StudyBench()
    let (process, output) = try serve(bench, "--port", "0")
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    let address = try #require(URL(string: line.trimmingCharacters(in: .newlines)))
    #expect(address.host() == "127.0.0.1" && address.port ?? 0 > 0)
    let (data, _) = try await URLSession.shared.data(from: address.appending(path: "status.json"))
    #expect(String(decoding: data, as: UTF8.self).contains("0 of 2 runs done, nobody is at work"))
    #expect(try !FileManager.default.contentsOfDirectory(atPath: bench.folder.path("scratch")).isEmpty)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder.path("scratch")).isEmpty)
  }

  @Test func wrongPortsAndFoldersAreRefused() throws {
    let folder = try TemporaryFolder()
    try truce("study", "serve", folder.path("none")).expectFailure(
      66, "\(folder.path("none")): no study here",
      help: "`truce study run FILE` starts one; give the folder it names")
    try truce("study", "serve", folder.path("none"), "--port", "70000").expectFailure(
      64, "--port must be from 0 to 65535, got 70000", help: "see `truce study serve --help`")
  }
}
