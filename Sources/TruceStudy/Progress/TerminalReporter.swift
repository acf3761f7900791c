import TruceRun

/// Shows on a terminal how the study stands: a bar for the whole, and one for each run at work.
///
/// The block is drawn in place; problems scroll up above it and stay.
public final class TerminalReporter: RunnerObserver {
  private let text: RunnerText
  private let name: String
  private let width: Int
  private let write: (String) -> Void
  private var drawnLines = 0

  /// Creates a reporter.
  ///
  /// - Parameters:
  ///   - plan: The study's plan.
  ///   - width: The terminal's columns.
  ///   - write: Writes text as it is.
  public init(_ plan: StudyPlan, width: Int, write: @escaping (String) -> Void) {
    text = RunnerText(plan)
    name = plan.file.name
    self.width = max(40, width)
    self.write = write
  }

  /// Writes problems and the ends of runs above the block.
  public func handle(_ event: RunnerEvent) {
    if case .started = event { return }
    let (line, isProblem) = text.line(for: event)
    write(erasure + "\(isProblem ? "!" : " ") \(line)\n")
    drawnLines = 0
  }

  /// Draws the block anew.
  public func show(_ progress: StudyProgress) {
    let lines = [headline(progress)] + progress.active.map(line)
    write(erasure + lines.map { cut($0) + "\n" }.joined())
    drawnLines = lines.count
  }

  private var erasure: String { drawnLines > 0 ? "\u{1B}[\(drawnLines)A\u{1B}[J" : "" }

  private func headline(_ progress: StudyProgress) -> String {
    let share = progress.total > 0 ? Double(progress.settled) / Double(progress.total) : 1
    let clock = DurationText.clock(progress.elapsed)
    return "\(name) \(Self.bar(share, width: 20)) \(text.summary(of: progress)), \(clock) so far"
  }

  private func line(_ run: StudyProgress.Active) -> String {
    var line = "  \(Self.bar(run.position?.fraction ?? 0, width: 10)) \(text.title(of: run.key))"
    if let position = run.position { line += ", epoch \(position.epoch + 1), step \(position.step)" }
    if let left = run.secondsLeft { line += ", \(DurationText.clock(left)) left" }
    return line
  }

  private func cut(_ line: String) -> String {
    line.count < width ? line : line.prefix(width - 2) + "…"
  }

  private static func bar(_ share: Double, width: Int) -> String {
    let filled = Int((min(1, max(0, share)) * Double(width)).rounded(.down))
    return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
  }
}
