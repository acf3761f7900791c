import Foundation
import Testing
import TruceOptions
import TruceRun
import TruceTestSupport

@testable import TruceEngineCLI
@testable import TruceTraining

@Suite("truce-engine benchmark")
struct BenchmarkCommandTests {
  private func report(_ arguments: String...) throws -> [String: Any] {
    let result = try BuiltCommand("truce-engine").run(
      ["benchmark"] + arguments + ["--threads", "1"], environment: ["OMP_NUM_THREADS": "1"])
    #expect(result.status == 0, "\(result.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require(object as? [String: Any])
  }

  @Test("train tells where the time of a run goes")
  func train() throws {
    let report = try report("train", "--steps", "12", "problem_options.samples=1024")
    #expect(report["problem"] as? String == "scaled-tanh" && report["method"] as? String == "cagrad")
    #expect(report["steps"] as? Int == 12)
    let numbers = try [
      "firstStepSeconds", "loopSeconds", "stepSeconds", "handlerShare", "evaluationShare", "loaderShare",
    ].map { try #require(report[$0] as? Double, "\($0)") }
    #expect(numbers.prefix(5).allSatisfy { $0 > 0 } && numbers[5] == 0)
    // The start-up lies before the loop, which lies before the end of the command.
    #expect(numbers[0] < 600 && numbers[2] * 12 < numbers[1] && numbers[3] + numbers[4] < 1)
  }

  @Test("train takes another problem, method and keys")
  func otherProblem() throws {
    let report = try report(
      "train", "--problem", "two-units", "--method", "ew", "--steps", "3", "batch_size=16")
    #expect(report["problem"] as? String == "two-units" && report["method"] as? String == "ew")
    #expect(report["steps"] as? Int == 3)
  }

  @Test("step takes the widths of a perceptron, and a narrower type")
  func step() throws {
    let report = try report(
      "step", "mlp", "--tasks", "2", "--batch", "4", "--trunk-option", "widths=[8,6]", "--autocast",
      "bfloat16",
      "--steps", "1", "--warm-up", "0")
    #expect((report["milliseconds"] as? [Double])?.count == 1)
  }

  @Test(
    "step refuses what it cannot narrow",
    arguments: [
      (["--autocast", "int8"], "--autocast is none, bfloat16 or float16, not 'int8'"),
      (
        ["--autocast", "bfloat16", "--dtype", "float64"],
        "--autocast narrows float32, not float64: leave --dtype out"
      ),
    ])
  func refusals(_ arguments: [String], _ message: String) throws {
    let result = try BuiltCommand("truce-engine").run(["benchmark", "step", "mlp"] + arguments)
    #expect(result.status == 64 && result.errors.contains(message), "\(result.errors)")
  }

  @Test("reads values of options as JSON has them")
  func values() {
    #expect(OptionValue(word: "[400,20]") == .list([.number(400), .number(20)]))
    #expect(OptionValue(word: "0.5") == .number(0.5) && OptionValue(word: "true") == .bool(true))
    #expect(
      OptionValue(word: "leaky_relu") == .string("leaky_relu") && OptionValue(word: "[4") == .string("[4"))
  }

  @Test("finds a process's start behind any name of its program")
  func processStart() {
    let words = (3...52).map { $0 == 22 ? "4500" : "\($0)" }.joined(separator: " ")
    #expect(ProcessAge.start(in: "7 (a) b (c) \(words)\n", ticksPerSecond: 100) == 45)
    #expect(ProcessAge.start(in: "7 (a) 3 4", ticksPerSecond: 100) == nil)
    #expect(ProcessAge.start(in: "", ticksPerSecond: 100) == nil)
  }

  @Test("counts the first step from the process's start")
  func firstStep() {
    var times = LoopTimes()
    times.countStep(from: 10, to: 12)
    times.countStep(from: 13, to: 14)
    (times.whole, times.handlers, times.loader, times.evaluation) = (8, 1, 0.75, 2)
    let report = OverheadReport(RunConfiguration(problem: "p", method: "ew"), times, now: 20, age: 9)
    #expect(report.firstStepSeconds == 1 && report.stepSeconds == 1.5 && report.loaderShare == 0.25)
    #expect(report.handlerShare == 0.125 && report.evaluationShare == 0.25 && report.loopSeconds == 8)
    #expect(
      OverheadReport(RunConfiguration(problem: "p", method: "ew"), times, now: 20, age: nil).firstStepSeconds
        == nil)
  }
}
