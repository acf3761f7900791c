import Foundation
import TruceRun
import TruceStudy

/// A study's folder as it was when last looked at.
///
/// A look costs little where little has changed: a settled run is one look at the date of its summary.
struct StudyWatch {
  /// How a run stands.
  struct Run {
    /// The state.
    let state: RunState
    /// How far it has come, while it is not settled.
    let position: RunPosition?
    /// Seconds of training, once it is settled.
    let seconds: Double?
    fileprivate let summary: FileStamp?
  }

  /// What a look found.
  enum Change: Equatable {
    /// Nothing that enters the report.
    case none
    /// Runs were settled, or begun anew.
    case runs([RunKey])
    /// The study has another plan.
    case plan
  }

  /// The folder.
  let folder: StudyFolder
  /// The plan.
  private(set) var plan: StudyPlan
  /// The runs of the plan.
  private(set) var runs: [RunKey: Run] = [:]
  /// Whether the study is called off.
  private(set) var isCancelled: Bool
  private var file: FileStamp?

  /// Looks at a folder for the first time.
  ///
  /// - Throws: ``StudyError/noStudy(path:)``, or what is wrong with the study file.
  init(_ folder: StudyFolder) throws {
    self.folder = folder
    file = FileStamp(of: folder.studyFile)
    plan = try folder.plan()
    isCancelled = folder.isCancelled
    _ = lookAtRuns()
  }

  /// Looks again.
  ///
  /// - Throws: What is wrong with the study file, where that was changed.
  mutating func look() throws -> Change {
    isCancelled = folder.isCancelled
    let file = FileStamp(of: folder.studyFile)
    guard file == self.file else {
      let old = plan
      plan = try folder.plan()
      self.file = file
      let runs = lookAtRuns()
      return plan != old ? .plan : runs
    }
    return lookAtRuns()
  }

  private mutating func lookAtRuns() -> Change {
    let before = runs
    runs = Dictionary(uniqueKeysWithValues: plan.runs.map { ($0, look(at: $0, before: before[$0])) })
    let changed = plan.runs.filter { runs[$0]?.summary != before[$0]?.summary }
    return changed.isEmpty ? .none : .runs(changed)
  }

  private func look(at key: RunKey, before: Run?) -> Run {
    let directory = folder.directory(of: key)
    let summary = FileStamp(of: directory.summaryFile)
    if let before, before.state.isSettled, before.summary == summary { return before }
    let state = RunState(of: directory)
    let steps = plan.cell(key.cell)?.configuration.maxSteps
    return Run(
      state: state, position: state.isSettled ? nil : RunPosition(of: directory, maxSteps: steps),
      seconds: state.isSettled ? (try? directory.summary())?.seconds : nil, summary: summary)
  }
}
