/// A surface of a small problem with the paths of methods across it.
public struct ToyPanel: Sendable {
  /// What the panel shows, such as "mean loss"; the name of its button.
  public var name: String
  /// The contours and paths.
  public var chart: ContourChart

  /// Creates a panel.
  public init(_ name: String, chart: ContourChart) {
    self.name = name
    self.chart = chart
  }
}

/// Contours of the toy problem with the methods' trajectories.
enum ToyFigure: FigureKind {
  static func figures(of material: ReportMaterial) throws(Absence) -> [Figure] {
    guard !material.toys.isEmpty else { throw .unremarkable }
    return [
      Figure(
        id: "toy", title: "Trajectories on the toy problem",
        caption: """
          Shades are the height of the loss. A path begins at a circle and ends at a square; the star is the optimum. \
          Paths that end elsewhere are stuck or have left the map.
          """, choice: "panel", views: material.toys.map { .init($0.name, chart: $0.chart) })
    ]
  }
}
