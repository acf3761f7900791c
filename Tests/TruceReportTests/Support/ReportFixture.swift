import Foundation
import TruceRun
import TruceRunTestSupport
import TruceStudy

@testable import TruceReport

/// Reports of made-up studies.
enum ReportFixture {
  static let date = Date(timeIntervalSince1970: 1_750_000_000)

  /// A report with every figure and table.
  static func full(_ change: (inout SyntheticStudy) -> Void = { _ in }) -> StudyReport {
    var synthetic = SyntheticStudy()
    synthetic.hasFailures = true
    synthetic.hasSimilarities = true
    change(&synthetic)
    return report(of: synthetic.records, toys: toys, predictions: [predictions, maps])
  }

  static func report(
    of records: [RunRecord], toys: [ToyPanel] = [], predictions: [PredictionGrid] = [],
    published: PublishedTable? = nil, references: ReferenceAnswers? = nil
  ) -> StudyReport {
    let report = try? checkedReport(
      of: records, toys: toys, predictions: predictions, published: published, references: references)
    guard let report else { preconditionFailure("the runs of a fixture are of one condition") }
    return report
  }

  /// A report of runs that may be refused.
  static func checkedReport(
    of records: [RunRecord], toys: [ToyPanel] = [], predictions: [PredictionGrid] = [],
    published: PublishedTable? = nil, references: ReferenceAnswers? = nil
  ) throws -> StudyReport {
    try StudyReport(
      records: records,
      study: StudyDescription(
        name: "Which optimizer, which method?",
        question: """
          Does the choice of optimizer matter more than the choice of multi-task method, and does a method win whatever the \
          optimizer?
          """, notes: ["The numbers of this page are made up by a formula; nothing was trained."],
        commands: [
          "truce study run Studies/example.yaml --output runs/example", "truce study report runs/example",
        ],
        file: "problem: cityscapes\nmethod: [ew, uw]\n"),
      toys: toys, predictions: predictions, published: published, references: references,
      date: date)
  }

  static func material(_ change: (inout SyntheticStudy) -> Void = { _ in }) -> ReportMaterial {
    var synthetic = SyntheticStudy()
    change(&synthetic)
    return ReportMaterial(results: StudyResults(synthetic.records, problem: synthetic.problem))
  }

  /// A bowl with two paths into it.
  static let toys: [ToyPanel] = {
    let x = Array(stride(from: -10.0, through: 10, by: 0.5))
    let y = Array(stride(from: -10.0, through: 10, by: 0.5))
    let heights = y.map { b in x.map { a in 0.1 * a * a + 0.2 * b * b + 2 * cos(a) } }
    let steps = Array(stride(from: 0.0, through: 1, by: 0.02))
    let paths = [("EW", -8.0), ("CAGrad", 8.0)].map { name, start in
      ContourChart.Path(
        name, x: steps.map { start * (1 - $0) }, y: steps.map { 8 * (1 - $0) * (1 - $0) + 0.3 * sin(12 * $0) }
      )
    }
    let chart = ContourChart(
      xAxis: Axis("θ₁"), yAxis: Axis("θ₂"), x: x, y: y, heights: heights, paths: paths,
      marks: [(name: "optimum", x: 0, y: 0)])
    return [ToyPanel("mean loss", chart: chart)]
  }()

  /// A grid of one-pixel pictures.
  static let predictions: PredictionGrid = {
    let red =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
    let picture = "data:image/png;base64,\(red)"
    return PredictionGrid(
      "segmentation",
      chart: ImageGridChart(
        columns: ["input", "label", "prediction"],
        rows: [
          .init("sample 1", pictures: [picture, picture, nil]),
          .init("sample 2", pictures: [picture, nil, picture]),
        ]))
  }()

  /// A picture of four by three pixels, from white to blue, with a black one.
  static let map = """
    data:image/png;base64,\
    iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAAHElEQVR42mP4////4ZMP2ycf9o5dyoDCAQI4BwDsXRbA4X0G\
    rAAAAABJRU5ErkJggg==
    """

  /// How that picture is to be read.
  static let legend = MapLegend(
    entries: [.init(color: "#000000", name: "no ground truth"), .init(color: "#1a1a1a", name: "wall")],
    scale: .init(
      quantity: "depth in metres", colors: ["#ffffff", "#809abf", "#002680"], low: 0.71, high: 5.2))

  /// A grid of maps with their legend.
  static let maps = PredictionGrid(
    "depth",
    chart: ImageGridChart(
      columns: ["1", "2", "3", "4"],
      rows: ["picture", "ground truth", "EW", "CAGrad"].map { .init($0, pictures: [map, map, nil, map]) },
      legend: legend, longestSide: 128))

  /// The plotting library that the set-up fetched; nil where it was not.
  static let plotly: URL? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try? PlotlyLibrary.locate(workingFolder: root, program: nil)
  }()

  /// Writes a report into a fresh folder and hands it over.
  static func withFolder<Value>(_ report: StudyReport, _ use: (URL) throws -> Value) throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "truce-report-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try report.write(to: folder, plotly: plotly)
    return try use(folder)
  }
}
