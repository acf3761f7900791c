import Foundation
import Testing
import TruceRun
import TruceStudy
import TruceTestSupport

@Suite("Measuring on corrupted pictures")
struct RobustnessTests {
  private func train(_ folder: TemporaryFolder, _ name: String, _ more: [String]) throws -> RunRecord {
    let result = try Engine.run(
      [
        "train", "--problem", "multi-mnist", "--output", folder.path(name), "--quiet", "--epochs", "1",
        "max_steps=3", "problem_options.train_samples=512", "problem_options.test_samples=200",
        "corruptions=[contrast, gaussian-noise]",
      ] + more, in: folder)
    try #require(result.status == 0, "\(result.errors)")
    return try RunRecord(RunDirectory(folder.location.appending(path: name)))
  }

  @Test("gives each task's δ against networks of its own", .enabled(if: Engine.hasData, Engine.noData))
  func delta() throws {
    let folder = try TemporaryFolder()
    let records = [
      try train(folder, "both", []), try train(folder, "left", ["tasks=[left]"]),
      try train(folder, "right", ["tasks=[right]"]),
    ]
    let splits = ["contrast", "gaussian-noise"].flatMap { corruption in
      (1...5).map { CorruptedSplit.name(corruption: corruption, severity: $0) }
    }
    for split in splits {
      let curve = records[0].epochCurves[MetricKey.metric("accuracy", of: "left", split: split)]
      #expect(curve?.count == 1)
    }
    let predictions = try #require(try records[0].directory.predictions())
    #expect(predictions.samples.count == 8)
    #expect(predictions.samples.allSatisfy { $0.picture.hasPrefix("data:image/png;base64,iVBORw0KGgo") })
    #expect(predictions.samples.allSatisfy { $0.answers.keys.sorted() == ["left", "right"] })
    #expect(try records[1].directory.predictions()?.samples.first?.answers.keys.sorted() == ["left"])
    let results = StudyResults(records, problem: "multi-mnist")
    #expect(results.split == "test")
    let rows = results.robustness()
    #expect(rows.count == 1 && rows[0].deltas.count == 2)
    for (task, delta) in zip(["left", "right"], try #require(rows.first).deltas) {
      let alone = try #require(records.first { $0.configuration.tasks == [task] })
      let changes = try splits.map { split in
        try ratio(records[0], task, split) - ratio(alone, task, split)
      }
      let expected = -changes.reduce(0, +) / Double(changes.count)
      #expect((try #require(delta) - expected).magnitude < 1e-12)
    }
  }

  private func ratio(_ record: RunRecord, _ task: String, _ split: String) throws -> Double {
    let values = try [split, "test"].map { split in
      try #require(record.epochCurves[MetricKey.metric("accuracy", of: task, split: split)]?.last?.value)
    }
    return values[0] / values[1]
  }

  @Test("refuses inputs that are no pictures")
  func noPictures() throws {
    let folder = try TemporaryFolder()
    let arguments = ["train", "--problem", "two-units", "--output", folder.path("run"), "--quiet"]
    let numbers = try Engine.run(arguments + ["corruptions=[all]"], in: folder)
    #expect(numbers.status == 64)
    #expect(numbers.errors.contains("corruptions change pictures, and the inputs of two-units are none"))
  }

  @Test("refuses unknown corruptions", .enabled(if: Engine.hasData, Engine.noData))
  func unknownCorruption() throws {
    let folder = try TemporaryFolder()
    let unknown = try Engine.run(
      [
        "train", "--problem", "multi-mnist", "--output", folder.path("b"), "--quiet", "corruptions=[contrst]",
      ],
      in: folder)
    #expect(unknown.status == 64)
    #expect(unknown.errors.contains("unknown corruption 'contrst'"))
    #expect(unknown.errors.contains("did you mean 'contrast'?"))
  }
}
