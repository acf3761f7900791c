import TruceRun
import TruceStudy

/// Pictures of inputs, labels and predictions.
public struct PredictionGrid: Sendable {
  /// What the grid shows; the name of its button.
  public var name: String
  /// The pictures.
  public var chart: ImageGridChart

  /// Creates a grid.
  public init(_ name: String, chart: ImageGridChart) {
    self.name = name
    self.chart = chart
  }
}

/// Predictions beside inputs and labels.
enum PredictionFigure: FigureKind {
  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    var damages: [RunError] = []
    let grids = material.predictions + recorded(by: material, &damages)
    guard !grids.isEmpty else {
      throw damages.first.map { Absence("Predictions are not shown: \($0).") } ?? .unremarkable
    }
    let lost = damages.isEmpty ? "" : " Left out, since it cannot be read: \(damages[0])."
    return [
      Figure(
        id: "predictions", title: "Predictions",
        caption: """
          Inputs, labels and predictions of samples that were not trained on. Where runs recorded them, a row is the \
          first seed of a method and optimizer at its best learning rate, and wrong answers are marked ✗.\(lost)
          """, choice: "grid", views: grids.map { .init($0.name, chart: $0.chart) })
    ]
  }

  private typealias Recorded = (name: String, samples: [PredictionRecord.Sample])

  /// A grid for each task from what the best configurations recorded about the same pictures.
  private static func recorded(
    by material: ReportMaterial, _ damages: inout [RunError]
  ) -> [PredictionGrid] {
    var runs: [Recorded] = []
    for configuration in material.results.bestConfigurations() {
      guard let record = configuration.runs.min(by: { $0.seed < $1.seed })?.record else { continue }
      do throws(RunError) {
        guard let predictions = try record.directory.predictions() else { continue }
        runs.append((material.name(of: configuration.variant.setup), predictions.samples))
      } catch {
        damages.append(error)
      }
    }
    guard let first = runs.first else { return [] }
    let alike = runs.filter { $0.samples.map(\.picture) == first.samples.map(\.picture) }
    let tasks = Set(first.samples.flatMap(\.answers.keys)).sorted()
    return tasks.map { PredictionGrid($0, chart: chart(of: $0, alike, pictures: first.samples)) }
  }

  private static func chart(
    of task: String, _ runs: [Recorded], pictures samples: [PredictionRecord.Sample]
  ) -> ImageGridChart {
    let labels = samples.map { sample in
      (sample.answers[task]?.label).map { ImageGridChart.Word($0) }
    }
    let predictions = runs.map { run in
      ImageGridChart.Row(
        run.name,
        words: run.samples.map { sample in
          sample.answers[task].map { .init($0.prediction, isWrong: $0.isWrong) }
        })
    }
    return ImageGridChart(
      columns: samples.indices.map { "\($0 + 1)" },
      rows: [.init("picture", pictures: samples.map(\.picture)), .init("label", words: labels)] + predictions)
  }
}
