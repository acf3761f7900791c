public import TruceRun

/// What can go wrong with a study as a whole.
public enum StudyError: Error, Equatable, Sendable {
  /// Two cells of a plan are the same run.
  case sameCell(ConfigurationPlace, cell: String)
  /// A plan has more cells than its budget allows.
  case tooManyCells(ConfigurationPlace, count: Int, allowed: Int)
  /// Cells of a plan, or runs, of agents that are tried under conditions that must not stand in one table; the place is that
  /// of the plan.
  case mixedConditions(ConfigurationPlace?, MixedConditions)
  /// The folder holds no study.
  case noStudy(path: String)
  /// The folder holds another study.
  case otherStudy(path: String, found: String, expected: String)
  /// The folder holds runs of an earlier version of the study file, which the new one does not have.
  case changedStudy(path: String, left: Int, differences: [String])
  /// The folder holds files that are not a study's.
  case occupied(path: String, example: String)
  /// No run of the study has finished.
  case nothingFinished(path: String)
  /// The study was called off.
  case cancelled(path: String)
  /// The program that trains is not there.
  case noWorker(path: String)
  /// The index is damaged.
  case store(path: String, reason: String)
  /// Another program holds the index.
  case storeBusy(path: String)
  /// The index, or its folder, cannot be written or opened.
  case storeUnwritable(path: String, reason: String)
  /// Some runs failed.
  case failedRuns(count: Int, first: String, exitStatus: ExitStatus)
  /// Slurm refused a job array, or is not there.
  case slurm(reason: String)
  /// A run found no room or permission to write, which would befall the others too.
  case stopped(run: String, reason: String)
}

extension StudyError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .sameCell(let place, let cell): "\(place): two cells are the same run, \(cell)"
    case .tooManyCells(let place, let count, let allowed):
      "\(place): the plan has \(count) cells, the budget allows \(allowed)"
    case .mixedConditions(let place, let mixed): "\(place.map { "\($0): " } ?? "")\(mixed)"
    case .noStudy(let path): "\(path): no study here"
    case .otherStudy(let path, let found, let expected):
      "\(path): holds the study '\(found)', not '\(expected)'"
    case .changedStudy(let path, let left, let differences):
      "\(path): \(left) run\(left == 1 ? "" : "s") of an earlier study file would leave the study: "
        + differences.joined(separator: "; ")
    case .occupied(let path, let example): "\(path): holds files that are not a study, such as \(example)"
    case .nothingFinished(let path): "\(path): no run has finished yet"
    case .cancelled(let path): "\(path): the study was cancelled"
    case .noWorker(let path): "\(path): the program that trains is not there"
    case .store(let path, let reason): "\(path): the index cannot be used: \(reason)"
    case .storeBusy(let path): "\(path): the index is in use by another program"
    case .storeUnwritable(let path, let reason): "\(path): the index cannot be written: \(reason)"
    case .failedRuns(1, let first, _): "1 run failed: \(first)"
    case .failedRuns(let count, let first, _): "\(count) runs failed, the first: \(first)"
    case .slurm(let reason): "Slurm did not take the job array: \(reason)"
    case .stopped(let run, let reason): "stopped at \(run): \(reason)"
    }
  }
}

extension StudyError {
  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .sameCell: "remove the repeated value"
    case .tooManyCells: "raise budget.max_cells, or shorten a list"
    case .mixedConditions(_, let mixed):
      "make a study for each value of \(mixed.name); what is reached under one says nothing about another"
    case .noStudy: "`truce study run FILE` starts one; give the folder it names"
    case .otherStudy: "give another --output"
    case .changedStudy:
      "give another --output, or --force to leave them out; they stay in the folder, listed as earlier"
    case .occupied: "choose another --output, or give --force to write among them"
    case .nothingFinished(let path): "`truce study status \(path.shellWord)` shows how it stands"
    case .cancelled(let path): "`truce study resume \(path.shellWord)` takes it up again"
    case .noWorker: "build truce-engine (make release), or name it with --worker"
    case .store: "delete the index file; `truce study index` rebuilds it from the runs' folders"
    case .storeBusy: "wait for it to end, then try again"
    case .storeUnwritable: "check the space, the folder's owner and the permissions"
    case .failedRuns: "`truce study status` lists them, `truce study resume` tries them again"
    case .slurm: "look at the script in the study's folder, and try `sbatch` on it by hand"
    case .stopped: "free some space or fix the permissions, then `truce study resume`"
    }
  }

  /// Whether the index is what cannot be used, rather than the study.
  var isAboutIndex: Bool {
    switch self {
    case .store, .storeBusy, .storeUnwritable: true
    default: false
    }
  }

  /// The exit code of a command that ends with this error.
  public var exitStatus: ExitStatus {
    switch self {
    case .sameCell, .tooManyCells, .mixedConditions: .badData
    case .noStudy, .nothingFinished, .noWorker: .missingInput
    case .otherStudy, .changedStudy, .occupied, .cancelled: .usage
    case .store, .storeBusy, .storeUnwritable, .stopped, .slurm: .inputOutput
    case .failedRuns(_, _, let status): status
    }
  }
}
