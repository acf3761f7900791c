import Foundation
import Testing
import TruceTestSupport

@Suite("Signals and streams")
struct SignalTests {
  /// Runs `truce` under a shell that prepares its signals and streams.
  private func truce(_ preparation: String, _ arguments: [String], redirection: String = "") throws
    -> BuiltCommand.Result
  {
    let program = try BuiltCommand("truce").location.path
    return try BuiltCommand(at: URL(filePath: "/bin/bash")).run(
      ["-c", "\(preparation); \"$0\" \"$@\" \(redirection); exit $?", program] + arguments)
  }

  @Test(
    "An error whose text cannot be written keeps its exit code",
    arguments: ["2>/dev/full", "2>&-", "2> >(exec 0<&-; sleep 0.2)", "<&- >&- 2>&-"])
  func lostErrors(_ redirection: String) throws {
    let result = try truce(":", ["aggregate", "--method", "mgda", "nofile.npy"], redirection: redirection)
    #expect(result.status == 66)
    #expect(result.output.isEmpty && result.errors.isEmpty)
  }

  @Test("A file that is opened while standard error is closed does not get what was meant for it")
  func closedStream() throws {
    let folder = try TemporaryFolder()
    let input = try folder.file("g.csv", "1,2\n3,4\n")
    let result = try truce(
      "cd '\(folder.path(""))'", ["aggregate", "--method", "mgda", input, "--output", "none/x.npy"],
      redirection: "2>&-")
    #expect(result.status == 74)
    #expect(try String(contentsOfFile: input, encoding: .utf8) == "1,2\n3,4\n")
  }

  @Test("Closed standard output is an I/O error")
  func closedOutput() throws {
    let result = try truce(":", ["methods"], redirection: ">&-")
    #expect(result.status == 74)
    #expect(result.errors.hasPrefix("truce: error: cannot write to standard output: "))
  }

  @Test("Commands that save nothing end at a signal as programs do")
  func usualEffect() throws {
    let folder = try TemporaryFolder()
    let fifo = folder.path("g.csv")
    #expect(mkfifo(fifo, 0o600) == 0)
    let result = try truce(
      ":", ["aggregate", "--method", "mgda", fifo],
      redirection: "& child=$!; sleep 0.5; kill -TERM $child; wait $child")
    #expect(result.status == 128 + SIGTERM)
  }
}
