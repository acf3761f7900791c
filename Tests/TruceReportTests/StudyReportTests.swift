import Foundation
import Testing
import TruceRun
import TruceRunTestSupport
import TruceStudy

@testable import TruceReport

@Suite("Study reports")
struct StudyReportTests {
  @Test func everyKindHasItsPlace() {
    let report = ReportFixture.full()
    #expect(
      report.figures.map(\.id) == [
        "parallel-coordinates", "pareto", "optimizer-slopes", "learning-rates", "predictions",
        "learning-curves", "training-time", "similarity", "conflict", "toy",
      ])
    #expect(
      report.tables.map(\.id) == [
        "results", "best-configurations", "pareto-counts", "method-tests", "optimizer-tests-1", "equal-time",
        "training", "similarities", "single-task", "runs", "unscored-runs",
      ])
  }

  @Test func publishedRowsStandBesideOnesOwn() throws {
    let published = try PublishedTables.table(named: "cityscapes-cagrad")
    let report = ReportFixture.report(of: SyntheticStudy().records, published: published)
    let table = try #require(report.tables(named: "published").first)
    let names = table.grid.rows.map { $0[0] }
    #expect(names.first == "single-task" && names.contains("EW, Adam") && names.contains("MGDA †"))
    #expect(table.caption.contains("† published, not measured here") && table.caption.contains("2110.14048"))
    #expect(table.grid.headings.map(\.text).contains("mIoU (%) ↑"), "in the paper's unit")
    let single = try #require(table.grid.rows.first)
    #expect(Double(single[1]).map { $0 > 1 } == true)
    let foreign = ReportFixture.report(
      of: SyntheticStudy().records, published: try PublishedTables.table(named: "qm9"))
    #expect(foreign.tables(named: "published").isEmpty)
    #expect(
      foreign.problems[0].absences.contains {
        $0.hasPrefix("The rows of qm9 are not shown because qm9 has no")
      })
  }

  @Test func answersThatIgnoreTheInputStandAboveTheNetworks() throws {
    let records = SyntheticStudy().records
    let results = StudyResults(records, problem: "cityscapes")
    let first = try #require(results.metrics.first)
    let metric = MetricValue(
      task: first.task, name: first.name, split: results.split, value: 0.0625,
      higherIsBetter: first.higherIsBetter)
    func rows(_ averaging: String, problem: String = "cityscapes") throws -> [[String]] {
      let references = ReferenceAnswers(
        problem: problem, averaging: averaging, answers: [.init("constant", [metric])])
      let report = ReportFixture.report(of: records, references: references)
      return try #require(report.tables(named: "results").first).grid.rows
    }
    let row = try #require(try rows("set").first)
    #expect(row[0] == "constant" && row[3].hasPrefix("0.06") && row.last == "–")
    #expect(try rows("published").first?.first == "single-task", "averaged otherwise than the runs")
    #expect(try rows("set", problem: "nyuv2").first?.first == "single-task", "of another problem")
  }

  @Test func theFolderHoldsEverythingThePageNames() throws {
    let files = ReportFixture.full().files
    let page = try #require(files["index.html"])
    let links = page.matches(of: /(?:href|src)="([^"#]+)"/).map { String($0.1) }
    let figures = page.matches(of: /"(?:svg|csv|json)":"([^"]+)"/).map { String($0.1) }
    let named = links + figures.map { $0.replacing("\\/", with: "/") }
    #expect(named.count > 60)
    for name in named where name != PlotlyLibrary.fileName && !name.hasPrefix("data:") {
      #expect(files[name] != nil, "\(name)")
    }
    let anchors = page.matches(of: /href="#([^"]+)"/).map { $0.1 }
    for anchor in anchors { #expect(page.contains("id=\"\(anchor)\""), "\(anchor)") }
  }

  @Test func nothingIsAskedForOutsideTheFolder() throws {
    for (name, text) in ReportFixture.full().files {
      // Pictures within the file are letters, figures and slashes.
      let text = text.replacing(/data:image\/png;base64,[A-Za-z0-9+\/=]+/, with: "")
      let addresses = text.matches(of: /(?:https?:)?\/\/[a-z0-9.]+/).map { String($0.0) }
        .filter { $0 != "http://www.w3.org" }
      #expect(addresses.isEmpty, "\(name): \(addresses)")
    }
  }

  @Test func thePageHasItsSixSections() throws {
    let page = try #require(ReportFixture.full().files["index.html"])
    let headings = page.matches(of: /<h2>([^<]+)<\/h2>/).map { String($0.1) }
    #expect(headings == ["Question", "Setup", "Answer", "Evidence", "Caveats", "How to reproduce"])
    for part in ["0123456789abcdef", "libtorch", "2.13.0", "truce study run Studies/example.yaml"] {
      #expect(page.contains(part), "\(part)")
    }
  }

  @Test func hostileNamesStayText() throws {
    let hostile = "<script>alert(1)</script>"
    let report = ReportFixture.full {
      $0.taskNames = [hostile, "\"><img src=x onerror=alert(2)>"]
      $0.problem = hostile
      $0.methods = ["ew", hostile]
    }
    let files = report.files
    for (name, text) in files where name.hasSuffix(".html") || name.hasSuffix(".svg") {
      #expect(!text.contains("<script>alert") && !text.contains("<img src=x"), "\(name)")
    }
    #expect(files["index.html"]?.contains("&lt;script&gt;alert(1)") == true)
    #expect(files.keys.allSatisfy { !$0.contains("<") }, "names of files never come from names of tasks")
  }

  @Test func missingPartsAreSaidInASentence() throws {
    let report = ReportFixture.report(
      of: [
        RecordBuilder().record(epochs: [[0.5, 0.5]]), RecordBuilder().record("uw", epochs: [[0.6, 0.5]]),
      ])
    let page = try #require(report.files["index.html"])
    for part in [
      "no slope chart because the study has a single optimizer", "single learning rate", "measured only once",
      "no Δm because not every task has a single-task run",
      "no comparison at equal time because not every task",
    ] {
      #expect(page.contains(part) || report.problems[0].absences.contains { $0.contains(part) }, "\(part)")
    }
    #expect(page.contains("cannot be tested because no two of them share two seeds"))
  }

  @Test(arguments: [true, false])
  func aStudyWithoutResultsStillHasAPage(isEmpty: Bool) throws {
    let failed = RecordBuilder().record(epochs: [], status: .failed, reason: "no space left")
    let records = isEmpty ? [] : [failed]
    let report = ReportFixture.report(of: records)
    let page = try #require(report.files["index.html"])
    #expect(page.contains("There are no runs yet") || page.contains("no answer yet"))
    #expect(records.isEmpty || page.contains("no space left"))
  }

  @Test func aBaselineOfZeroLeavesTheRestOfTheReport() throws {
    let builder = RecordBuilder()
    let alone = [0, 1].flatMap { seed in
      [
        builder.record(seed: seed, epochs: [[0]], task: "left"),
        builder.record(seed: seed, epochs: [[0.5]], task: "right"),
      ]
    }
    let trials = [0, 1].flatMap { seed in
      [
        builder.record("ew", seed: seed, epochs: [[0, 0.5], [0.25 * Double(seed), 0.5]]),
        builder.record("uw", seed: seed, epochs: [[0, 0.5], [0.5, 0.4]]),
      ]
    }
    let report = ReportFixture.report(of: alone + trials)
    let results = try #require(report.tables(named: "results").first)
    #expect(results.grid.rows.map { $0[3] } == ["0.0000", "0.5000 ± 0.0000", "0.1250 ± 0.1768"])
    #expect(results.caption.contains("no Δm because the single-task networks have a left accuracy of zero"))
    #expect(report.tables.map(\.id).contains("method-tests"))
    #expect(
      report.problems[0].caveats.contains { $0.contains("The single-task networks have a left accuracy") })
  }

  @Test func severalProblemsHaveFilesOfTheirOwn() throws {
    var second = SyntheticStudy()
    second.problem = "nyuv2"
    let report = ReportFixture.report(of: SyntheticStudy().records + second.records)
    #expect(report.problems.map(\.results.problem) == ["cityscapes", "nyuv2"])
    #expect(Set(report.tables.map(\.id)).count == report.tables.count)
    #expect(report.files["data/problem-2-results.csv"] != nil)
  }

  @Test func theSameRecordsGiveTheSameFiles() {
    let (first, second) = (ReportFixture.full().files, ReportFixture.full().files)
    let changed = first.keys.filter { first[$0] != second[$0] }
    #expect(changed.isEmpty && first.count == second.count)
  }
}

