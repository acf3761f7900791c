import Foundation
import Testing
import Torch
import Truce
import TruceData
import TruceRun
import TruceTasks

@testable import TruceTraining

@Suite("Runs under autocast")
struct AutocastTrainingTests {
  private func run(_ folder: TemporaryFolder, _ name: String, _ overrides: [String]) throws -> RunSummary {
    let settings = [
      "problem=two-units", "method=cagrad", "epochs=20", "batch_size=64", "device=cpu", "log_every=1",
    ]
    let run = try TrainingRun(
      configuration: try RunConfiguration(overrides: settings + overrides), catalogues: .truce(),
      directory: RunDirectory(folder.url.appending(path: name)), console: Console(isTerminal: false) { _ in })
    return try run.run(.new)
  }

  @Test("reach about the loss of single precision", arguments: ["cagrad", "upgrad", "ew", "famo"])
  func losses(method: String) throws {
    let folder = try TemporaryFolder()
    let keys = ["metres", "feet"].map { MetricKey.loss($0, split: "train") }
    func losses(_ summary: RunSummary) throws -> [Double] {
      try keys.map { try #require(summary.values[$0]) }
    }
    let wide = try losses(run(folder, "wide", ["method=\(method)"]))
    let first = try losses(run(folder, "first", ["method=\(method)", "epochs=1"]))
    let kinds = [
      ["autocast=bfloat16"], ["autocast=float16", "gradient_scaling=dynamic"],
      ["autocast=bfloat16", "gradient_memory=rows", "evaluate_every=20"],
    ]
    for (place, kind) in kinds.enumerated() {
      let narrow = try losses(run(folder, "\(place)", ["method=\(method)"] + kind))
      for task in keys.indices {
        #expect(narrow[task] < 0.6 * first[task], "\(kind): \(narrow) from \(first)")
        #expect((narrow[task] / wide[task] - 1).magnitude < 0.25, "\(kind): \(narrow) for \(wide)")
      }
    }
  }

  @Test("record the scale and the steps that were skipped for it")
  func records() throws {
    let folder = try TemporaryFolder()
    let summary = try run(
      folder, "run",
      [
        "autocast=float16", "gradient_scaling=dynamic", "epochs=30", "max_steps=30", "conflict_every=1",
        "gradient_scaling_options={initial_scale: 1073741824}",
      ])
    let skipped = try #require(summary.values[MetricKey.gradientScaleSkips])
    #expect(skipped >= 3 && skipped < 30)
    #expect(summary.values[MetricKey.gradientScale] == 0x1p30 / Double(1 << Int(skipped)))
    let record = try RunRecord(RunDirectory(folder.url.appending(path: "run")))
    let scales = try #require(record.stepCurves[MetricKey.gradientScale]).map(\.value)
    #expect(scales.count == 30 && scales.prefix(2) == [0x1p29, 0x1p28])
    let plain = try run(folder, "plain", ["epochs=1"])
    #expect(plain.values[MetricKey.gradientScale] == nil && plain.values[MetricKey.gradientScaleSkips] == nil)
  }

  @Test("judge a network by outputs in its own type, of narrow operations")
  func outputs() throws {
    var run = TinyRun()
    run.autocast = .bfloat16
    let narrow = try run.makeLoop().supervised
    run.autocast = nil
    let wide = try run.makeLoop().supervised
    let batch = try narrow.problem.trainingLoader.firstBatch(of: 8)
    let (one, other) = (
      narrow.supervisedNetwork.answers(to: batch)[0], wide.supervisedNetwork.answers(to: batch)[0]
    )
    let difference = try #require(one) - #require(other)
    #expect(one?.dtype == .float32)
    #expect(difference.norm().item() > 0 && difference.norm().item() < 0.1)
    #expect(try narrow.measure().values.allSatisfy(\.isFinite))
  }

  @Test("are refused where nothing can be narrowed, whoever made the configuration")
  func refusal() throws {
    var configuration = RunConfiguration(problem: "two-units", method: "ew")
    (configuration.autocast, configuration.precision) = (.bfloat16, .float64)
    let folder = try TemporaryFolder()
    let error = #expect(throws: TrainingError.self) {
      _ = try TrainingRun(
        configuration: configuration, catalogues: .truce(), directory: RunDirectory(folder.url),
        console: Console(isTerminal: false) { _ in })
    }
    #expect(error?.description == "autocast narrows float32, and precision is float64")
    #expect(error?.help == "leave one of them out")
  }
}
