public import TruceData

/// Says at the end of an epoch where training waited for its data, and which examples could not be read.
public final class LoaderWatch: TrainingHandler {
  private let statistics: () -> LoaderStatistics
  private let console: Console
  private var seconds = 0.0

  /// The share of an epoch from which waiting is worth a word.
  private static let notable = 0.02

  /// Creates a watch.
  ///
  /// - Parameters:
  ///   - console: Where it is said.
  ///   - statistics: What reading the epoch's batches has cost so far.
  public init(on console: Console, of statistics: @escaping () -> LoaderStatistics) {
    self.console = console
    self.statistics = statistics
  }

  /// Adds up the time of the steps, and compares it at the end of an epoch.
  public func handle(_ event: TrainingEvent, at progress: TrainingProgress) {
    switch event {
    case .stepped(let step): seconds += step.seconds
    case .epochEnded:
      report()
      seconds = 0
    case .began, .ended: break
    }
  }

  private func report() {
    let statistics = statistics()
    let share = seconds > 0 ? statistics.waitedSeconds / seconds : 0
    if share > Self.notable {
      let percent = Int((100 * share).rounded())
      console.line(
        "training waited \(percent) % of the epoch for its data: more `workers` may read them faster")
    }
    guard let first = statistics.skipped.first else { return }
    let count = statistics.skipped.count
    let examples = count == 1 ? "1 example was" : "\(count) examples were"
    console.line("\(examples) left out, the first because: \(first.error)")
  }
}

extension HandlerEntry {
  /// The line of the watch over the loader.
  static let loader = HandlerEntry(name: "loader") { run in
    run.supervised.map { learner in LoaderWatch(on: run.console) { learner.loaderStatistics } }
  }
}
