import Foundation
import Testing
import TruceRun
import TruceRunTestSupport
import TruceStudy

@testable import TruceReport

@Suite("Invariance to the losses' scales in the report")
struct InvarianceTests {
  /// Two runs with known updates: the shared part differs by a tenth, one head by 1e-6, the other not at all.
  private func records(in folder: URL, damaged: Bool = false) throws -> [RunRecord] {
    let layout = UpdateLayout(
      parts: [.init(task: nil, count: 2), .init(task: "left", count: 1), .init(task: "right", count: 1)],
      interval: 2)
    let rows: [[Double]?: [[Double]]] = [
      nil: [[3, 4, 1, 5], [3, 4, 1, 5]], [10, 0.1]: [[3, 4.5, 1, 5], [3, 4.05, 1 + 1e-6, 5]],
    ]
    return try rows.map { scales, updates in
      let plain = RecordBuilder().record(epochs: [[0.5, 0.5]]) {
        $0.lossScales = scales
        $0.updatesEvery = 2
      }
      let directory = RunDirectory(folder.appending(path: "\(scales?.count ?? 0)"))
      try FileManager.default.createDirectory(at: directory.url, withIntermediateDirectories: true)
      let log = try UpdateLog(in: directory, layout: layout)
      for update in updates { try log.append(update) }
      if damaged { try Data("?\n".utf8).write(to: directory.updatesFile) }
      return RunRecord(
        directory: directory, configuration: plain.configuration, summary: plain.summary,
        beginning: plain.beginning, epochCurves: plain.epochCurves)
    }
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test func differencesFollowTheFormula() throws {
    try withFolder { folder in
      let comparisons = try LossScaleInvariance.comparisons(of: records(in: folder))
      let comparison = try #require(comparisons.first)
      #expect(comparisons.count == 1 && comparison.variant.method == "EW" && comparison.scales == [10, 0.1])
      let shared = comparison.parts[0]
      #expect(shared.task == nil && shared.steps == [2, 4])
      #expect(zip(shared.differences, [0.1, 0.01]).allSatisfy { ($0 - $1).magnitude < 1e-12 })
      #expect((shared.sizeRatio - (9 + 20.25).squareRoot() / 5).magnitude < 1e-12)
      #expect(comparison.parts[1].first == 0 && (comparison.parts[1].largest - 1e-6).magnitude < 1e-12)
      #expect(comparison.parts[2].differences == [0, 0])
      #expect(comparison.verdict == .headsAtFirst)
    }
  }

  @Test func thePageShowsCurvesAndVerdicts() throws {
    try withFolder { folder in
      let report = ReportFixture.report(of: try records(in: folder))
      let figure = try #require(report.figures.first { $0.id == "loss-scale-invariance" })
      #expect(
        figure.views.map(\.name) == [
          "shared, free backbone, × 10, 0.1", "left, free backbone, × 10, 0.1",
          "right, free backbone, × 10, 0.1",
        ])
      let table = try #require(report.tables.first { $0.id == "loss-scale-invariance" })
      #expect(
        report.problems[0].findings.first?.text
          == "With a free backbone all updates depend on the losses' scales: EW with Adam (relative difference up to 0.1)."
      )
      #expect(
        table.rows[0].cells.prefix(5) == ["free", "EW", "Adam", "10, 0.1", "heads at the first step only"])
      #expect(table.markdown.contains("| 0.1 | 1e-06 | 0 | 1.1 | 1 | 1 |"))
    }
  }

  @Test func aDamagedRecordIsASentence() throws {
    try withFolder { folder in
      let report = ReportFixture.report(of: try records(in: folder, damaged: true))
      #expect(!report.figures.contains { $0.id == "loss-scale-invariance" })
      #expect(report.problems[0].absences.contains { $0.contains("updates.bin:1: not a record of updates") })
      #expect(report.problems[0].caveats.contains { $0.contains("The updates of two runs cannot be read") })
    }
  }
}
