import ArgumentParser
import TruceData
import TruceFiles
import TruceRun
import TruceShell

/// `truce data check`: finds every fault of one's own data before training.
struct DataCheckCommand: ParsableCommand {
  /// How the findings are written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Find every fault of your own data before training.",
    discussion: """
      Reads the YAML file that describes a table or folders of pictures, and every file that it names. Each \
      fault is shown with file, line, column and the fix. Sound data are summed up.
      """)

  @Argument(help: "The YAML file that `truce train --problem-option file=…` is given.")
  var file: String

  @Option(help: "How to write it: text or json.")
  var format: Format = .text

  @Option(help: "The largest number of faults to show.")
  var limit = 100

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
  }

  func run() throws {
    let check = DataCheck(of: file, keeping: limit)
    switch format {
    case .text: print(check.text)
    case .json: print(try Output.json(DataCheckReport(check)))
    }
    guard check.faultCount == 0 else {
      throw CommandFailure(
        "\(check.faultCount) \(check.faultCount == 1 ? "fault" : "faults") in \(file) and its files",
        help: "correct them and check again", exitStatus: check.exitStatus)
    }
  }
}

/// A check as JSON.
private struct DataCheckReport: Encodable {
  struct Fault: Encodable {
    let path: String
    let line, column: Int?
    let reason, help: String
  }

  let file: String
  let kind: DataCheck.Kind
  let faultCount: Int
  let faults: [Fault]
  let contents: DataCheck.Contents?

  init(_ check: DataCheck) {
    file = check.path
    kind = check.kind
    faultCount = check.faultCount
    faults = check.faults.map {
      Fault(path: $0.path, line: $0.line, column: $0.column, reason: $0.reason, help: $0.help)
    }
    contents = check.contents
  }
}

extension DataCheck {
  /// How a command ends that found these faults.
  fileprivate var exitStatus: TruceRun.ExitStatus {
    switch faults.first?.kind {
    case .missing: .missingInput
    case .unreadable: .inputOutput
    case .content, nil: .badData
    }
  }

  /// The faults, or what the data hold.
  fileprivate var text: String {
    guard let contents else { return faultText }
    let splits = Split.allCases.compactMap { split in
      contents.examples[split.rawValue].map { "\($0) \(split.rawValue)" }
    }
    let leftOut = contents.leftOut > 0 ? ", \(contents.leftOut) left out" : ""
    let shape = contents.inputShape.map(String.init).joined(separator: " × ")
    return """
      \(path): sound
      examples: \(splits.joined(separator: ", "))\(leftOut)
      inputs: \(shape)
      \(contents.table.plain(on: .current))
      """
  }

  private var faultText: String {
    let shown = faults.map { "\($0)\n  help: \($0.help)" }
    let rest = faultCount - faults.count
    return (shown + (rest > 0 ? ["… and \(rest) more"] : [])).joined(separator: "\n")
  }
}

extension DataCheck.Contents {
  fileprivate var table: TextTable {
    var table = TextTable([("task", .left), ("kind", .left), ("labels", .right), ("classes", .left)])
    for task in tasks {
      let labels = Split.allCases.compactMap { split in task.labels[split.rawValue].map(String.init) }
      table.append([task.name, task.kind, labels.joined(separator: " / "), task.classText])
    }
    return table
  }
}

extension DataCheck.Task {
  /// The most frequent classes with their counts.
  fileprivate var classText: String {
    let sorted = classes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = sorted.prefix(6).map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    return shown + (sorted.count > 6 ? ", … (\(sorted.count))" : "")
  }
}
