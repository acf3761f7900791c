import Foundation
import Testing
import TruceRun
import TruceRunTestSupport
import TruceStudy

@testable import TruceReport

@Suite("How figures are drawn")
struct FigureStyleTests {
  @Test func aMethodHasOneColorWhateverTheStudy() throws {
    let wide = ReportFixture.material { $0.methods = ["ew", "uw", "rlw", "cagrad"] }
    let narrow = ReportFixture.material { $0.methods = ["cagrad", "ew"] }
    for method in ["EW", "CAGrad"] {
      #expect(
        wide.style(method: method, optimizer: "Adam").color
          == narrow.style(method: method, optimizer: "Adam").color)
    }
    #expect(SeriesStyle(method: "EW").color == "#2f7ed8")
    let others = ["DWA", "GradNorm", "STCH", "GLS", "CAGrad c=0.2", "CAGrad c=0.4"].map {
      SeriesStyle(method: $0).color
    }
    #expect(Set(others).count == others.count)
    #expect(others.allSatisfy { $0.wholeMatch(of: /#[0-9a-f]{6}/) != nil })
  }

  @Test func everyFigureColorsMethodsAlike() throws {
    let report = ReportFixture.full { $0.methods = ["uw", "cagrad"] }
    let color = SeriesStyle(method: "CAGrad").color
    for id in ["optimizer-slopes", "learning-rates", "learning-curves", "training-time"] {
      let figure = try #require(report.figures.first { $0.id == id })
      let entries = figure.views[0].chart.plot?.legend.filter { $0.name.contains("CAGrad") } ?? []
      #expect(!entries.isEmpty && entries.allSatisfy { $0.style.color == color }, "\(id)")
    }
    let parallel = try #require(report.figures.first { $0.id == "parallel-coordinates" })
    #expect(parallel.views[1].chart.plot?.legend.map(\.style.color).contains(color) == true)
  }

  @Test func linesOfReferenceAreNamedInTheLegend() throws {
    var chart = LineChart(
      xAxis: Axis("x"), yAxis: Axis("y"),
      series: [.init("a", style: SeriesStyle(color: 0), x: [0, 1], y: [0, 1])])
    chart.levels = [(name: "single-task", value: 0.5)]
    let plot = try #require(chart.plot)
    #expect(plot.legend.map(\.name) == ["a", "single-task"])
    #expect(plot.layout["annotations"] == nil && plot.layout["shapes"] != nil)
    // The drawing's only text of that name is the legend's, below the axes.
    let places = chart.svg.text.matches(of: /<text [^>]*y="([0-9.]+)"[^>]*>single-task</)
    #expect(places.count == 1 && places.allSatisfy { (Double($0.1) ?? 0) > 344 })
  }

  @Test func curvesThatCoincideAreAllSeen() throws {
    let same = ["a", "b", "c"].map { name in
      LineChart.Series(name, style: SeriesStyle(method: name), x: [0, 1], y: [0, 1])
    }
    let other = LineChart.Series("d", style: SeriesStyle(color: 3), x: [0, 1], y: [1, 0])
    let chart = LineChart(xAxis: Axis("x"), yAxis: Axis("y"), series: same + [other])
    let widths = try #require(chart.plot).traces.map { trace -> Double? in
      guard case .object(let entries) = trace, case .object(let line)? = entries["line"],
        case .number(let width)? = line["width"]
      else { return nil }
      return width
    }
    #expect(widths == [9, 5.5, 2, 2])
    #expect(coveringCounts(0) { _, _ in true }.isEmpty)
  }

  @Test func pointsHaveNoTextsThatCouldMeet() throws {
    let figure = try #require(ReportFixture.full().figures.first { $0.id == "training-time" })
    let plot = try #require(figure.views[0].chart.plot)
    #expect(plot.traces.allSatisfy { $0.text().contains("\"mode\":\"markers\"") })
    #expect(Set(plot.legend.compactMap(\.symbol)).count == 2, "one shape for each optimizer")
  }

  @Test func titlesOfAxesArePartedNearTheirMiddle() {
    #expect(
      ParallelChart.Axis("segmentation pixel accuracy", bottom: 0, top: 1).lines == [
        "segmentation", "pixel accuracy",
      ])
    #expect(ParallelChart.Axis("loss", bottom: 2, top: 0.5).lines == ["loss"])
    #expect(ParallelChart.Axis("loss", bottom: 2, top: 0.5).ends == "2.000 – 0.500")
  }

  @Test func manyLearningCurvesAreSmallMultiples() throws {
    let many = ["ew", "uw", "rlw", "dwa", "gls", "pcgrad", "cagrad"]
    let report = ReportFixture.full { $0.methods = many }
    let figure = try #require(report.figures.first { $0.id == "learning-curves" })
    let chart = try #require(figure.views[0].chart as? MultiplesChart)
    #expect(chart.panels.count == 7 && chart.panels.allSatisfy { $0.series.count == 2 })
    let plot = try #require(chart.plot)
    #expect(plot.layout["xaxis7"] != nil && plot.layout["yaxis7"] != nil && plot.layout["xaxis8"] == nil)
    let few = ReportFixture.full { $0.methods = ["ew", "uw"] }
    #expect(few.figures.first { $0.id == "learning-curves" }?.views[0].chart is LineChart)
  }

  @Test func picturesAreInThePageInItsOwnColors() throws {
    let page = try #require(ReportFixture.full().files["index.html"])
    #expect(page.contains("<div class=\"drawing\" data-view=\"0\"") && page.contains("fill=\"currentColor\""))
    #expect(!page.contains("<rect width=\"348\" height=\"150\" fill=\"#ffffff\""))
  }
}

