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
    #expect(report.problems[0].absences.contains { $0.hasPrefix("Predictions are not shown: ") })
  }
}
