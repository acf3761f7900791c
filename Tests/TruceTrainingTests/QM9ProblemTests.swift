import Foundation
import Testing
import Torch
import TruceData
import TruceOptions
import TruceProblems
import TruceRun
import TruceTasks

/// The problem over the fourteen molecules of the data room's tests.
@Suite("The problem of QM9")
struct QM9ProblemTests {
  private static let fixture = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .appending(path: "TruceDataTests/QM9").path

  private func problem(
    _ more: [String: OptionValue] = [:], tasks: [String]? = nil
  ) throws -> any Problem {
    let entry = try #require(ProblemCatalogue.entries.first { $0.about.name == "qm9" })
    let options: [String: OptionValue] = [
      "data": .string(Self.fixture), "validation_samples": .number(3), "test_samples": .number(4),
    ]
    return try entry.make(
      ProblemRequest(options: options.merging(more) { $1 }, tasks: tasks, batchSize: 5))
  }

  @Test("has eleven tasks over three parts of a split")
  func parts() throws {
    let problem = try problem()
    #expect(
      problem.tasks.map(\.name) == [
        "mu", "alpha", "homo", "lumo", "r2", "zpve", "u0", "u", "h", "g", "cv",
      ])
    #expect(problem.trainingLoader.exampleCounts == [7] && problem.validationLoader?.exampleCounts == [7 - 4])
    #expect(problem.evaluationLoaders.map(\.split) == ["validation", "test"])
    let batch = try problem.trainingLoader.firstBatch(of: 5)
    #expect(
      batch.input.shape == [5, 29, 43] && batch.targets.map(\.values.shape).allSatisfy { $0 == [5, 1] })
    let fewer = try self.problem(["train_samples": .number(2)], tasks: ["cv", "mu"])
    #expect(fewer.trainingLoader.exampleCounts == [2] && fewer.tasks.map(\.name) == ["mu", "cv"])
    #expect(try self.problem(["validation_samples": .number(0)]).evaluationLoaders.map(\.split) == ["test"])
  }

  @Test("learns standardised numbers and measures in the published units")
  func units() throws {
    let problem = try problem(tasks: ["zpve"])
    let task = problem.tasks[0]
    let encoding = try #require(problem.data.encoding as? MoleculeEncoding).tasks[0]
    #expect(encoding.name == "zpve" && encoding.unit == "meV")
    let batch = try problem.trainingLoader.firstBatch(of: 7)
    let target = try #require(batch[task: "zpve"])
    #expect(abs(target.values.mean().item()) < 1e-6)
    #expect(abs(target.values.standardDeviation().item() - 1) < 1e-6)
    let output = target.values + 0.5
    #expect(abs(try #require(task.loss(output: output, target: target)).item() - 0.25) < 1e-6)
    var metric = try #require(task.makeMetrics().first)
    metric.update(output: output, target: target)
    #expect(metric.records.map(\.name) == ["absolute_error"] && metric.records[0].higherIsBetter == false)
    #expect(abs(metric.values[0] - 0.5 * encoding.deviation) < 1e-3)
    let other = metric.state
    #expect(metric.merge(state: other) && abs(metric.values[0] - 0.5 * encoding.deviation) < 1e-3)
    #expect(task.constantAnswers(to: target).count == 2)
  }

  @Test("refuses what it has not, by name")
  func refusals() throws {
    #expect(throws: TaskError.self) { try problem(tasks: ["gap"]) }
    let size = #expect(throws: DataError.self) { try problem(["test_samples": .number(14)]) }
    #expect(
      size?.description
        == "the number of molecules for validation and test must be less than 14, as many as there are, got 17"
    )
    let option = #expect(throws: OptionError.self) { try problem(["train_samples": .number(1)]) }
    #expect(option?.description.contains("train_samples") == true)
    let folder = #expect(throws: DataError.self) { try problem(["data": .string("/nowhere")]) }
    #expect(folder?.description == "/nowhere/qm9_part1.csv: there is no such file (and 2 more)")
  }
}
