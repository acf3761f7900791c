import ArgumentParser
import Foundation
import TruceRun
import TruceShell
import TruceStudy

/// `truce study status`: how a study stands.
struct StudyStatusCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show how a study stands, and why runs failed.")

  @OptionGroup var location: StudyLocation

  @Option(help: "How to write it: text or json.")
  var format: Format = .text

  mutating func run() throws {
    let folder = try location.folder()
    let status = try StudyStatus(of: folder)
    switch format {
    case .text: print(StudyStatusText(status, path: folder.url.relativePath).text)
    case .json: print(try Output.json(status))
    }
  }
}

/// `truce study cancel`: calls a study off.
struct StudyCancelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Call a study off: workers stop after a checkpoint.",
    discussion: "`truce study resume` takes it up again.")

  @OptionGroup var location: StudyLocation

  mutating func run() throws {
    let folder = try location.folder()
    _ = try folder.plan()
    try folder.cancel()
    Output.note("cancelled; `truce study resume \(folder.url.relativePath.shellWord)` takes it up again")
  }
}

/// `truce study index`: rebuilds the index.
struct StudyIndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index", abstract: "Rebuild a study's index from the folders of its runs.")

  @OptionGroup var location: StudyLocation

  mutating func run() throws {
    let folder = try location.folder()
    let runs = try StudyStore.indexed(folder, rebuilding: true).runs()
    print(
      "\(folder.storeFile.relativePath): \(Counted.text(runs.count, "run")), \(runs.count(where: \.isFinished)) finished"
    )
  }
}

/// How a study stands, in words.
struct StudyStatusText {
  private let status: StudyStatus
  private let path: String

  init(_ status: StudyStatus, path: String) {
    self.status = status
    self.path = path
  }

  /// One line with the number of runs in each state.
  var headline: String {
    let counts = status.counts.map { "\($0.count) \($0.state)" }.joined(separator: ", ")
    return "\(status.name) in \(path): \(Counted.text(status.runs.count, "run")), \(counts)"
  }

  /// The headline, the runs at work and the runs that came to grief.
  var text: String {
    var lines = [headline]
    if status.isCancelled {
      lines.append("cancelled; `truce study resume \(path.shellWord)` takes it up again")
    }
    for run in status.runs where run.state == RunState.running.word {
      let share = run.fraction.map { " \(Int(100 * $0)) %" } ?? ""
      lines.append("  running\(share)  \(run.title)")
    }
    for run in status.runs where run.reason != nil {
      lines.append("  \(run.state)  \(run.title): \(run.reason ?? "")")
    }
    if !status.earlier.isEmpty {
      lines.append("  \(status.earlier.count) of an earlier study file, outside the study:")
      lines += status.earlier.map { "    \($0.state)  \($0.key)" }
    }
    return lines.joined(separator: "\n")
  }
}
