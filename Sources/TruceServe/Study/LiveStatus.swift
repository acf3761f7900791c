import Foundation
import TruceRun
import TruceStudy

/// How a study stands, as the strip at the top of its page shows it: the content of `status.json`.
struct LiveStatus: Codable, Equatable, Sendable {
  /// A run at which a worker is.
  struct Active: Codable, Equatable, Sendable {
    /// The run in words.
    let title: String
    /// The share of its steps that is done, where that is known.
    let fraction: Double?
    /// Where it is and how long it still takes, in words.
    let progress: String
  }

  /// A run without a result.
  struct Problem: Codable, Equatable, Sendable {
    /// The run in words.
    let title: String
    /// The state in one word.
    let state: String
    /// Why.
    let reason: String?
  }

  /// What the page must show; another one asks for another page.
  let revision: String
  /// The number of runs.
  let total: Int
  /// The number of runs for which nothing remains to be done, failed ones among them.
  let settled: Int
  /// The numbers of runs and the time that is left, in words.
  let summary: String
  /// The runs at work.
  let active: [Active]
  /// The runs that failed, diverged or were called off.
  let problems: [Problem]
  /// Why the page may be behind the folders.
  let warning: String?

  /// Tells how a study stood at the last look.
  init(_ watch: StudyWatch, revision: String, warning: String? = nil) {
    self.revision = revision
    self.warning = warning
    let runs = watch.plan.runs.compactMap { key in
      watch.runs[key].map { (title: Self.title(of: key, in: watch.plan), run: $0) }
    }
    total = runs.count
    let left = RemainingTime(runs.map(\.run))
    active = runs.filter { $0.run.state == .running }.map { Self.active($0.title, $0.run, left) }
    problems = runs.filter { Self.isProblem($0.run.state) }.map {
      Problem(title: $0.title, state: $0.run.state.word, reason: $0.run.state.reason)
    }
    let finished = runs.count { $0.run.state == .finished }
    settled = finished + problems.count
    summary = Self.summary(
      runs.map(\.run.state), settled: settled, isCancelled: watch.isCancelled, secondsLeft: left.ofStudy)
  }

  // MARK: Words

  private static func title(of key: RunKey, in plan: StudyPlan) -> String {
    guard let cell = plan.cell(key.cell) else { return key.description }
    return cell.seeds.count > 1 ? "\(cell.title), seed \(key.seed)" : cell.title
  }

  private static func active(_ title: String, _ run: StudyWatch.Run, _ left: RemainingTime) -> Active {
    guard let position = run.position else {
      return Active(title: title, fraction: nil, progress: "preparing")
    }
    var progress = "epoch \(position.epoch + 1), step \(position.step)"
    if let seconds = left.of(run) { progress += ", about \(DurationText.about(seconds)) left" }
    return Active(title: title, fraction: position.fraction, progress: progress)
  }

  private static func isProblem(_ state: RunState) -> Bool {
    switch state {
    case .failed, .diverged, .cancelled, .damaged: true
    case .pending, .running, .interrupted, .finished: false
    }
  }

  private static func summary(
    _ states: [RunState], settled: Int, isCancelled: Bool, secondsLeft: Double?
  ) -> String {
    var parts = ["\(settled) of \(states.count) \(states.count == 1 ? "run" : "runs") done"]
    for word in ["failed", "diverged", "damaged", "cancelled", "running", "interrupted"] {
      let count = states.count { $0.word == word }
      if count > 0 { parts.append("\(count) \(word)") }
    }
    if isCancelled {
      parts.append("called off")
    } else if settled < states.count {
      parts.append(
        states.contains(.running)
          ? secondsLeft.map { "about \(DurationText.about($0)) left" } ?? "" : "nobody is at work")
    }
    return parts.filter { !$0.isEmpty }.joined(separator: ", ")
  }

  // MARK: JSON

  enum CodingKeys: String, CodingKey {
    case revision, total, settled, summary, active, problems, warning
  }

  /// The document.
  var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts and finite numbers always encode.
    return (try? encoder.encode(self)).map(Array.init) ?? []
  }
}

/// Estimates how long a study still takes, from the folders of its runs alone: the server is not the runner.
struct RemainingTime {
  private let mean: Double?
  private let active: [StudyWatch.Run]
  private let waiting: Int

  /// Takes the runs of a study.
  init(_ runs: [StudyWatch.Run]) {
    let seconds = runs.filter { $0.state == .finished }.compactMap(\.seconds)
    mean = seconds.isEmpty ? nil : seconds.reduce(0, +) / Double(seconds.count)
    active = runs.filter { $0.state == .running }
    waiting = runs.count { $0.state == .pending || $0.state == .interrupted }
  }

  /// Seconds until a run ends: by its own pace, else as long as the finished ones took.
  func of(_ run: StudyWatch.Run) -> Double? {
    let seconds = run.position?.seconds ?? 0
    if let fraction = run.position?.fraction, fraction > 0.01 { return seconds * (1 - fraction) / fraction }
    return mean.map { max(0, $0 - seconds) }
  }

  /// Seconds until all runs end, with as many at work as now.
  var ofStudy: Double? {
    let lefts = active.compactMap(of)
    guard !active.isEmpty, lefts.count == active.count else { return nil }
    guard let queued = waiting == 0 ? 0 : mean.map({ $0 * Double(waiting) }) else { return nil }
    return max(lefts.max() ?? 0, (lefts.reduce(0, +) + queued) / Double(active.count))
  }
}