@Suite("Writing reports")
struct ReportWritingTests {
  @Test func withoutPlotlyNothingIsWritten() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "truce-none-\(UUID().uuidString)")
    #expect(throws: ReportError.self) {
      try PlotlyLibrary.locate(environment: [:], workingFolder: folder, program: nil)
    }
    #expect(throws: ReportError.missingPlotly(searched: ["/nowhere/plotly.min.js"])) {
      try PlotlyLibrary.locate(environment: ["TRUCE_PLOTLY": "/nowhere/plotly.min.js"])
    }
    #expect(throws: ReportError.self) {
      try ReportFixture.report(of: []).write(to: folder, plotly: URL(filePath: "/nowhere/plotly.min.js"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "index.html").path))
    try? FileManager.default.removeItem(at: folder)
  }

  @Test func errorsSayWhatToDo() {
    let missing = ReportError.missingPlotly(searched: ["a", "b"])
    #expect(missing.description == "plotly.min.js is not there: looked for a, b")
    #expect(missing.help.contains("Scripts/setup plotly") && missing.exitStatus == .missingInput)
    let full = ReportError.file(.diskFull(path: "report/index.html"))
    #expect(full.description.contains("no space left") && full.exitStatus == .inputOutput)
  }

  @Test func aFolderThatCannotBeMadeIsAnError() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "truce-file-\(UUID().uuidString)")
    try Data("plotly".utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(throws: ReportError.self) {
      try ReportFixture.report(of: []).write(to: file.appending(path: "report"), plotly: file)
    }
  }

  @Test func theFolderIsWrittenAndWrittenAgain() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "truce-again-\(UUID().uuidString)")
    let library = folder.appending(path: "library.js")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("plotly".utf8).write(to: library)
    defer { try? FileManager.default.removeItem(at: folder) }
    let report = ReportFixture.report(of: SyntheticStudy().records)
    let target = folder.appending(path: "report")
    for _ in 0..<2 { try report.write(to: target, plotly: library) }
    let names = try FileManager.default.contentsOfDirectory(atPath: target.path).sorted()
    #expect(names == ["data", "index.html", "plotly.min.js"])
    let data = try FileManager.default.contentsOfDirectory(atPath: target.appending(path: "data").path)
    #expect(data.count == report.files.count - 1)
  }
}
