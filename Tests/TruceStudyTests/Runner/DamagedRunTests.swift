import Foundation
import Testing
import TruceRun

@testable import TruceStudy

/// What a power cut leaves behind: one run's files are damaged, the others are not.
@Suite("Damaged runs", .enabled(if: StudyTrial.hasPython, "the stand-in for the engine needs python3"))
struct DamagedRunTests {
  func damagedTrial(_ damage: (RunDirectory) throws -> Void) async throws -> (StudyTrial, RunKey) {
    let trial = try StudyTrial(learningRates: [0.1, 0.2], seeds: [0])
    _ = try await trial.runner().run()
    let key = try #require(trial.plan.runs.first)
    try damage(trial.folder.directory(of: key))
    return (trial, key)
  }

  @Test func anEmptySummaryTakesNoOtherRunDown() async throws {
    let (trial, key) = try await damagedTrial { try Data().write(to: $0.summaryFile) }
    guard case .damaged(let reason) = RunState(of: trial.folder.directory(of: key)) else {
      Issue.record("the run must be called damaged")
      return
    }
    #expect(reason.hasSuffix("summary.json: not a RunSummary as Truce writes it"))
    let store = try StudyStore.current(trial.folder)
    #expect(try store.runs().map(\.state) == ["damaged", "finished"])
    #expect(try store.runs().first?.reason == reason)
    let records = try store.records(in: trial.folder)
    #expect(records.map(\.damage) == [reason, nil])
    let results = StudyResults(records, problem: "nothing")
    #expect(results.runs.count == 1 && results.unscored.map(\.reason) == [reason])
    let status = try StudyStatus(of: trial.folder)
    #expect(status.counts.map(\.state) == ["finished", "damaged"])
  }

  @Test func aDamagedRunIsRunAgainFromItsBeginning() async throws {
    let (trial, key) = try await damagedTrial { try Data().write(to: $0.summaryFile) }
    let outcome = try await trial.runner().run()
    #expect(outcome.states[key] == .finished)
    #expect(trial.notes("start").count == 3 && trial.notes("resume").isEmpty)
  }

  @Test(arguments: ["metrics.jsonl", "environment.json"])
  func aFinishedRunWithAnotherDamagedFileIsFoundByTheIndex(name: String) async throws {
    let (trial, key) = try await damagedTrial { directory in
      let file = directory.url.appending(path: name)
      try Data("{\n{\"event\":\"begin\"\n".utf8).write(to: file)
    }
    let store = try StudyStore.indexed(trial.folder)
    #expect(try store.damagedRuns() == [key])
    let status = try StudyStatus(of: trial.folder)
    #expect(status.counts.map(\.state) == ["finished", "damaged"])
    #expect(status.runs.first { $0.state == "damaged" }?.reason?.contains(name) == true)
    var options = RunnerOptions(jobs: 1, threads: 1)
    options.restarts = Set(try store.damagedRuns())
    let outcome = try await trial.runner(options, store: store).run()
    #expect(outcome.states[key] == .finished && trial.notes("start").count == 3)
    #expect(try store.damagedRuns().isEmpty)
  }

  @Test func theLastRunToMeetAFullDiskStillSaysSo() async throws {
    let trial = try StudyTrial("exit_code: 74", learningRates: [0.1], seeds: [0])
    let outcome = try await trial.runner(RunnerOptions(jobs: 1)).run()
    guard case .failure(let error) = outcome.stopReason else {
      Issue.record("the runner must say why it stopped")
      return
    }
    #expect(error.exitStatus == .inputOutput)
  }
}

/// What happens to the runs of a study file that is changed.
@Suite("Changed study files", .enabled(if: StudyTrial.hasPython, "the stand-in for the engine needs python3"))
struct ChangedStudyTests {
  func changed(_ trial: StudyTrial, _ old: String, with new: String) throws -> StudyPlan {
    try StudyPlan(yaml: trial.plan.text.replacing(old, with: new), file: "trial.yaml")
  }

  @Test func runsThatWouldLeaveAreNotLeftOutSilently() async throws {
    let trial = try StudyTrial()
    _ = try await trial.runner().run()
    let longer = try changed(trial, "epochs: 2", with: "epochs: 3")
    let error = #expect(throws: StudyError.self) { try trial.folder.prepare(longer) }
    let path = trial.folder.url.relativePath
    #expect(error == .changedStudy(path: path, left: 4, differences: ["epochs: 2 → 3"]))
    #expect(
      error?.description == "\(path): 4 runs of an earlier study file would leave the study: epochs: 2 → 3")
    #expect(error?.help.contains("--force") == true && error?.exitStatus == .usage)
    #expect(try trial.folder.plan() == trial.plan, "nothing was changed")

    try trial.folder.prepare(longer, replacing: true)
    let earlier = trial.folder.earlierRuns(than: longer)
    #expect(earlier.map(\.method) == ["EW, epochs=2", "EW, epochs=2", "EW, epochs=2", "EW, epochs=2"])
    #expect(earlier.allSatisfy { $0.state == "finished" })
    #expect(try StudyStore.indexed(trial.folder).earlierRuns() == earlier)
    #expect(try StudyStatus(of: trial.folder).earlier.count == 4)
  }

  @Test func moreRunsOrOtherWordsNeedNoForce() async throws {
    let trial = try StudyTrial()
    _ = try await trial.runner().run()
    try trial.folder.prepare(changed(trial, "seeds: [0, 1]", with: "seeds: 0-2\nquestion: why"))
    #expect(try trial.folder.plan().runs.count == 6)
    #expect(trial.folder.earlierRuns(than: try trial.folder.plan()).isEmpty)
  }

}

/// Reading a study needs no right to change it.
@Suite("Indexes that cannot be used", .enabled(if: StudyTrial.hasPython, "the stand-in needs python3"))
struct UnusableIndexTests {
  @Test func readersMakeTheirOwn() async throws {
    let trial = try StudyTrial()
    _ = try await trial.runner().run()
    try FileManager.default.createDirectory(at: trial.folder.storeFile, withIntermediateDirectories: true)
    let error = #expect(throws: StudyError.self) { try StudyStore.indexed(trial.folder) }
    #expect(error?.help == "check the space, the folder's owner and the permissions")
    #expect(error?.exitStatus == .inputOutput)
    #expect(try StudyStore.current(trial.folder).runs().map(\.state).count == 4)
  }

  @Test func aDamagedIndexIsNoHindranceToReaders() async throws {
    let trial = try StudyTrial()
    _ = try await trial.runner().run()
    try Data(repeating: 7, count: 8192).write(to: trial.folder.storeFile)
    #expect(throws: StudyError.self) { try StudyStore.indexed(trial.folder) }
    #expect(try StudyStore.current(trial.folder).runs().allSatisfy(\.isFinished))
  }

  @Test func onlyADamagedIndexIsToBeDeleted() {
    #expect(StudyError.store(path: "a", reason: "b").help.hasPrefix("delete the index file"))
    #expect(StudyError.storeBusy(path: "a").help == "wait for it to end, then try again")
    #expect(StudyError.storeBusy(path: "a").description == "a: the index is in use by another program")
  }
}
