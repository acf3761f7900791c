import TruceRun

/// What a runner tells, in words.
struct RunnerText {
  private let titles: [RunKey: String]

  init(_ plan: StudyPlan) {
    let cells = Dictionary(uniqueKeysWithValues: plan.cells.map { ($0.id, $0) })
    let pairs = plan.runs.compactMap { key in
      cells[key.cell].map { cell in
        (key, cell.seeds.count > 1 ? "\(cell.title), seed \(key.seed)" : cell.title)
      }
    }
    titles = Dictionary(uniqueKeysWithValues: pairs)
  }

  func title(of key: RunKey) -> String { titles[key] ?? key.description }

  /// The event as a line, and whether it is a problem.
  func line(for event: RunnerEvent) -> (text: String, isProblem: Bool) {
    switch event {
    case .started(let key, let isResuming):
      return ("\(isResuming ? "continued" : "started") \(title(of: key))", false)
    case .ended(let key, let state, let seconds):
      let reason = state.reason.map { ": \($0)" } ?? ""
      let text = "\(state.word) \(title(of: key)) after \(DurationText.clock(seconds))\(reason)"
      return (text, state != .finished && state != .interrupted)
    case .retrying(let key, let reason): return ("trying again: \(title(of: key)): \(reason)", true)
    case .waiting(let runs):
      return ("waiting for \(runs) run\(runs == 1 ? "" : "s") at which other workers still are", false)
    case .stopping(let reason): return (Self.text(for: reason), true)
    case .observedOtherwise(let runs, let keys):
      return (
        "\(runs) settled run\(runs == 1 ? " keeps" : "s keep") what was observed before "
          + "\(keys.joined(separator: ", ")) changed; remove a run's folder to have it run again", true
      )
    case .indexBehind(let reason): return ("the index is behind the runs' folders: \(reason)", true)
    }
  }

  private static func text(for reason: StopReason) -> String {
    switch reason {
    case .interrupted: "asked to stop: waiting for the workers' checkpoints"
    case .cancelled: "the study was cancelled: waiting for the workers' checkpoints"
    case .budget: "the time budget is used up: no further run is started"
    case .failure(let error): "no further run is started: \(error)"
    }
  }

  /// How the study stands, in one line.
  func summary(of progress: StudyProgress) -> String {
    var parts = ["\(progress.settled) of \(Counted.text(progress.total, "run")) done"]
    if progress.failed > 0 { parts.append("\(progress.failed) failed") }
    if progress.diverged > 0 { parts.append("\(progress.diverged) diverged") }
    if !progress.active.isEmpty { parts.append("\(progress.active.count) running") }
    if let left = progress.secondsLeft, left > 0 { parts.append("about \(DurationText.about(left)) left") }
    return parts.joined(separator: ", ")
  }
}
