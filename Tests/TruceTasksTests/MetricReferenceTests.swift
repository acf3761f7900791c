import Foundation
import Testing
import TruceFiles

@testable import TruceTasks

@Suite("Reference values of metrics")
struct MetricReferenceTests {
  private static let path = Bundle.module.bundleURL.appending(path: "ReferenceValues/metrics.json")
    .path(percentEncoded: false)

  @Test("are met by every metric, Δm and rank")
  func all() throws {
    let deviations = try MetricReferences(contentsOf: Self.path).deviations()
    for deviation in deviations where !deviation.holds { Issue.record("\(deviation)") }
    let sections = Set(deviations.compactMap { $0.name.split(separator: "/").first.map(String.init) })
    #expect(
      sections == ["segmentation", "depth", "normals", "attributes", "values", "delta", "mean_rank"])
    #expect(deviations.count > 700)
  }

  @Test("are not met where they are wrong")
  func wrong() throws {
    let text = try String(contentsOfFile: Self.path, encoding: .utf8)
      .replacing("\"mean_error\": 0.252777777778", with: "\"mean_error\": 0.2527777")
    let deviations = try references(text).deviations().filter { !$0.holds }
    #expect(deviations.map(\.name) == ["attributes/with ties/mean_error"])
    #expect(try abs(#require(deviations.first).distance - 7.7778e-8) < 1e-12)
    #expect(MetricDeviation(name: "a", expected: nil, computed: 1, tolerance: 1).holds == false)
    #expect(MetricDeviation(name: "a", expected: 1, computed: .nan, tolerance: 1).holds == false)
    #expect(MetricDeviation(name: "a", expected: nil, computed: .nan, tolerance: 0).holds)
  }

  @Test("are refused by name where a file is not of their form")
  func refusals() {
    #expect(refusal("[1]") == "it is no JSON object")
    #expect(refusal("{\"dept\": []}") == "unknown section 'dept'; did you mean 'depth'?")
    #expect(refusal("{\"provenance\": \"a\"}")?.hasPrefix("it has none of the sections seg") == true)
    #expect(
      refusal("{\"values\": {\"batches\": []}}")
        == "its values are not as expected: values: 'expected' is missing")
    #expect(
      refusal(
        """
        {"depth": [{"name": "a", "batches": [{"shape": [1, 1, 2, 2], "label": [1], "prediction": [1]}],
        "expected": {"valid_pixels": 1, "accumulated": {}, "mean_of_batches": {}, "published": {}}}]}
        """) == "depth 'a': 1 labels and 1 predictions for the shape [1, 1, 2, 2]")
    let missing = #expect(throws: FileFault.self) { _ = try MetricReferences(contentsOf: "nowhere.json") }
    #expect(missing?.description == "nowhere.json: there is no such file")
  }

  @Test("may be missing wherever a value is not a number")
  func nulls() throws {
    let angles =
      #"{"mean": null, "median": null, "within_11.25": null, "within_22.5": null, "within_30": null}"#
    let masked = "{\"valid_pixels\": 0, \"accumulated\": \(angles), \"mean_of_batches\": \(angles)}"
    let deviations = try references(
      """
      {"normals": [{"name": "none", "batches": [
        {"shape": [1, 3, 1, 1], "label": [0, 0, 0], "prediction": [0, 0, 1]}],
        "expected": {"mask_any": \(masked), "mask_sum": \(masked)}}],
      "delta": [{"name": "zero", "tasks": [["a"]], "higher_is_better": [true], "baseline": [0], "result": [0],
        "expected": {"per_metric": [null], "metric_level": null, "task_level": null,
        "libmtl_improvement": null}}],
      "mean_rank": [{"table": [[1], [2]], "higher_is_better": [true], "expected": {
        "average": {"ranks": [[2], [null]], "mean_rank": [2, 1]},
        "competition": {"ranks": [[2], [1]], "mean_rank": [2, 1]}}}]}
      """
    ).deviations()
    #expect(deviations.filter { !$0.holds }.map(\.name) == ["mean_rank/1/average/ranks/1"])
    #expect(deviations.count > 20)
  }

  @Test("that are too few do not pass")
  func tooFew() throws {
    let deviations = try references(
      """
      {"delta": [{"name": "short", "tasks": [["a", "b"]], "higher_is_better": [true, true], "baseline": [1, 1],
        "result": [1, 1], "expected": {"per_metric": [0], "metric_level": 0, "task_level": 0,
        "libmtl_improvement": 0}}]}
      """
    ).deviations()
    #expect(deviations.filter { !$0.holds }.map(\.name) == ["delta/short/per_metric/count"])
  }

  private func references(_ text: String) throws -> MetricReferences {
    let file = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    return try MetricReferences(contentsOf: file.path(percentEncoded: false))
  }

  private func refusal(_ text: String) -> String? {
    #expect(throws: FileFault.self) { _ = try references(text) }?.reason
  }
}
