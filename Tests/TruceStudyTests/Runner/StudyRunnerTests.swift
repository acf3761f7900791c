import Foundation
import Testing
import TruceRun

@testable import TruceStudy

@Suite("Study runner", .enabled(if: StudyTrial.hasPython, "the stand-in for the engine needs python3"))
struct StudyRunnerTests {
  @Test func finishesEveryRunOnce() async throws {
    let trial = try StudyTrial()
    let listener = Listener()
    let store = try StudyStore(at: trial.folder.storeFile)
    try store.index(trial.plan, in: trial.folder)
    let outcome = try await trial.runner(store: store, observer: listener).run()
    #expect(outcome.stopReason == nil)
    #expect(outcome.states.values.allSatisfy { $0 == .finished })
    #expect(trial.notes("finished").count == 4)
    #expect(trial.notes("start").count == 4)
    #expect(listener.last?.total == 4)

    let runs = try store.runs()
    #expect(runs.map(\.state) == ["finished", "finished", "finished", "finished"])
    #expect(runs.first?.metrics.map(\.key) == ["test/left/accuracy"])
    #expect(runs.first?.attempts == 1)
    let again = try await trial.runner().run()
    #expect(again.states == outcome.states)
    #expect(trial.notes("start").count == 4)
  }

  @Test func saysThatSettledRunsKeepWhatWasObserved() async throws {
    let trial = try StudyTrial(learningRates: [0.1], seeds: [0])
    _ = try await trial.runner().run()
    let plan = try trial.folder.prepare(
      StudyPlan(yaml: trial.plan.text + "\nconflict_every: 5\n", file: "trial.yaml"))
    #expect(plan.runs == trial.plan.runs)
    let listener = Listener()
    let runner = StudyRunner(
      plan: plan, folder: trial.folder, store: nil, launcher: trial.launcher,
      options: RunnerOptions(jobs: 1, threads: 1), clock: ContinuousClock(), stopRequests: { 0 },
      observer: listener)
    _ = try await runner.run()
    #expect(listener.events == [.observedOtherwise(runs: 1, keys: ["conflict_every"])])
    #expect(trial.notes("start").count == 1)
  }

  @Test func rebuiltIndexIsTheSame() async throws {
    let trial = try StudyTrial("diverge_at: 4")
    let store = try StudyStore.indexed(trial.folder)
    _ = try await trial.runner(store: store).run()
    let grown = try store.dump()
    let rebuilt = try StudyStore.indexed(trial.folder, rebuilding: true)
    #expect(try rebuilt.dump() == grown)
    #expect(grown.count > 20)
    let records = try rebuilt.records(in: trial.folder)
    #expect(records.count == 4)
    let first = try #require(records.first)
    let read = try RunRecord(first.directory)
    #expect(first.epochCurves == read.epochCurves)
    #expect(first.stepCurves == read.stepCurves)
    #expect(first.beginning == read.beginning)
    #expect(first.configuration == read.configuration)
    #expect(first.summary?.status == .diverged)
  }

