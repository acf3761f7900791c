import Foundation
import TruceStudy

/// Whether each method with each optimizer notices that the losses are scaled.
enum InvarianceTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let comparisons = try material.lossScaleComparisons()
    var seen: Set<String> = []
    // A frozen backbone has no row of its own, so the parts of the others come first.
    let parts = comparisons.sorted { $0.parts.count > $1.parts.count }
      .flatMap(\.parts).map(\.name).filter { seen.insert($0).inserted }
    let columns =
      [Table.Column("backbone"), .init("method"), .init("optimizer"), .init("scales"), .init("verdict")]
      + parts.map { Table.Column("\($0): largest difference", isPlain: true) }
      + parts.map { Table.Column("\($0): first step's size ratio", isPlain: true) }
    return [
      Table(
        id: "loss-scale-invariance", title: "Invariance to the losses' scales",
        caption: """
          Each row compares a run whose losses are multiplied by the scales with the same run without. The difference is \
          the largest over all recorded steps of ‖u′ − u‖ / ‖u‖ between their parameter updates; up to \
          \(NumberText.plain(LossScaleInvariance.threshold)) the training is invariant. The size ratio is ‖u′‖ / ‖u‖ in \
          the first recorded step.
          """, columns: columns, rows: comparisons.map { row(of: $0, parts: parts) })
    ]
  }

  private static func row(of comparison: LossScaleInvariance.Comparison, parts: [String]) -> Table.Row {
    let mine = parts.map { name in comparison.parts.first { $0.name == name } }
    return Table.Row(
      [
        .text(comparison.isFrozen ? "frozen" : "free"), .text(comparison.variant.method),
        .text(comparison.variant.optimizer), .text(text(of: comparison.scales)),
        .text(comparison.verdict.rawValue),
      ]
        + mine.map { .optional($0.map { rounded($0.largest) }) }
        + mine.map { .optional($0.map { rounded($0.sizeRatio) }) })
  }

  /// The scales of the tasks, in their order.
  static func text(of scales: [Double]) -> String {
    scales.map(NumberText.plain).joined(separator: ", ")
  }

  /// A difference as sentences give it.
  static func text(ofDifference value: Double) -> String { NumberText.plain(rounded(value)) }

  /// A number with two significant digits, since more would be noise.
  private static func rounded(_ value: Double) -> Double {
    guard value.isFinite, value != 0 else { return value }
    let unit = pow(10, log10(value.magnitude).rounded(.down) - 1)
    return (value / unit).rounded() * unit
  }
}
