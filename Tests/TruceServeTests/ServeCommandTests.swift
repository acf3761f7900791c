import Foundation
import Testing
import TruceStudy
import TruceTestSupport

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

@Suite("truce study serve")
struct ServeCommandTests {
  /// A study of which nothing has been run, served by the built command until it gets a signal.
  private func serve(_ bench: StudyBench, scratch: URL, ignoring name: String? = nil) throws -> (
    Process, Pipe
  ) {
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let truce = try BuiltCommand("truce").location.path
    let trap = name.map { "trap '' \($0); " } ?? ""
    process.arguments = [
      "-c", trap + "exec \"$@\"", "sh", truce, "study", "serve", bench.folder.url.path, "--port", "0",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging([
      "TRUCE_PLOTLY": try bench.standIn().path, "TMPDIR": scratch.path,
    ]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, output)
  }

  private func address(from output: Pipe) throws -> URL {
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    return try #require(URL(string: line.trimmingCharacters(in: .newlines)))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func itServesUntilItIsAskedToStop(_ signal: Int32) async throws {
    let bench = try StudyBench()
    let scratch = bench.folder.url.appending(path: "scratch")
    let (process, output) = try serve(bench, scratch: scratch)
    let address = try address(from: output)
    #expect(address.host() == "127.0.0.1" && address.port ?? 0 > 0)
    let (data, _) = try await URLSession.shared.data(from: address.appending(path: "status.json"))
    #expect(String(decoding: data, as: UTF8.self).contains("0 of 12 runs done, nobody is at work"))
    #expect(try !FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
  }

  @Test("A signal that was ignored at the start stays ignored")
  func ignoredSignals() async throws {
    let bench = try StudyBench()
    let (process, output) = try serve(
      bench, scratch: bench.folder.url.appending(path: "scratch"), ignoring: "INT")
    let address = try address(from: output)
    kill(process.processIdentifier, SIGINT)
    let (data, _) = try await URLSession.shared.data(from: address.appending(path: "status.json"))
    #expect(!data.isEmpty && process.isRunning)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
  }

  @Test func wrongPortsAndFoldersAreRefused() throws {
    let bench = try StudyBench()
    let none = bench.folder.url.appending(path: "none").path
    let missing = try BuiltCommand("truce").run(["study", "serve", none])
    #expect(missing.status == 66 && missing.output.isEmpty)
    #expect(
      missing.errors == """
        truce: error: \(none): no study here
          help: `truce study run FILE` starts one; give the folder it names

        """)
    let port = try BuiltCommand("truce").run(["study", "serve", none, "--port", "70000"])
    #expect(port.status == 64)
    #expect(
      port.errors == """
        truce: error: --port must be from 0 to 65535, got 70000
          help: see `truce study serve --help`

        """)
  }

  @Test("The help is that of the command a user types")
  func help() throws {
    let result = try BuiltCommand("truce").run(["study", "serve", "--help"])
    #expect(result.status == 0)
    #expect(result.output.contains("USAGE: truce study serve <study> [--port <number>]"))
  }
}
