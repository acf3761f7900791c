import ArgumentParser
import TruceStudy

/// Where a study's workers run.
enum LauncherName: String, ExpressibleByArgument, CaseIterable {
  case local, slurm
}

/// How a study is handed over to Slurm.
struct SlurmArguments: ParsableArguments {
  @Option(help: "Where workers run: local, or slurm for a job array on a folder that all nodes share.")
  var launcher: LauncherName = .local

  @Option(help: ArgumentHelp("The partition. (default: the cluster's)", valueName: "name"))
  var partition: String?

  @Option(help: ArgumentHelp("A job's wall-clock limit, such as 01:00:00. (default: the partition's)"))
  var time: String?

  @Option(help: ArgumentHelp("Processors of a job. (default: 1)", valueName: "count"))
  var cpus: Int?

  @Option(
    help: ArgumentHelp(
      "Seconds before the limit at which a worker writes a checkpoint. (default: 120)", valueName: "seconds"))
  var grace: Int?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A further option of sbatch, such as --gres=gpu:1; may be repeated.", valueName: "option"))
  var sbatch: [String] = []

  @Flag(help: "Print the batch script and submit nothing.")
  var dryRun = false

  func validate() throws {
    if launcher == .local, let name = firstGiven {
      throw ValidationError("\(name) goes with --launcher slurm")
    }
    if let cpus, cpus < 1 { throw ValidationError("--cpus must be at least 1, got \(cpus)") }
    if let grace, grace < 1 { throw ValidationError("--grace must be at least 1, got \(grace)") }
    for (name, text) in [("--partition", partition), ("--time", time)] {
      if let text, text.isEmpty || text.contains(where: \.isWhitespace) {
        throw ValidationError("\(name) must be one word, got '\(text)'")
      }
    }
    if let option = sbatch.first(where: { !$0.hasPrefix("-") || $0.contains(where: \.isNewline) }) {
      throw ValidationError("--sbatch takes an option such as --gres=gpu:1, got '\(option)'")
    }
  }

  private var firstGiven: String? {
    let given = [
      ("--partition", partition != nil), ("--time", time != nil), ("--cpus", cpus != nil),
      ("--grace", grace != nil), ("--sbatch", !sbatch.isEmpty), ("--dry-run", dryRun),
    ]
    return given.first(where: \.1)?.0
  }

  func options(jobs: Int?) -> SlurmOptions {
    SlurmOptions(
      partition: partition, time: time, processors: cpus ?? 1, jobs: jobs, grace: grace ?? 120,
      further: sbatch)
  }
}
