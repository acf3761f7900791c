import Foundation
import Testing
import TruceReport
import TruceRun
import TruceStudy

@testable import TruceServe

@Suite("A study that is followed")
struct LiveStudyTests {
  /// A clock that is moved by hand.
  private final class Clock: @unchecked Sendable {
    var date = Date(timeIntervalSince1970: 1_750_000_000)
  }

  private func status(of live: LiveSite) throws -> LiveStatus {
    let answer = live.site.response(to: SiteRequest(target: "/status.json"))
    return try JSONDecoder().decode(LiveStatus.self, from: Data(answer.body))
  }

  private func page(of live: LiveSite) -> String {
    String(decoding: live.site.response(to: SiteRequest(target: "/")).body, as: UTF8.self)
  }

  private func live(_ bench: StudyBench) throws -> LiveSite {
    try LiveSite(
      bench.folder, scratch: bench.folder.url, library: bench.standIn(), date: Date(timeIntervalSince1970: 0))
  }

  @Test func thePageIsMadeAnewWhenARunEnds() throws {
    let bench = try StudyBench()
    try bench.end(0..<4)
    var live = try live(bench)
    let first = try status(of: live)
    #expect(first.total == 12 && first.settled == 4)
    #expect(first.summary == "4 of 12 runs done, nobody is at work")
    #expect(page(of: live).contains("data-revision=\"\(first.revision)\""))
    #expect(page(of: live).contains("<li>four finished runs</li>"))
    try bench.end(4..<5)
    live.refresh(at: Date(timeIntervalSince1970: 10))
    let second = try status(of: live)
    #expect(second.revision != first.revision && second.settled == 5)
    #expect(page(of: live).contains("data-revision=\"\(second.revision)\""))
    #expect(page(of: live).contains("<li>five finished runs</li>"))
  }

  @Test func nothingIsDrawnWhileNothingEnds() throws {
    let bench = try StudyBench()
    try bench.end(0..<2)
    var live = try live(bench)
    for epochs in 1...3 {
      try bench.begin(bench.plan.runs[2], epochs: epochs)
      live.refresh(at: Date(timeIntervalSince1970: Double(epochs)))
      #expect(live.version == 0)
    }
    #expect(try status(of: live).summary == "2 of 12 runs done, 1 interrupted, nobody is at work")
  }

  @Test func runsAtWorkHaveAPlaceAndATime() throws {
    let bench = try StudyBench(seeds: [0])
    try bench.end(0..<2)
    var claims: [RunClaim] = []
    for (key, epochs) in zip(bench.plan.runs[2..<4], [1, 2]) {
      claims.append(try bench.begin(key, epochs: epochs).claim())
    }
    let status = try status(of: live(bench))
    // A finished run took 20 s; 15 and 10 s are left of two, and 20 s each of the other two.
    #expect(status.summary == "2 of 6 runs done, 2 running, about 33 s left")
    #expect(status.active.map(\.fraction) == [0.25, 0.5])
    #expect(status.active.first?.title == bench.plan.cell(bench.plan.runs[2].cell)?.title)
    #expect(status.active.first?.progress == "epoch 2, step 10, about 15 s left")
    withExtendedLifetime(claims) {}
  }

  @Test func runsWithoutAResultAreTold() throws {
    let bench = try StudyBench(seeds: [0])
    try bench.end(bench.plan.runs[0], .failed, reason: "no <space> left")
    try bench.end(bench.plan.runs[1], .diverged, reason: "a loss became infinite")
    try bench.folder.cancel()
    let status = try status(of: live(bench))
    #expect(status.problems.map(\.state) == ["failed", "diverged"])
    #expect(status.problems.map(\.reason) == ["no <space> left", "a loss became infinite"])
    #expect(status.summary == "2 of 6 runs done, 1 failed, 1 diverged, called off")
  }

  @Test func aChangedPlanIsTakenUp() throws {
    let bench = try StudyBench(methods: ["ew"], seeds: [0])
    try bench.end(0..<2)
    var live = try live(bench)
    let longer = try StudyPlan(
      yaml: StudyBench.file(methods: ["ew", "cagrad"], seeds: [0]), file: "bench.yaml")
    try bench.folder.prepare(longer)
    live.refresh(at: Date(timeIntervalSince1970: 5))
    #expect(try status(of: live).summary == "2 of 4 runs done, nobody is at work")
    #expect(live.version == 1)
  }

  @Test func troubleIsToldOnThePageAndPasses() throws {
    let bench = try StudyBench(methods: ["ew"], seeds: [0])
    try bench.end(0..<1)
    var live = try live(bench)
    try Data("name: [".utf8).write(to: bench.folder.studyFile)
    live.refresh(at: Date(timeIntervalSince1970: 5))
    #expect(try status(of: live).warning?.hasPrefix("This page may be behind the study: ") == true)
    #expect(page(of: live).contains("<li>one finished run</li>"))
    try Data(bench.plan.text.utf8).write(to: bench.folder.studyFile)
    try bench.end(1..<2)
    live.refresh(at: Date(timeIntervalSince1970: 6))
    #expect(try status(of: live).warning == nil)
    #expect(page(of: live).contains("<li>two finished runs</li>"))
  }

  @Test func theFolderIsLookedAtOnceASecondAtMost() async throws {
    let bench = try StudyBench(methods: ["ew"], seeds: [0])
    let clock = Clock()
    let study = try LiveStudy(bench.folder, library: bench.standIn()) { clock.date }
    func settled() async throws -> Int {
      let answer = await study.response(to: SiteRequest(target: "/status.json"))
      return try JSONDecoder().decode(LiveStatus.self, from: Data(answer.body)).settled
    }
    try bench.end(0..<1)
    clock.date += 0.5
    #expect(try await settled() == 0)
    clock.date += 0.5
    #expect(try await settled() == 1)
  }

  @Test func theServerWritesNothingIntoTheFolder() async throws {
    let bench = try StudyBench()
    try bench.end(0..<3)
    let library = try bench.standIn()
    let before = try FileManager.default.subpathsOfDirectory(atPath: bench.folder.url.path).sorted()
    let study = try LiveStudy(bench.folder, library: library)
    _ = await study.response(to: SiteRequest(target: "/"))
    #expect(try FileManager.default.subpathsOfDirectory(atPath: bench.folder.url.path).sorted() == before)
  }

  @Test func aFolderWithoutAStudyIsRefused() throws {
    let bench = try StudyBench()
    let elsewhere = StudyFolder(bench.folder.url.appending(path: "nowhere"))
    #expect(throws: StudyError.noStudy(path: elsewhere.url.relativePath)) {
      try LiveStudy(elsewhere, library: bench.standIn())
    }
    let missing = bench.folder.url.appending(path: "no.js")
    #expect(throws: ServeError.report(.missingPlotly(searched: [missing.relativePath]))) {
      try LiveStudy(bench.folder, library: missing)
    }
  }
}
