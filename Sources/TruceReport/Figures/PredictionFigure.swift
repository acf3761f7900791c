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
    let recorded = RecordedPredictions(material)
    let grids = material.predictions + recorded.grids
    let gaps = recorded.gaps
    guard !grids.isEmpty else {
      throw Absence(gaps.isEmpty ? nil : "There is no figure of predictions. \(gaps.joined(separator: " "))")
    }
    return [
      Figure(
        id: "predictions", title: "Predictions",
        caption: (description(of: grids) + gaps).joined(separator: " "),
        choice: "task", views: grids.map { .init($0.name, chart: $0.chart) })
    ]
  }

  /// What the grids show, in sentences.
  private static func description(of grids: [PredictionGrid]) -> [String] {
    let rows = grids.flatMap(\.chart.rows)
    let hasMarks = rows.contains { row in row.words.contains { $0?.isWrong == true } }
    let hasScale = grids.contains { $0.chart.legend?.scale != nil }
    return [
      "Inputs, labels and predictions of samples that were not trained on.",
      """
      Where runs recorded them, a row is the first seed of a method and optimizer at its best learning rate\
      \(hasMarks ? ", and wrong answers are marked ✗" : "").
      """,
      hasScale
        ? """
        The colors of numbers span the ground truth of the pictures shown; predictions beyond have the color of the end.
        """ : nil,
    ].compactMap { $0 }
  }
}
