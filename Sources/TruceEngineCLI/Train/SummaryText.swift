import Foundation
import TruceRun

/// A run's summary for people.
enum SummaryText {
  static func text(of summary: RunSummary, folder: String) -> String {
    var lines = summary.metrics.map { metric in
      let value = String(format: "%.4f", metric.value)
      return "  \(metric.split)  \(metric.task)  \(metric.name)  \(value)"
    }
    if let share = summary.conflictShare {
      let steps = summary.conflictSteps.map { ", over \($0) steps" } ?? ""
      lines.append("  conflicting task pairs  \(String(format: "%.1f", share * 100)) %\(steps)")
    }
    if let step = summary.secondsPerStep {
      lines.append("  \(String(format: "%.1f", step * 1000)) ms a step, \(summary.steps) steps")
    }
    return (["\(summary.status.rawValue) after \(summary.epochs) epochs; everything is in \(folder)"] + lines)
      .joined(separator: "\n") + "\n"
  }
}
