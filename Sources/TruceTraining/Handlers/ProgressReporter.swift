import TruceRun
import TruceTasks

/// Shows how training comes along: one line that is redrawn on a terminal, plain lines elsewhere.
public final class ProgressReporter: TrainingHandler {
  private let console: Console
  private let maximumSteps: Int?
  private let lineInterval: Double
  private var lastShown = -Double.infinity
  private var beginning: RunBeginning?
  private var start = TrainingProgress()

  /// Creates a reporter.
  ///
  /// - Parameters:
  ///   - console: Where lines go.
  ///   - maximumSteps: Where training stops before its last epoch; nil for nowhere.
  ///   - lineInterval: Seconds between two plain lines; a terminal is redrawn ten times a second.
  public init(console: Console, maximumSteps: Int? = nil, lineInterval: Double = 10) {
    self.console = console
    self.maximumSteps = maximumSteps
    self.lineInterval = console.isTerminal ? 0.1 : lineInterval
  }

  /// Shows the event if it is time.
  public func handle(_ event: TrainingEvent, at progress: TrainingProgress) {
    switch event {
    case .began(let beginning):
      self.beginning = beginning
      start = progress
    case .stepped(let step): show(step, at: progress)
    case .epochEnded(let epoch): show(epoch, at: progress)
    case .ended: console.finishLine()
    }
  }

  private func show(_ step: StepEvent, at progress: TrainingProgress) {
    guard progress.seconds - lastShown >= lineInterval, let beginning else { return }
    lastShown = progress.seconds
    let (now, total) = (progress.position, beginning.plannedSteps(atMost: maximumSteps))
    let rate = Double(now.step - start.position.step) / max(progress.seconds - start.seconds, 1e-9)
    let left = Double(total - now.step) / max(rate, 1e-9)
    let losses = zip(beginning.tasks, step.step.losses).map { task, loss in
      "\(task.name) \(loss.map { NumberText.fixed($0, 3) } ?? "–")"
    }
    let share = Double(now.step) / Double(max(total, 1))
    console.redraw(
      "\(Text.bar(share, width: 20)) epoch \(now.epoch + 1)/\(beginning.epochs)  "
        + "step \(now.step)/\(total)  loss \(losses.joined(separator: ", "))  "
        + "\(NumberText.fixed(rate, 1)) steps/s  \(DurationText.clock(left)) left")
  }

  private func show(_ epoch: EpochEvent, at progress: TrainingProgress) {
    guard let beginning else { return }
    let tasks = beginning.tasks.map { task in
      "\(task.name): \(Self.parts(of: task.name, in: epoch.values).joined(separator: " "))"
    }
    let conflict = epoch.values[MetricKey.conflictShare].map { "  conflict \(NumberText.fixed($0, 2))" }
    console.line(
      "epoch \(progress.position.epoch)/\(beginning.epochs)  \(tasks.joined(separator: "  "))"
        + "\(conflict ?? "")  \(DurationText.clock(progress.seconds))")
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

extension HandlerEntry {
  /// The line of what is shown as training goes on.
  static let progress = HandlerEntry(name: "progress") { run in
    ProgressReporter(console: run.console, maximumSteps: run.configuration.maxSteps)
  }
}
