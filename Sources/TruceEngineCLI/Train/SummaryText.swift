import TruceRun
import TruceShell

/// A run's summary for people.
enum SummaryText {
  static func text(of summary: RunSummary, folder: String) -> String {
    var lines = summary.metrics.map { metric in
      let value = NumberText.fixed(metric.value, 4)
      return "  \(metric.split)  \(metric.task)  \(metric.name)  \(value)"
    }
    if let share = summary.conflictShare {
      let steps = summary.conflictSteps.map { ", over \(Counted.text($0, "step"))" } ?? ""
      lines.append("  conflicting task pairs  \(NumberText.fixed(share * 100, 1)) %\(steps)")
    }
    if let step = summary.secondsPerStep {
      lines.append("  \(NumberText.fixed(step * 1000, 1)) ms a step, \(Counted.text(summary.steps, "step"))")
    }
    return
      ([
        "\(summary.status.rawValue) after \(Counted.text(summary.epochs, "epoch")); everything is in \(folder)"
      ] + lines)
      .joined(separator: "\n") + "\n"
  }
}
