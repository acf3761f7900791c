import TruceRun
import TruceStudy

/// Two studies side by side: what each setup reaches in the one and in the other.
public struct StudyComparison: Sendable {
  /// The tables, one for each problem that both studies have.
  public let tables: [Table]
  /// What a reader must know, one sentence each.
  public let notes: [String]

  /// Compares two reports.
  public init(_ left: StudyReport, _ right: StudyReport) {
    let names = Self.names(left.study.name, right.study.name)
    var tables: [Table] = []
    var notes: [String] = []
    for problem in left.problems {
      guard let other = right.problems.first(where: { $0.results.problem == problem.results.problem }) else {
        notes.append("\(names.right) has no runs on \(problem.results.problem).")
        continue
      }
      tables.append(Self.table(problem.results, other.results, names, isFirst: tables.isEmpty))
      notes += Self.notes(problem.results, other.results, names)
    }
    for problem in right.problems
    where !left.problems.contains(where: { $0.results.problem == problem.results.problem }) {
      notes.append("\(names.left) has no runs on \(problem.results.problem).")
    }
    self.tables = tables
    self.notes = notes
  }

  /// Studies of one name are told apart by their order.
  private static func names(_ left: String, _ right: String) -> (left: String, right: String) {
    left == right ? ("\(left) (A)", "\(right) (B)") : (left, right)
  }

  private static func table(
    _ left: StudyResults, _ right: StudyResults, _ names: (left: String, right: String), isFirst: Bool
  ) -> Table {
    let metrics = left.metrics.filter(right.metrics.contains)
    let columns =
      [
        Table.Column("method"), .init("optimizer"), .init("study"), .learningRate,
        .init("seeds", decimals: 0),
      ]
      + metrics.map { Table.Column($0.title, .init(higherIsBetter: $0.higherIsBetter)) }
    let (mine, others) = (left.bestConfigurations(), right.bestConfigurations())
    var setups = mine.map(\.variant.setup)
    setups += others.map(\.variant.setup).filter { !setups.contains($0) }
    let rows = setups.flatMap { setup in
      [(names.left, left, mine), (names.right, right, others)].compactMap { name, results, best in
        best.first { $0.variant.setup == setup }.map { row(of: $0, in: name, results, metrics) }
      }
    }
    return Table(
      id: isFirst ? "comparison" : "comparison-\(left.problem)", title: "\(names.left) beside \(names.right)",
      caption: """
        \(left.problem): mean ± standard deviation over the seeds on the \(left.split) data, at the best learning rate of \
        each method and optimizer.\(conditionWords(left, right))\(Table.explanationOfMarks)
        """, columns: columns, rows: rows)
  }

  /// Under which conditions agents were tried and what counts, as a sentence; empty where none were.
  private static func conditionWords(_ left: StudyResults, _ right: StudyResults) -> String {
    let words = TrialConditions.text(of: left.records + right.records)
    let rules = [left, right].map { SetupFacts($0).rule }
    let rule = rules[0] == rules[1] ? rules[0] : rules.joined(separator: ", and in the other ")
    return words.isEmpty ? "" : " Measured with \(words). What counts is \(rule)."
  }

  private static func row(
    of configuration: BestConfiguration, in study: String, _ results: StudyResults, _ metrics: [MetricColumn]
  ) -> Table.Row {
    let cells = metrics.map { metric -> Table.Cell in
      let summary = results.metrics.firstIndex(of: metric).map { configuration.metrics[$0] }
      return .optional(summary?.mean, deviation: summary?.standardDeviation)
    }
    let variant = configuration.variant
    return Table.Row(
      [
        .text(variant.method), .text(variant.optimizer), .text(study), .number(variant.learningRate),
        .number(Double(configuration.runs.count)),
      ] + cells)
  }

  private static func notes(
    _ left: StudyResults, _ right: StudyResults, _ names: (left: String, right: String)
  ) -> [String] {
    let settings = [left, right].map { results in
      Dictionary(SetupFacts(results).commonSettings.map { ($0.key, $0.value) }) { first, _ in first }
    }
    let keys = Set(settings[0].keys).union(settings[1].keys).sorted()
    let changes = keys.filter { settings[0][$0] != settings[1][$0] }.map { key in
      "\(key): \(settings[0][key] ?? "varied") in \(names.left), \(settings[1][key] ?? "varied") in \(names.right)"
    }
    let missing = left.metrics.filter { !right.metrics.contains($0) }.map(\.title)
    return changes
      + (missing.isEmpty ? [] : ["\(names.right) does not measure \(Words.list(missing))."])
      + (left.split == right.split
        ? [] : ["The studies report different splits: \(left.split) and \(right.split)."])
  }
}