  @Test func crashedRunIsTriedAgainFromItsCheckpoint() async throws {
    let trial = try StudyTrial("crash_at: 4, crashes: 1", learningRates: [0.1], seeds: [0])
    let listener = Listener()
    let outcome = try await trial.runner(observer: listener).run()
    let key = try #require(trial.plan.runs.first)
    #expect(outcome.states[key] == .finished)
    #expect(trial.notes("step4").count == 1)
    #expect(trial.notes("resume").count == 1)
    #expect(
      listener.events.contains(.retrying(key, reason: "killed by signal 9 (out of memory?)")))
    let attempts = trial.folder.directory(of: key).attempts
    #expect(attempts.map(\.signal) == [9, nil])
    #expect(attempts.map(\.exitCode) == [nil, 0])
  }

  @Test func runThatKeepsCrashingIsARowWithItsReason() async throws {
    let trial = try StudyTrial("crash_at: 1, crashes: 9", learningRates: [0.1], seeds: [0])
    let key = try #require(trial.plan.runs.first)
    let store = try StudyStore.indexed(trial.folder)
    let outcome = try await trial.runner(store: store).run()
    #expect(outcome.states[key] == .failed(reason: "killed by signal 9 (out of memory?)"))
    #expect(trial.folder.directory(of: key).attempts.count == 2)
    let row = try #require(try store.runs().first)
    #expect(row.state == "failed")
    #expect(row.reason == "killed by signal 9 (out of memory?)")
    #expect(row.steps == 1)

    let skipped = try await trial.runner().run()
    #expect(skipped.states[key] == outcome.states[key])
    #expect(trial.folder.directory(of: key).attempts.count == 2)
    let eager = RunnerOptions(retriesFailedRuns: true, retries: 9)
    let resumed = try await trial.runner(eager).run()
    #expect(resumed.states[key] == .finished)
  }

  @Test func complaintIsNotTriedAgain() async throws {
    let trial = try StudyTrial("exit_code: 65", learningRates: [0.1], seeds: [0])
    let outcome = try await trial.runner().run()
    let reason = "exit code 65: error: there is no such problem"
    #expect(Array(outcome.states.values) == [.failed(reason: reason)])
    #expect(trial.notes("start").count == 1)
  }

  @Test func divergenceIsAResult() async throws {
    let trial = try StudyTrial("diverge_at: 2", learningRates: [0.1], seeds: [0])
    let outcome = try await trial.runner().run()
    #expect(Array(outcome.states.values) == [.diverged(reason: "the loss of task left is not finite")])
    let again = try await trial.runner(RunnerOptions(retriesFailedRuns: true)).run()
    #expect(again.states == outcome.states)
    #expect(trial.notes("start").count == 1)
  }

  @Test func endWithoutSummaryIsAFailure() async throws {
    let trial = try StudyTrial("no_summary: 1", learningRates: [0.1], seeds: [0])
    let outcome = try await trial.runner(RunnerOptions(retries: 0)).run()
    #expect(Array(outcome.states.values) == [.failed(reason: "the worker ended without a summary")])
  }

  @Test func fullDiskStopsTheRunner() async throws {
    let trial = try StudyTrial("exit_code: 74", learningRates: [0.1, 0.2, 0.3], seeds: [0])
    let outcome = try await trial.runner(RunnerOptions(jobs: 1)).run()
    let first = try #require(trial.plan.runs.first)
    let reason = "exit code 74: error: there is no such problem"
    #expect(outcome.stopReason == .failure(.stopped(run: first.description, reason: reason)))
    #expect(trial.notes("start").count == 1)
    #expect(trial.plan.runs.dropFirst().allSatisfy { outcome.states[$0] == .pending })
  }

  @Test func unwritableFolderStopsTheRunner() async throws {
    let trial = try StudyTrial(learningRates: [0.1], seeds: [0])
    let key = try #require(trial.plan.runs.first)
    try Data().write(to: trial.folder.url.appending(path: key.cell))
    let outcome = try await trial.runner().run()
    let path = trial.folder.directory(of: key).url.relativePath
    #expect(
      outcome.stopReason
        == .failure(
          .stopped(run: key.description, reason: "\(path): cannot be written: not a directory")))
  }

  @Test func missingWorkerStopsTheRunner() async throws {
    let trial = try StudyTrial()
    let launcher = ProcessLauncher(WorkerCommand(executable: URL(filePath: "/nowhere/truce-engine")))
    let outcome = try await trial.runner(launcher: launcher).run()
    #expect(outcome.stopReason == .failure(.noWorker(path: "/nowhere/truce-engine")))
  }

  @Test func interruptionIsContinuedFromTheCheckpoint() async throws {
    let trial = try StudyTrial("hold_at: 2", learningRates: [0.1, 0.2, 0.3], seeds: [0])
    trial.holdsWorkers = true
    var requests = 0
    let listener = Listener(onShow: { progress in
      if progress.active.count(where: { $0.position?.step == 2 }) == 2 { requests = 1 }
    })
    let outcome = try await trial.runner(stopRequests: { requests }, observer: listener).run()
    #expect(outcome.stopReason == .interrupted)
    #expect(trial.notes("interrupted").count == 2)
    #expect(outcome.states.values.count { $0 == .interrupted } == 2)
    #expect(outcome.states.values.count { $0 == .pending } == 1)

    trial.holdsWorkers = false
    let rest = try await trial.runner().run()
    #expect(rest.stopReason == nil)
    #expect(rest.states.values.allSatisfy { $0 == .finished })
    for step in 1...6 { #expect(trial.notes("step\(step)").count == 3) }
  }

  @Test func cancelledStudyStopsUntilItIsTakenUpAgain() async throws {
    let trial = try StudyTrial("hold_at: 2", learningRates: [0.1], seeds: [0])
    trial.holdsWorkers = true
    let folder = trial.folder
    let listener = Listener(onShow: { progress in
      if progress.active.first?.position?.step == 2 { try? folder.cancel() }
    })
    let outcome = try await trial.runner(observer: listener).run()
    #expect(outcome.stopReason == .cancelled)
    #expect(Array(outcome.states.values) == [.interrupted])
    let idle = try await trial.runner().run()
    #expect(idle.stopReason == .cancelled)
    try folder.withdrawCancellation()
    trial.holdsWorkers = false
    let resumed = try await trial.runner().run()
    #expect(Array(resumed.states.values) == [.finished])
    #expect(trial.notes("overlap").isEmpty)
  }

  @Test func workerMayClaimItsFolderItself() throws {
    let trial = try StudyTrial(learningRates: [0.1], seeds: [0])
    let key = try #require(trial.plan.runs.first)
    let directory = trial.folder.directory(of: key)
    let claim = try directory.claim()
    // The same open file as standard input: what a worker sees.
    let own = dup(STDIN_FILENO)
    defer {
      dup2(own, STDIN_FILENO)
      close(own)
    }
    #expect(throws: RunError.self) { try directory.claim() }
    dup2(claim.handle.fileDescriptor, STDIN_FILENO)
    #expect(throws: Never.self) { try directory.claim() }
  }

  @Test func budgetStopsFurtherRuns() async throws {
    let trial = try StudyTrial(
      "hold_at: 2", learningRates: [0.1, 0.2, 0.3], seeds: [0], settings: "budget: {max_seconds: 1.5}")
    trial.holdsWorkers = true
    let listener = Listener(onEvent: { if $0 == .stopping(.budget) { trial.holdsWorkers = false } })
    let outcome = try await trial.runner(RunnerOptions(jobs: 1), observer: listener).run()
    #expect(outcome.stopReason == .budget)
    #expect(outcome.states.values.count { $0 == .finished } == 1)
    #expect(trial.notes("start").count == 1)
  }

  @Test func twoRunnersShareTheWork() async throws {
    let trial = try StudyTrial("pause: 0.02", learningRates: [0.1, 0.2, 0.3, 0.4], seeds: [0, 1])
    let first = Task { [runner = UncheckedBox(trial.runner())] in try await runner.value.run() }
    let second = Task { [runner = UncheckedBox(trial.runner())] in try await runner.value.run() }
    let outcomes = [try await first.value, try await second.value]
    #expect(outcomes.allSatisfy { $0.states.values.allSatisfy { $0 == .finished } })
    #expect(trial.notes("start").count == 8)
    #expect(trial.notes("finished").count == 8)
    #expect(trial.notes("overlap").isEmpty)
  }

  @Test func runOfALivingWorkerIsWaitedFor() async throws {
    let trial = try StudyTrial("hold_at: 2", learningRates: [0.1], seeds: [0])
    trial.holdsWorkers = true
    let key = try #require(trial.plan.runs.first)
    let directory = trial.folder.directory(of: key)
    // What a killed runner leaves behind: a worker that holds the claim itself.
    var orphan: (any Worker)?
    do {
      let claim = try directory.claim()
      try directory.open(.resume)
      let configuration = try #require(trial.plan.configuration(of: key))
      try directory.write(configuration)
      orphan = try trial.launcher.launch(
        WorkerOrder(
          directory: directory, configuration: configuration, isResuming: false, threads: 1, claim: claim))
    }
    let listener = Listener(onEvent: { _ in trial.holdsWorkers = false })
    let outcome = try await trial.runner(observer: listener).run()
    #expect(outcome.states[key] == .finished)
    #expect(listener.events == [.waiting(runs: 1)])
    #expect(trial.notes("start").count == 1)
    while orphan?.exit == nil { try await Task.sleep(for: .milliseconds(10)) }
    #expect(orphan?.exit == .code(0))
  }
}

/// Hands a runner to the one task that uses it.
private struct UncheckedBox<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) {
    self.value = value
  }
}
