import Foundation
import Testing
import TruceCLI
import TruceRun
import TruceTestSupport

@Suite("The command as a whole")
struct ShellTests {
  @Test(
    "It starts quickly and without libtorch",
    .enabled(
      if: ProcessInfo.processInfo.environment["TRUCE_TIMES"] == "1",
      "times say something on an idle machine only: TRUCE_TIMES=1 swift test --filter ShellTests"))
  func startUp() throws {
    let durations = try (0..<5).map { _ in try truce("--version").duration }
    let best = try #require(durations.min())
    print("truce --version takes \(best)")
    #expect(best < .milliseconds(500))
  }

  #if os(Linux)
    @Test("Neither libtorch nor anything that loads it is linked")
    func linkage() throws {
      let ldd = Process()
      let pipe = Pipe()
      ldd.executableURL = URL(filePath: "/usr/bin/ldd")
      ldd.arguments = [try BuiltCommand("truce").location.path(percentEncoded: false)]
      ldd.standardOutput = pipe
      try ldd.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      ldd.waitUntilExit()
      #expect(text.contains("libc.so"))
      #expect(!text.contains("torch") && !text.contains("libc10"))
    }
  #endif

  @Test("The version is one line")
  func version() throws {
    let result = try truce("--version")
    #expect(result.status == 0)
    #expect(result.output == "truce \(Release.version)\n")
  }

  @Test("The help names every command")
  func help() throws {
    let result = try truce("--help")
    #expect(result.status == 0)
    for command in ["methods", "aggregate", "toy", "train", "diagnose", "data", "doctor", "verify"] {
      #expect(result.output.contains("  \(command) "))
    }
  }

  @Test("A mistyped command is answered with the nearest one")
  func unknownCommand() throws {
    try truce("metods").expectFailure(
      64, "unknown command 'metods'", help: "did you mean 'methods'? `truce --help` lists the commands")
  }

  @Test("A mistyped option is answered with the nearest one")
  func unknownOption() throws {
    try truce("methods", "--formt", "json").expectFailure(
      64, "unknown option '--formt'", help: "did you mean '--format'?")
  }

  @Test("A value of the wrong kind is refused in one line")
  func wrongValue() throws {
    let result = try truce("methods", "--format", "yaml")
    #expect(result.status == 64)
    #expect(result.errors.hasPrefix("truce: error: the value 'yaml' is invalid for '--format <format>'"))
    #expect(result.errors.split(separator: "\n").count == 2)
  }

  @Test(
    "A full disk on standard output is an I/O error",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullDisk() throws {
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(filePath: "/bin/sh")
    let path = try BuiltCommand("truce").location.path(percentEncoded: false)
    process.arguments = ["-c", "'\(path)' methods > /dev/full"]
    process.standardError = errors
    try process.run()
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 74)
    #expect(text.hasPrefix("truce: error: cannot write to standard output: no space left on device"))
  }
}
