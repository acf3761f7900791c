import Foundation
public import TruceRun

/// A job array that works off the runs of a study: its script and the list of its runs.
///
/// Every element is a runner of its own for its share of the runs, so claims, retries and records are those of any
/// runner. At the wall-clock limit it writes a checkpoint and queues itself again. Elements leave the index alone, since
/// SQLite and shared folders do not go together; whoever reads the study next brings it up to date from the folders.
public struct SlurmBatch: Sendable {
  /// The most elements an array has, which is Slurm's own default limit.
  public static let maximumElements = 1000

  /// The study's folder, which all nodes share.
  public let folder: StudyFolder
  /// The runs that remain to be done.
  public let runs: [RunKey]
  /// What is asked of Slurm.
  public let options: SlurmOptions
  /// The command line for one element, without its number and the array's size.
  public let command: [String]

  /// Plans an array for the runs of a study that remain to be done.
  ///
  /// - Parameters:
  ///   - plan: The study's plan.
  ///   - folder: Its folder, prepared for the plan.
  ///   - retriesFailedRuns: Whether runs that failed earlier are tried again.
  ///   - options: What is asked of Slurm.
  ///   - command: The command line for one element, without its number and the array's size.
  public init(
    _ plan: StudyPlan, in folder: StudyFolder, retriesFailedRuns: Bool, options: SlurmOptions,
    command: [String]
  ) {
    self.folder = folder
    self.options = options
    self.command = command
    runs = plan.runs.filter { key in
      switch RunState(of: folder.directory(of: key)) {
      case .pending, .interrupted, .damaged: true
      case .failed: retriesFailedRuns
      case .running, .finished, .diverged, .cancelled: false
      }
    }
  }

  /// The number of elements; where there are more runs, an element does several.
  public var elements: Int { min(runs.count, Self.maximumElements) }

  /// The runs of an element.
  public static func share(of element: Int, among elements: Int, _ runs: [RunKey]) -> [RunKey] {
    stride(from: element, to: runs.count, by: elements).map { runs[$0] }
  }

  /// The list of the runs, one a line.
  public var list: String { runs.map { "\($0)\n" }.joined() }

  /// Reads a list of runs.
  ///
  /// - Throws: `RunError.damaged(path:line:reason:)` where a line is not a run.
  public static func runs(in text: String, path: String) throws(RunError) -> [RunKey] {
    var runs: [RunKey] = []
    for (index, line) in text.split(separator: "\n").enumerated() {
      let parts = line.split(separator: "/")
      guard parts.count == 2, let seed = Int(parts[1]) else {
        throw .damaged(path: path, line: index + 1, reason: "not a run of a study")
      }
      runs.append(RunKey(cell: String(parts[0]), seed: seed))
    }
    return runs
  }

  // MARK: Script

  /// The batch script.
  ///
  /// - Parameter log: The folder for the elements' output.
  public func script(log: String) -> String {
    """
    #!/bin/bash
    \(directives(log: log).map { "#SBATCH \($0)\n" }.joined())
    # Before the limit Slurm sends SIGTERM. It is passed on and waited for: the worker writes a checkpoint first.
    trap 'kill -TERM "$runner" 2>/dev/null' TERM
    \(command.map(\.shellWord).joined(separator: " ")) "$SLURM_ARRAY_TASK_ID" \(elements) &
    runner=$!
    wait "$runner"
    status=$?
    while kill -0 "$runner" 2>/dev/null; do
      wait "$runner"
      status=$?
    done
    if [ "$status" -eq \(ExitStatus.interrupted.rawValue) ] && \
    [ "${SLURM_RESTART_COUNT:-0}" -lt \(options.requeues) ]; then
      # One element has the array's own number for a job number, so that alone would mean all of them.
      scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" || {
        code=$?
        echo "truce: error: scontrol requeue ended with $code: this element is not queued again" >&2
        echo "  help: submit what is left with: \(resubmission)" >&2
      }
    fi
    exit "$status"

    """
  }

  private func directives(log: String) -> [String] {
    let limit = options.jobs.map { "%\($0)" } ?? ""
    let usual = [
      Self.directive("--job-name=truce-\(folder.url.lastPathComponent)"),
      "--array=0-\(max(0, elements - 1))\(limit)",
      "--cpus-per-task=\(options.processors)", "--signal=B:TERM@\(options.grace)", "--requeue",
      "--open-mode=append", Self.directive("--output=\(log.replacing("%", with: "%%"))/%a.log"),
    ]
    let named =
      (options.partition.map { ["--partition=\($0)"] } ?? []) + (options.time.map { ["--time=\($0)"] } ?? [])
    return usual + (named + options.further).map(Self.directive)
  }

  /// An option of `sbatch` with its value quoted where it must be; `-p main` stays two words.
  private static func directive(_ option: String) -> String {
    guard let end = option.firstIndex(where: { $0 == "=" || $0 == " " }) else { return option.shellWord }
    let value = String(option[option.index(after: end)...])
    return option[...end] + (value.isEmpty ? "" : value.shellWord)
  }

  /// What a user types in a shell to submit the runs that are left; quoted once more for the script.
  private var resubmission: String {
    let text = "truce study resume \(folder.url.path.shellWord) --launcher slurm"
    return text.reduce(into: "") { $0 += "\\\"$`".contains($1) ? "\\\($1)" : "\($1)" }
  }
}
