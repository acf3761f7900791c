import TruceRun

/// Tells a runner's events line by line, for logs and pipes.
public final class LineReporter: RunnerObserver {
  private let text: RunnerText
  private let interval: Double
  private let write: (String) -> Void
  private var elapsed = 0.0
  private var nextSummary: Double

  /// Creates a reporter.
  ///
  /// - Parameters:
  ///   - plan: The study's plan.
  ///   - interval: Seconds between two lines that say how the study stands.
  ///   - write: Writes a line, without its line break.
  public init(_ plan: StudyPlan, interval: Double = 30, write: @escaping (String) -> Void) {
    text = RunnerText(plan)
    self.interval = interval
    self.write = write
    nextSummary = interval
  }

  /// Writes the event as a line.
  public func handle(_ event: RunnerEvent) {
    writeLine(text.line(for: event).text)
  }

  /// Writes how the study stands, from time to time.
  public func show(_ progress: StudyProgress) {
    elapsed = progress.elapsed
    guard elapsed >= nextSummary else { return }
    nextSummary = elapsed + interval
    writeLine(text.summary(of: progress))
  }

  private func writeLine(_ line: String) { write("[\(DurationText.clock(elapsed))] \(line)") }
}
