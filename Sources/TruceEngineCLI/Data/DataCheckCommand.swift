import ArgumentParser
import Foundation
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

      A folder with `train` and `val` is checked as one of pictures and maps, as NYUv2's and Cityscapes' are: folders \
      that are missing or were copied in part, files of other shapes or types, labels out of range, depths that are no \
      numbers, pictures outside 0 … 1, normals of other lengths than 0 and 1. A folder with CelebA's official files is checked \
      by both lists and picture by picture. Any other folder is checked as one of domains, as Office-31's is: classes that a domain lacks, folders \
      without pictures, pictures that cannot be read, lists that name what is not there. A folder with the files of QM9 is \
      checked molecule by molecule.
      """)

  @Argument(
    help:
      "The YAML file that `truce train --problem-option file=…` is given, or a folder of maps, CelebA, domains or QM9."
  )
  var file: String

  @Option(help: "Which maps a folder has: nyuv2, cityscapes or rooms (default: what it looks like).")
  var layout: LayoutArgument?

  @Option(help: "The folder with the lists of a folder of domains (default: random shares).")
  var lists: String?

  @Flag(help: "Leave out classes that not all domains have, and names in lists without a picture.")
  var skipUnmatched = false

  @Option(help: "How to write it: text or json.")
  var format: Format = .text

  @Option(help: "The largest number of faults to show.")
  var limit = 100

  func validate() throws {
    guard limit > 0 else { throw ValidationError("--limit must be at least 1") }
  }

  func run() throws {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: file, isDirectory: &isFolder)
    if isThere, isFolder.boolValue { return try checkFolder() }
    guard layout == nil else {
      throw CommandFailure.usage("\(file) is no folder of maps", help: "leave --layout out")
    }
    try refuseDomainOptions()
    let check = DataCheck(of: file, keeping: limit)
    try end(with: check.faults, check.faultCount, text: check.text, json: DataCheckReport(check))
  }

  private func checkFolder() throws {
    if QM9Folder.looksLikeOne(file), layout == nil {
      try refuseDomainOptions()
      return try tell(QM9Check(of: file, keeping: limit))
    }
    if CelebAFolder.looksLikeOne(file), layout == nil {
      try refuseDomainOptions()
      return try tell(CelebACheck(of: file, keeping: limit))
    }
    guard layout == nil, DomainFolders.looksLikeOne(file) else {
      try refuseDomainOptions()
      return try tell(DenseCheck(of: file, layout: layout?.layout, keeping: limit))
    }
    let choice = DomainFolders.Choice(
      division: lists.map { .lists($0) } ?? .ratio(DomainFolders.Choice.usualShares(seed: 0)),
      unmatched: skipUnmatched ? .skip : .refuse)
    try tell(DomainCheck(of: file, choice: choice, keeping: limit))
  }

  private func tell(_ check: some FolderCheck) throws {
    let report = FolderCheckReport(check)
    try end(with: check.faults, check.faultCount, text: report.text, json: report)
  }

  private func refuseDomainOptions() throws {
    guard lists != nil || skipUnmatched else { return }
    throw CommandFailure.usage(
      "\(file) is no folder of domains", help: "leave --lists and --skip-unmatched out")
  }

  /// Writes what was found, and fails where that are faults.
  private func end(
    with faults: [FileFault], _ count: Int, text: String, json: some Encodable
  ) throws {
    switch format {
    case .text: print(text)
    case .json: print(try Output.json(json))
    }
    guard count == 0 else {
      throw CommandFailure(
        "\(Counted.text(count, "fault")) in \(file) and its files", help: "correct them and check again",
        exitStatus: faults.exitStatus)
    }
  }
}

/// A fault as JSON.
struct FaultReport: Encodable {
  let path: String
  let line, column: Int?
  let reason, help: String

  init(_ fault: FileFault) {
    (path, line, column) = (fault.path, fault.line, fault.column)
    (reason, help) = (fault.reason, fault.help)
  }
}

/// A check as JSON.
private struct DataCheckReport: Encodable {
  let file: String
  let kind: DataCheck.Kind
  let faultCount: Int
  let faults: [FaultReport]
  let contents: DataCheck.Contents?

  init(_ check: DataCheck) {
    file = check.path
    kind = check.kind
    faultCount = check.faultCount
    faults = check.faults.map(FaultReport.init)
    contents = check.contents
  }
}

extension [FileFault] {
  /// How a command ends that found these faults.
  fileprivate var exitStatus: TruceRun.ExitStatus {
    switch first?.kind {
    case .missing: .missingInput
    case .unreadable: .inputOutput
    case .content, nil: .badData
    }
  }

  /// The faults in words, each with its fix.
  func text(total: Int) -> String {
    let shown = map { "\($0)\n  help: \($0.help)" }
    return (shown + (total > count ? ["… and \(total - count) more"] : [])).joined(separator: "\n")
  }
}

extension DataCheck {
  /// The faults, or what the data hold.
  fileprivate var text: String {
    guard let contents else { return faults.text(total: faultCount) }
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
