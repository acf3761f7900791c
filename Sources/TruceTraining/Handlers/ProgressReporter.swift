import TruceRun
import TruceTorch

/// Shows how training comes along: one line that is redrawn on a terminal, plain lines elsewhere.
public final class ProgressReporter: TrainingHandler {
  private let console: Console
  private let lineInterval: Double
  private var lastShown = -Double.infinity
  private var beginning: RunBeginning?
  private var firstStep = 0
  private var firstSeconds = 0.0

  /// Creates a reporter.
  ///
  /// - Parameters:
  ///   - console: Where lines go.
  ///   - lineInterval: Seconds between two plain lines; a terminal is redrawn ten times a second.
  public init(console: Console, lineInterval: Double = 10) {
    self.console = console
    self.lineInterval = console.isTerminal ? 0.1 : lineInterval
  }

  /// Shows the event if it is time.
  public func handle(_ event: TrainingEvent, of trainer: Trainer) {
    switch event {
    case .began(let beginning, let position):
      self.beginning = beginning
      firstStep = position.step
      firstSeconds = trainer.seconds
    case .stepped(let step): show(step, trainer)
    case .epochEnded(let epoch): show(epoch, trainer)
    case .ended: console.finishLine()
    }
  }

  private func show(_ step: StepEvent, _ trainer: Trainer) {
    guard step.seconds - lastShown >= lineInterval, let beginning else { return }
    lastShown = step.seconds
    let total = trainer.plan.totalSteps(perEpoch: beginning.stepsPerEpoch)
    let rate = Double(step.position.step - firstStep) / max(step.seconds - firstSeconds, 1e-9)
    let left = Double(total - step.position.step) / max(rate, 1e-9)
    let losses = zip(trainer.taskNames, step.report.losses).map { name, loss in
      "\(name) \(loss.map { NumberText.fixed($0, 3) } ?? "–")"
    }
    let share = Double(step.position.step) / Double(max(total, 1))
    console.redraw(
      "\(Text.bar(share, width: 20)) epoch \(step.position.epoch + 1)/\(beginning.epochs)  "
        + "step \(step.position.step)/\(total)  loss \(losses.joined(separator: ", "))  "
        + "\(NumberText.fixed(rate, 1)) steps/s  \(Text.duration(left)) left")
  }

  private func show(_ epoch: EpochEvent, _ trainer: Trainer) {
    let tasks = trainer.problem.tasks.map { task in
      let parts = Self.parts(of: task.name, in: epoch.values)
      return "\(task.name): \(parts.joined(separator: " "))"
    }
    let conflict = epoch.values[MetricKey.conflictShare].map { "  conflict \(NumberText.fixed($0, 2))" }
    console.line(
      "epoch \(epoch.position.epoch)/\(trainer.plan.epochs)  \(tasks.joined(separator: "  "))"
        + "\(conflict ?? "")  \(Text.duration(epoch.seconds))")
  }

  /// What an epoch measured of a task, training loss first.
  private static func parts(of task: String, in values: [String: Double]) -> [String] {
    let mine = values.filter { $0.key.split(separator: "/").dropFirst().first.map(String.init) == task }
    return mine.sorted {
      ($0.key.hasPrefix("train") ? 0 : 1, $0.key) < ($1.key.hasPrefix("train") ? 0 : 1, $1.key)
    }
    .map { key, value in
      let words = key.split(separator: "/")
      return "\(words[0]) \(words[words.count - 1]) \(NumberText.fixed(value, 4))"
    }
  }
}

extension TrainingPlan {
  /// The step at which training ends.
  func totalSteps(perEpoch: Int) -> Int {
    let (whole, isBeyondCounting) = epochs.multipliedReportingOverflow(by: perEpoch)
    return min(isBeyondCounting ? .max : whole, maximumSteps ?? .max)
  }
}