@Suite("Curves within epochs")
struct StepCurveTests {
  @Test func theyAreThinnedWithTheirRange() throws {
    let points = (1...1000).map { step in
      CurvePoint(epoch: 0, step: step, seconds: 1, value: step.isMultiple(of: 2) ? 1 : 3)
    }
    let series = try #require(StepCurveFigure.thinned(points, name: "left"))
    #expect(series.x.count == 100 && series.x.first == 5.5 && series.x.last == 995.5)
    #expect(series.y.allSatisfy { $0 == 2 })
    #expect(
      series.band?.low.allSatisfy { $0 == 1 } == true && series.band?.high.allSatisfy { $0 == 3 } == true)
    #expect(StepCurveFigure.thinned([points[0]], name: "left") == nil)
  }

  /// Runs with what they recorded within epochs.
  private func stepping(_ methods: [String], seeds: [Int] = [0]) -> [RunRecord] {
    let curve = (1...200).map { CurvePoint(epoch: 0, step: $0, seconds: 1, value: 1 / Double($0)) }
    let keys = [
      MetricKey.loss("left", split: "train"), MetricKey.loss("right", split: "train"),
      MetricKey.weight("left"), SimilarityKey(.cosine, tasks: "left", "right", sample: 0).text,
    ]
    return methods.flatMap { method in
      seeds.map { seed in
        RecordBuilder().record(method, seed: seed, epochs: [[0.5, 0.5]]).replacing(
          stepCurves: Dictionary(uniqueKeysWithValues: keys.map { ($0, curve) }))
      }
    }
  }

  @Test func everyRunHasAPanelOfItsOwn() throws {
    let report = ReportFixture.report(of: stepping(["ew", "uw"], seeds: [0, 1]))
    let figure = try #require(report.figures.first { $0.id == "run-step-curves" })
    #expect(
      figure.views.map(\.name)
        == ["EW", "UW"].flatMap { name in
          ["losses", "weights", "cosines"].map { "\(name): \($0)" }
        })
    let chart = try #require(figure.views[0].chart as? MultiplesChart)
    #expect(chart.panels.map(\.title) == ["lr 0.001, seed 0", "lr 0.001, seed 1"])
    let series = try #require(chart.panels[0].series.first)
    #expect(series.name == "left" && series.x.count == StepCurveFigure.mostPointsOfRun)
    let band = try #require(series.band)
    #expect(
      zip(band.low, series.y).allSatisfy { $0 <= $1 } && zip(series.y, band.high).allSatisfy { $0 <= $1 })
    #expect(report.files["data/run-step-curves-1.csv"] != nil)
    // With one run a method the best configurations show them all.
    let single = ReportFixture.report(of: stepping(["ew", "uw"]))
    #expect(!single.figures.contains { $0.id == "run-step-curves" })
    // Of many methods only the losses, and the caption says so.
    let many = ReportFixture.report(
      of: stepping(
        ["ew", "uw", "rlw", "mgda", "pcgrad", "cagrad", "nash-mtl", "imtl-g", "upgrad"], seeds: [0, 1]))
    let short = try #require(many.figures.first { $0.id == "run-step-curves" })
    #expect(short.views.count == 9 && short.caption.contains("for fewer methods only"))
  }

  @Test func lossesWeightsAndCosinesHaveAPanelForEachSetup() throws {
    let report = ReportFixture.report(of: stepping(["ew", "uw"]))
    let figure = try #require(report.figures.first { $0.id == "step-curves" })
    #expect(figure.views.map(\.name) == ["losses", "weights", "cosines"])
    let charts = figure.views.compactMap { $0.chart as? MultiplesChart }
    #expect(charts.map { $0.panels.map(\.title) } == Array(repeating: ["EW", "UW"], count: 3))
    #expect(
      charts.map { $0.panels[0].series.map(\.name) } == [["left", "right"], ["left"], ["left – right"]])
  }
}
