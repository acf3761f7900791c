import Foundation
import Testing
import TruceRun

@testable import TruceStudy

@Suite("Live progress")
struct ReporterTests {
  let plan: StudyPlan
  let key: RunKey

  init() throws {
    plan = try StudyPlan(
      yaml: "name: small\nproblem: p\nmethods: [ew, uw]\nseeds: [0, 1]\n", file: "small.yaml")
    key = try #require(plan.runs.first)
  }

  private func progress(elapsed: Double) -> StudyProgress {
    StudyProgress(
      total: 4, finished: 1, diverged: 0, failed: 1,
      active: [
        StudyProgress.Active(
          key: key, position: RunPosition(epoch: 1, step: 30, seconds: 9, plannedSteps: 60), secondsLeft: 9)
      ],
      elapsed: elapsed, secondsLeft: 200)
  }

  @Test func linesOffATerminal() {
    var lines: [String] = []
    let reporter = LineReporter(plan, interval: 30) { lines.append($0) }
    reporter.handle(.started(key, isResuming: false))
    for elapsed in [1.0, 20, 31, 45, 62] { reporter.show(progress(elapsed: elapsed)) }
    reporter.handle(.ended(key, .failed(reason: "exit code 65: error: no data"), seconds: 61))
    reporter.handle(.stopping(.budget))
    #expect(
      lines == [
        "[0:00] started EW, Adam, learning rate 0.001, seed 0",
        "[0:31] 2 of 4 runs done, 1 failed, 1 running, about 3 min left",
        "[1:02] 2 of 4 runs done, 1 failed, 1 running, about 3 min left",
        "[1:02] failed EW, Adam, learning rate 0.001, seed 0 after 1:01: exit code 65: error: no data",
        "[1:02] the time budget is used up: no further run is started",
      ])
  }

  @Test func blockOnATerminal() {
    var text = ""
    let reporter = TerminalReporter(plan, width: 100) { text += $0 }
    reporter.show(progress(elapsed: 65))
    #expect(
      text == """
        small ██████████░░░░░░░░░░ 2 of 4 runs done, 1 failed, 1 running, about 3 min left, 1:05 so far
          █████░░░░░ EW, Adam, learning rate 0.001, seed 0, epoch 2, step 30, 0:09 left

        """)
    text = ""
    reporter.handle(.started(key, isResuming: false))
    #expect(text == "")
    reporter.handle(.ended(key, .finished, seconds: 61))
    #expect(text == "\u{1B}[2A\u{1B}[J  finished EW, Adam, learning rate 0.001, seed 0 after 1:01\n")
  }

  @Test func longLinesAreCut() {
    var text = ""
    let reporter = TerminalReporter(plan, width: 40) { text += $0 }
    reporter.show(progress(elapsed: 65))
    #expect(text.split(separator: "\n").allSatisfy { $0.count < 40 })
  }

  @Test func spansAndSizes() {
    #expect(
      [-3, 0, 7, 59.6, 750, 3599, 3600, 3723].map(DurationText.clock)
        == ["0:00", "0:00", "0:07", "1:00", "12:30", "59:59", "1:00:00", "1:02:03"])
    #expect(DurationText.clock(.infinity) == "–" && DurationText.clock(.nan) == "–")
    #expect([40, 720, 12_600, 200_000].map(DurationText.about) == ["40 s", "12 min", "3.5 h", "2.3 d"])
    #expect([512, 3_200, 45_000_000].map(DurationText.size) == ["512 B", "3.2 kB", "45 MB"])
  }
}

@Suite("Probe", .enabled(if: StudyTrial.hasPython, "the stand-in for the engine needs python3"))
struct ProbeTests {
  private func estimate(_ trial: StudyTrial) async throws -> StudyEstimate {
    try await StudyProbe(
      plan: trial.plan, launcher: trial.launcher, options: RunnerOptions(jobs: 2), steps: 2,
      scratch: trial.folder.url.appending(path: "probe"), clock: ContinuousClock()
    ).estimate()
  }

  @Test func measuresOneCellOfAKind() async throws {
    let trial = try StudyTrial()
    let estimate = try await estimate(trial)
    #expect(estimate.shares.map(\.runs) == [4])
    let share = try #require(estimate.shares.first)
    #expect(share.steps == 6)
    #expect(share.secondsPerStep == 0.5)
    #expect(share.secondsPerRun >= 3)
    #expect(estimate.seconds == 2 * share.secondsPerRun)
    #expect(estimate.bytes > 1000)
    #expect(!FileManager.default.fileExists(atPath: trial.folder.url.appending(path: "probe").path))
  }

  @Test func saysWhatTheEngineRefuses() async throws {
    let trial = try StudyTrial("exit_code: 65")
    let error = await #expect(throws: StudyError.self) { try await estimate(trial) }
    #expect(
      error?.description
        == "1 run failed: EW, Adam, learning rate 0.1: exit code 65: error: there is no such problem")
    #expect(error?.exitStatus == .badData)
  }
}
