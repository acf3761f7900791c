import TruceRun
import TruceStudy

/// Each method against equal weighting with the same optimizer, seed by seed.
enum MethodComparisonTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let results = material.results
    guard !results.runs.isEmpty, let reference = material.referenceMethod else { throw .unremarkable }
    let comparisons = results.comparisons(toMethod: reference)
    guard !comparisons.rows.isEmpty else { throw .unremarkable }
    guard comparisons.rows.contains(where: { $0.differences.count > 1 }) else {
      throw Absence("Differences between methods cannot be tested because no two of them share two seeds.")
    }
    return [
      comparisons.table(
        id: "method-tests", title: "Each method against \(reference)",
        caption: "The difference of a method's score to that of \(reference) with the same optimizer.")
    ]
  }
}

/// Each method with one optimizer against the same method with another, seed by seed.
enum OptimizerComparisonTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let results = material.results
    guard let reference = results.optimizers.first else { throw .unremarkable }
    return results.optimizers.dropFirst().enumerated().compactMap { index, optimizer in
      let comparisons = results.comparisons(of: optimizer, to: reference)
      guard comparisons.rows.contains(where: { $0.differences.count > 1 }) else { return nil }
      return comparisons.table(
        id: "optimizer-tests-\(index + 1)", title: "\(optimizer) against \(reference)",
        caption: "The difference of a method's score with \(optimizer) to its score with \(reference).")
    }
  }
}

extension ReportMaterial {
  /// Equal weighting where the study has it, else the first method; nil where there is one method only.
  var referenceMethod: String? {
    let methods = results.methods
    guard methods.count > 1 else { return nil }
    return methods.first { $0 == "EW" } ?? methods.first
  }
}

extension PairedComparisons {
  /// The comparisons as a table of differences and p-values.
  fileprivate func table(id: String, title: String, caption: String) -> Table {
    let columns: [Table.Column] = [
      .init("method"), .init("optimizer"), .init("pairs", decimals: 0),
      .init("difference", decimals: 2, isSigned: true),
      .init("95% from", decimals: 2, isSigned: true), .init("95% to", decimals: 2, isSigned: true),
      .init("t-test p", decimals: 4), .init("corrected p", decimals: 4), .init("Wilcoxon p", decimals: 4),
      .init("corrected Wilcoxon p", decimals: 4),
    ]
    let explanation = """
      \(caption) Runs of equal seed are pairs; below zero is better. The interval is Student's at 95%; \
      p-values are two-tailed, of the paired t-test and of Wilcoxon's exact signed-rank test, and corrected for \
      \(Counted.text(rows.count, "comparison")) by \(correction.title). With so few seeds the t-test leans on normality, and Wilcoxon's \
      test cannot go below \(smallestPValue).
      """
    return Table(
      id: id, title: title, caption: explanation, columns: columns, rows: rows.map { Self.row(of: $0) })
  }

  private var smallestPValue: String {
    let most = rows.map(\.differences.count).max() ?? 0
    return NumberText.plain(WilcoxonSignedRank.smallestPValue(count: most))
  }

  private static func row(of row: Row) -> Table.Row {
    let interval = row.difference?.confidenceInterval()
    return Table.Row([
      .text(row.configuration.variant.method), .text(row.configuration.variant.optimizer),
      .number(Double(row.differences.count)),
      .optional(row.difference?.mean, deviation: row.difference?.standardDeviation),
      .optional(interval?.lowerBound), .optional(interval?.upperBound), .optional(row.tTest?.pValue),
      .optional(row.adjustedPValue), .optional(row.wilcoxon?.pValue), .optional(row.adjustedWilcoxonPValue),
    ])
  }
}
