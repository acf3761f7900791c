import Foundation
import Testing
import TruceRun
import TruceTestSupport

@Suite("Handing over to other programs")
struct HandOverTests {
  /// A copy of `truce` in a folder of its own, with or without a script that stands in for another program.
  private struct Installation {
    let folder: TemporaryFolder

    init(_ program: String? = nil, _ script: String = "", in place: String = "") throws {
      folder = try TemporaryFolder()
      let target = folder.location.appending(path: place)
      try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
      self.place = place.isEmpty ? "" : place + "/"
      _ = try folder.installTruce(in: place)
      guard let program else { return }
      let path = try folder.file(self.place + program, "#!/bin/sh\n" + script)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    private let place: String

    func run(_ arguments: [String], environment: [String: String] = [:]) throws -> BuiltCommand.Result {
      try BuiltCommand(at: folder.location.appending(path: place + "truce")).run(
        arguments, environment: environment)
    }

    /// Marks the folder as that of Truce's sources.
    func addSources() throws {
      _ = try folder.file("Package.swift", "")
      try FileManager.default.createDirectory(
        at: folder.location.appending(path: "Scripts"), withIntermediateDirectories: true)
      _ = try folder.file("Scripts/setup", "")
    }
  }

  private static let echo = "for a; do echo \"[$a]\"; done\nexit 65\n"

  @Test("Arguments, output and exit status are the other program's")
  func handOver() throws {
    let installed = try Installation("truce-engine", Self.echo)
    let result = try installed.run(["train", "--method", "cagrad", "--help", "-x", "a b"])
    #expect(result.status == 65)
    #expect(result.output == "[train]\n[--method]\n[cagrad]\n[--help]\n[-x]\n[a b]\n")
  }

  @Test("The server's arguments are known before it is started")
  func serve() throws {
    let installed = try Installation("truce-serve", Self.echo)
    let result = try installed.run(["study", "serve", "-p", "0", "a b"])
    #expect(result.status == 65 && result.output == "[--port]\n[0]\n[--]\n[a b]\n")
    #expect(try installed.run(["study", "serve", "--help"]).output.contains("The port to listen on"))
    try installed.run(["study", "serve", "x", "--port", "70000"]).expectFailure(
      64, "--port must be from 0 to 65535, got 70000", help: "see `truce study serve --help`")
  }

  @Test("A missing engine is a missing input, with the fix")
  func missingEngine() throws {
    let installed = try Installation()
    let place = installed.folder.location.resolvingSymlinksInPath().path + "/"
    try installed.run(["train", "--method", "cagrad"]).expectFailure(
      66, "this command needs truce-engine, which is not in \(place)",
      help: "`make setup` fetches libtorch, then `make release` builds it")
  }

  @Test("A missing server is answered with the very command that builds it")
  func missingServer() throws {
    let installed = try Installation(in: "my build/release")
    try installed.addSources()
    let root = installed.folder.location.resolvingSymlinksInPath().path
    try installed.run(["study", "serve", "runs/demo"]).expectFailure(
      66, "this command needs truce-serve, which is not in \(root)/my build/release/",
      help: "`make -C \(root)/ server` builds it")
    let debug = try Installation(in: "debug")
    try debug.addSources()
    let folder = debug.folder.location.resolvingSymlinksInPath().path
    try debug.run(["study", "serve", "runs/demo"]).expectFailure(
      66, "this command needs truce-serve, which is not in \(folder)/debug/",
      help: "`swift build --package-path \(folder)/ --product truce-serve` builds it")
  }

  @Test("The engine's threads do not spin for long, unless the user has said how they wait")
  func spinning() throws {
    let script = "echo \"${GOMP_SPINCOUNT-unset} ${OMP_WAIT_POLICY-unset}\"\n"
    let installed = try Installation("truce-engine", script)
    // The tests themselves may run with a bound.
    func waiting(_ environment: [String: String]) throws -> String {
      let variables = environment.map { "export \($0)=\($1);" }.joined()
      let script =
        "unset \(StartVariables.waiting.names.joined(separator: " ")); \(variables) exec \"$0\" train"
      let shell = BuiltCommand(at: URL(filePath: "/bin/sh"))
      return try shell.run(["-c", script, installed.folder.path("truce")]).output
    }
    #expect(try waiting([:]) == "10000 unset\n")
    #expect(try waiting(["GOMP_SPINCOUNT": "7"]) == "7 unset\n")
    #expect(try waiting(["OMP_WAIT_POLICY": "active"]) == "unset active\n")
    #expect(try waiting(["GOMP_CPU_AFFINITY": "0"]) == "unset unset\n")
  }

  @Test("A signal that comes before the other program is ready finds it all the same", .enabled(if: hasProc))
  func earlySignals() throws {
    let installed = try Installation("truce-engine", "exec grep SigBlk /proc/self/status\n")
    // SIGHUP, SIGINT and SIGTERM are the bits 0, 1 and 14: the engine lets them through once it can heed them.
    let words = try installed.run(["train"]).output.split(whereSeparator: \.isWhitespace)
    let mask = try #require(words.last.flatMap { UInt64($0, radix: 16) })
    #expect(mask & 0x4003 == 0x4003)
  }

  private static var hasProc: Bool { FileManager.default.fileExists(atPath: "/proc/self/status") }
}
