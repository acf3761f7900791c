import Foundation
import Testing
import TruceRun
import TruceRunTestSupport

@testable import TruceReport

@Suite("Recorded predictions in the report")
struct PredictionTests {
  private func record(_ method: String, in folder: URL, picture: String, prediction: String) throws
    -> RunRecord
  {
    let plain = RecordBuilder().record(method, epochs: [[0.5, 0.5]])
    let directory = RunDirectory(folder.appending(path: method))
    try FileManager.default.createDirectory(at: directory.url, withIntermediateDirectories: true)
    try directory.write(
      PredictionRecord(samples: [
        .init(
          picture: picture,
          answers: [
            "left": .init(label: "3", prediction: prediction), "right": .init(label: nil, prediction: "1"),
          ])
      ]))
    return RunRecord(
      directory: directory, configuration: plain.configuration, summary: plain.summary,
      beginning: plain.beginning, epochCurves: plain.epochCurves)
  }

  @Test func aGridForEachTaskShowsWhoIsWrong() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let picture = "data:image/png;base64,AAAA"
    let report = ReportFixture.report(of: [
      try record("ew", in: folder, picture: picture, prediction: "3"),
      try record("uw", in: folder, picture: picture, prediction: "5"),
      try record("rlw", in: folder, picture: "data:image/png;base64,BBBB", prediction: "3"),
    ])
    let figure = try #require(report.figures.first { $0.id == "predictions" })
    #expect(figure.views.map(\.name) == ["left", "right"])
    let chart = try #require(figure.views[0].chart as? ImageGridChart)
    #expect(chart.rows.map(\.title) == ["picture", "label", "EW", "UW"], "RLW saw another picture")
    #expect(chart.rows[1].words == [.init("3")])
    #expect(chart.rows[2].words == [.init("3")] && chart.rows[3].words == [.init("5", isWrong: true)])
    #expect(chart.svg.text.contains("5 ✗") && chart.svg.text.contains(picture))
    #expect(chart.data.csv.contains("UW,1,,5,yes"))
    let right = try #require(figure.views[1].chart as? ImageGridChart)
    #expect(right.rows[1].words == [nil] && right.rows[2].words == [.init("1")])
  }

  @Test func aDamagedRecordTakesNoOtherDown() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let picture = "data:image/png;base64,AAAA"
    let damaged = try record("ew", in: folder, picture: picture, prediction: "3")
    let whole = try record("uw", in: folder, picture: picture, prediction: "5")
    try Data("{".utf8).write(to: damaged.directory.predictionsFile)
    let report = ReportFixture.report(of: [damaged, whole])
    let figure = try #require(report.figures.first { $0.id == "predictions" })
    #expect((figure.views[0].chart as? ImageGridChart)?.rows.map(\.title) == ["picture", "label", "UW"])
    #expect(figure.caption.contains("Left out, since it cannot be read: "))
  }

  @Test func aDamagedRecordIsASentence() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let record = try record("ew", in: folder, picture: "data:image/png;base64,AAAA", prediction: "3")
    try Data("{".utf8).write(to: record.directory.predictionsFile)
    let report = ReportFixture.report(of: [record])
    #expect(
      report.problems[0].absences.contains {
        $0.hasPrefix("There is no figure of predictions. Left out, since it cannot be read: ")
      })
  }

  // MARK: Domains

  /// A run that says something about two pictures of each of some domains.
  private func domains(
    _ method: String, _ folder: URL, of tasks: [String], task: String? = nil, pictures: String = "AAAA"
  ) throws -> RunRecord {
    let records = ["photo", "sketch"].map {
      TaskRecord(name: $0, metrics: [MetricRecord(name: "accuracy", higherIsBetter: true)])
    }
    let builder = RecordBuilder(problem: "domains", tasks: records)
    let plain = builder.record(method, epochs: [task == nil ? [0.5, 0.5] : [0.5]], task: task)
    let directory = RunDirectory(folder.appending(path: "\(method)-\(task ?? "all")"))
    try FileManager.default.createDirectory(at: directory.url, withIntermediateDirectories: true)
    let samples = tasks.flatMap { name in
      (0..<2).map { number in
        PredictionRecord.Sample(
          picture: "data:image/png;base64,\(pictures)\(name)\(number)",
          answers: [name: .init(label: "mug", prediction: "\(method) \(number)")])
      }
    }
    try directory.write(PredictionRecord(samples: samples))
    return RunRecord(
      directory: directory, configuration: plain.configuration, summary: plain.summary,
      beginning: plain.beginning, epochCurves: plain.epochCurves)
  }

  @Test func aDomainsGridShowsItsOwnPicturesAlone() throws {
    try withFolder { folder in
      let report = ReportFixture.report(of: [
        try domains("ew", folder, of: ["photo", "sketch"]),
        try domains("ew", folder, of: ["sketch"], task: "sketch"),
        try domains("uw", folder, of: ["photo", "sketch"]),
        try domains("rlw", folder, of: ["photo", "sketch"], pictures: "BBBB"),
      ])
      let figure = try #require(report.figures.first { $0.id == "predictions" })
      #expect(figure.views.map(\.name) == ["photo", "sketch"])
      let charts = figure.views.compactMap { $0.chart as? ImageGridChart }
      #expect(charts.map(\.columns) == [["1", "2"], ["1", "2"]])
      #expect(charts[0].rows.map(\.title) == ["picture", "label", "EW", "UW"])
      #expect(charts[1].rows.map(\.title) == ["picture", "label", "single-task", "EW", "UW"])
      #expect(charts[1].rows[0].pictures == (0..<2).map { "data:image/png;base64,AAAAsketch\($0)" })
      #expect(charts[1].rows[4].words.map { $0?.text } == ["uw 0", "uw 1"])
      #expect(figure.caption.contains("Left out, since other pictures were recorded: RLW."))
    }
  }

  // MARK: Maps

  /// A run that says something about a depth, or about nothing.
  private func dense(
    _ method: String, _ folder: URL, task: String? = nil, picture: String = ReportFixture.map,
    legend: MapLegend? = ReportFixture.legend, omissions: [String: String] = [:]
  ) throws -> RunRecord {
    let tasks = ["segmentation", "depth"].map {
      TaskRecord(name: $0, metrics: [MetricRecord(name: "error", higherIsBetter: false)])
    }
    let builder = RecordBuilder(problem: "rooms", tasks: tasks)
    let values = task == nil ? [0.5, 0.5] : [0.5]
    var record = builder.record(method, epochs: [values], task: task)
    let directory = RunDirectory(folder.appending(path: "\(method)-\(task ?? "all")"))
    try FileManager.default.createDirectory(at: directory.url, withIntermediateDirectories: true)
    let answered = legend == nil ? [] : task.map { [$0] } ?? ["depth", "segmentation", "edges"]
    let answer = PredictionRecord.MapAnswer(label: ReportFixture.map, prediction: ReportFixture.map)
    let sample = PredictionRecord.Sample(
      picture: picture, maps: Dictionary(uniqueKeysWithValues: answered.map { ($0, answer) }))
    try directory.write(
      PredictionRecord(
        samples: [sample, sample],
        legends: legend.map { legend in Dictionary(uniqueKeysWithValues: answered.map { ($0, legend) }) }
          ?? [:],
        omissions: omissions))
    record = RunRecord(
      directory: directory, configuration: record.configuration, summary: record.summary,
      beginning: record.beginning, epochCurves: record.epochCurves)
    return record
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test func mapsStandBelowTheTruthWithTheirLegend() throws {
    try withFolder { folder in
      let report = ReportFixture.report(of: [
        try dense("ew", folder), try dense("uw", folder, omissions: ["age": "it has nothing to show"]),
        try dense("ew", folder, task: "depth"),
        try dense("rlw", folder, picture: "data:image/png;base64,BBBB"),
      ])
      let figure = try #require(report.figures.first { $0.id == "predictions" })
      #expect(
        figure.views.map(\.name) == ["segmentation", "depth", "edges"], "the problem's order comes first")
      let charts = figure.views.compactMap { $0.chart as? ImageGridChart }
      #expect(charts[0].rows.map(\.title) == ["picture", "ground truth", "EW", "UW"])
      #expect(charts[1].rows.map(\.title) == ["picture", "ground truth", "single-task", "EW", "UW"])
      #expect(charts[1].rows.allSatisfy { $0.pictures == [ReportFixture.map, ReportFixture.map] })
      #expect(charts[1].legend == ReportFixture.legend)
      #expect(figure.caption.contains("Not shown: age (it has nothing to show)."))
      #expect(figure.caption.contains("Left out, since other pictures were recorded: RLW."))
      #expect(
        figure.caption.contains("colors of numbers span the ground truth") && !figure.caption.contains("✗"))
    }
  }

  @Test func aRunWhoseMapsDivergedIsNamed() throws {
    try withFolder { folder in
      let report = ReportFixture.report(of: [
        try dense("ew", folder),
        try dense("uw", folder, task: nil, legend: nil, omissions: ["depth": "a prediction holds no number"]),
      ])
      let figure = try #require(report.figures.first { $0.id == "predictions" })
      #expect(figure.caption.contains("Not shown: depth of UW (a prediction holds no number)."))
    }
  }

  @Test func tasksWithNothingToShowAreASentence() throws {
    try withFolder { folder in
      let report = ReportFixture.report(of: [
        try dense("ew", folder, legend: nil, omissions: ["age": "its answers are neither words nor maps"])
      ])
      #expect(!report.figures.contains { $0.id == "predictions" })
      #expect(
        report.problems[0].absences.contains(
          "There is no figure of predictions. Not shown: age (its answers are neither words nor maps)."))
    }
  }

  @Test func otherColorsAreNotPutBesideThese() throws {
    try withFolder { folder in
      var other = ReportFixture.legend
      other.scale?.high = 9
      let report = ReportFixture.report(of: [
        try dense("ew", folder), try dense("uw", folder, legend: other),
      ])
      let figure = try #require(report.figures.first { $0.id == "predictions" })
      #expect(
        (figure.views[0].chart as? ImageGridChart)?.rows.map(\.title) == ["picture", "ground truth", "EW"])
    }
  }

  @Test func theDrawingKeepsShapesAndColors() throws {
    let chart = ReportFixture.maps.chart
    let svg = chart.svg.text
    #expect(svg.contains("width=\"128\" height=\"96\" href=\"data:image/png"), "four by three pixels")
    #expect(svg.ranges(of: "<image").count == 12)
    for part in [
      "depth in metres:", ">0.71<", ">5.20<", ">no ground truth<", ">wall<", "#FFFFFF", "#809ABF", "#002680",
      "#1A1A1A",
    ] { #expect(svg.contains(part), "\(part)") }
    #expect(ImageGridChart.size(ofPNG: ReportFixture.map).map { $0 == (4, 3) } == true)
    #expect(ImageGridChart.size(ofPNG: "data:image/png;base64,AAAA") == nil)
    let summary = try #require(chart.summary)
    #expect(
      summary == """
        four columns, and from the top picture, ground truth, EW, CAGrad; colors for no ground truth and wall; \
        depth in metres from 0.71 to 5.20
        """)
  }

  @Test func thePageKeepsTheColorsOfALegend() throws {
    let page = try #require(ReportFixture.full().files["index.html"])
    #expect(page.contains("fill=\"#FFFFFF\"") && page.contains("fill=\"#1A1A1A\""))
    #expect(
      page.contains("aria-label=\"Predictions: depth; four columns, and from the top picture, ground truth"))
    #expect(page.contains("<div class=\"pictures\"><p>task: depth</p><img src=\"data/predictions-2.svg\""))
  }
}
