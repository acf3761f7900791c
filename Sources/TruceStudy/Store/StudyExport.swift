import Foundation
import TruceRun

/// All results of a study as flat rows, for other programs.
public struct StudyExport: Sendable {
  /// What the rows are.
  public enum Content: String, Sendable, CaseIterable {
    /// One row for each run and metric.
    case metrics
    /// One row for each point of a curve at the end of an epoch.
    case curves
  }

  private let header: [String]
  private let rows: [[Field]]

  /// What a row holds.
  private enum Field {
    case text(String)
    case number(Double)
    case none
  }

  /// Reads the rows from an index.
  ///
  /// - Throws: ``StudyError/store(path:reason:)``.
  public init(_ content: Content, of store: StudyStore) throws(StudyError) {
    let runs = try store.runs()
    switch content {
    case .metrics:
      header = Self.runHeader + ["split", "task", "metric", "value", "higher_is_better"]
      rows = runs.flatMap(Self.metricRows)
    case .curves:
      header = Self.runHeader + ["key", "epoch", "step", "at_seconds", "value"]
      var rows: [[Field]] = []
      for run in runs { rows += Self.curveRows(run, try store.curves(of: run.key, level: .epoch)) }
      self.rows = rows
    }
  }

  private static let runHeader = [
    "cell", "seed", "state", "reason", "baseline_task", "problem", "method", "method_name", "optimizer",
    "learning_rate", "epochs", "steps", "seconds", "seconds_per_step", "conflict_share",
  ]

  private static func runFields(_ run: StudyRun) -> [Field] {
    let task: Field = if case .baseline(let task) = run.cell.role { .text(task) } else { .none }
    let configuration = run.cell.configuration
    return [
      .text(run.cell.id), .number(Double(run.seed)), .text(run.state), run.reason.map(Field.text) ?? .none,
      task, .text(configuration.problem), .text(run.cell.method), .text(configuration.method),
      .text(run.cell.optimizer), .number(configuration.learningRate), .number(Double(run.epochs)),
      .number(Double(run.steps)), .number(run.seconds), run.secondsPerStep.map(Field.number) ?? .none,
      run.conflictShare.map(Field.number) ?? .none,
    ]
  }

  private static func metricRows(_ run: StudyRun) -> [[Field]] {
    let fields = runFields(run)
    guard !run.metrics.isEmpty else { return [fields + [Field](repeating: .none, count: 5)] }
    return run.metrics.map { metric in
      fields + [
        .text(metric.split), .text(metric.task), .text(metric.name), .number(metric.value),
        .number(metric.higherIsBetter ? 1 : 0),
      ]
    }
  }

  private static func curveRows(_ run: StudyRun, _ curves: [String: [CurvePoint]]) -> [[Field]] {
    let fields = runFields(run)
    return curves.sorted { $0.key < $1.key }.flatMap { key, points in
      points.map { point in
        fields + [
          .text(key), .number(Double(point.epoch)), .number(Double(point.step)), .number(point.seconds),
          .number(point.value),
        ]
      }
    }
  }

  // MARK: Formats

  /// The rows as comma-separated values with a header, as RFC 4180 has them.
  public var csv: String {
    let lines = [header.map(Self.quoted)] + rows.map { $0.map(Self.csvText) }
    return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  /// The rows as a JSON list of objects; what is not there is left out, and numbers JSON lacks are words.
  public var json: String {
    let objects = rows.map { row in
      let pairs = zip(header, row).compactMap { key, field in Self.jsonText(field).map { "\"\(key)\": \($0)" }
      }
      return "  {" + pairs.joined(separator: ", ") + "}"
    }
    return "[\n" + objects.joined(separator: ",\n") + "\n]\n"
  }

  private static func csvText(_ field: Field) -> String {
    switch field {
    case .text(let text): quoted(text)
    case .number(let value): NumberText.exact(value)
    case .none: ""
    }
  }

  private static func quoted(_ text: String) -> String {
    let needsQuotes = text.contains { ",\"\n\r".contains($0) }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  private static func jsonText(_ field: Field) -> String? {
    switch field {
    case .text(let text): StudyStore.text(text)
    case .number(let value) where value.isFinite: NumberText.exact(value)
    case .number(let value): "\"\(value)\""
    case .none: nil
    }
  }
}
