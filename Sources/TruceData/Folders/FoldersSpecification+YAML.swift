import Foundation
import TruceFiles
import TruceRun

extension FoldersSpecification {
  private static let keys = [
    "preset", "images", "height", "width", "channels", "fit", "labels", "missing", "tasks", "split",
    "unmatched",
  ]

  /// Reads a specification.
  ///
  /// - Parameters:
  ///   - path: The YAML file. Paths inside it start from its folder.
  ///   - faults: Receives everything that is wrong with it.
  /// - Returns: Nil where anything is.
  public init?(contentsOf path: String, noting faults: FaultList) {
    let known = faults.total
    guard
      let node = faults.attempt({ () throws(RunError) in
        try FoldersPreset.applied(to: ConfigurationNode(contentsOf: URL(fileURLWithPath: path)))
      }), let root = NodeReader(node, known: Self.keys, faults: faults)
    else { return nil }
    let folder = (path as NSString).deletingLastPathComponent
    let images = root.requiredWord("images").map { root.resolved($0, in: folder) }
    let labels = root.labelFiles(in: folder)
    let tasks = root.pictureTasks(hasLabels: !labels.isEmpty)
    let division = root.division(in: folder, hasLabels: !labels.isEmpty)
    let shape = Shape(
      height: root.size("height"), width: root.size("width"), channels: root.channels(),
      fit: root.choice("fit", default: .stretch))
    guard let images, let division, faults.total == known else { return nil }
    self.init(
      path: path, images: images, shape: shape, labels: labels, missing: root.words("missing") ?? [""],
      tasks: tasks, division: division, unmatched: root.choice("unmatched", default: .refuse))
    guard faults.total == known else { return nil }
  }
}

extension NodeReader {
  fileprivate func size(_ key: String) -> Int {
    required(key) == nil ? 1 : count(key, default: 1, atLeast: 1)
  }

  fileprivate func channels() -> Int {
    let channels = count("channels", default: 3, atLeast: 1)
    if channels != 1, channels != 3, let node = self["channels"] {
      faults.append(FileFault(node.problem("1 for grey or 3 for colours")))
    }
    return channels
  }

  // MARK: Labels

  /// One mapping, or a list of them.
  fileprivate func labelFiles(in folder: String) -> [FoldersSpecification.LabelFile] {
    guard let node = self["labels"],
      let elements = faults.attempt({ () throws(RunError) in try node.elements() })
    else { return [] }
    return elements.compactMap { element in
      guard
        let reader = NodeReader(
          element, known: ["file", "name", "delimiter", "trim", "columns"], faults: faults),
        let file = reader.requiredWord("file"), let name = reader.requiredWord("name")
      else { return nil }
      return FoldersSpecification.LabelFile(
        path: resolved(file, in: folder), nameColumn: name,
        dialect: CSVDialect(delimiter: reader.delimiter(), trimsSpaces: reader.flag("trim", default: false)),
        columns: reader.words("columns"))
    }
  }

  fileprivate func pictureTasks(hasLabels: Bool) -> [FoldersSpecification.Task] {
    mappings("tasks", of: "task") { name, task in
      guard let kind = task.taskKind(beside: ["column", "from", "under", "holds", "separator"]),
        let origin = task.origin(named: name, hasLabels: hasLabels)
      else { return nil }
      return FoldersSpecification.Task(
        origin: origin,
        table: TableSpecification.Task(
          name: name, column: name, kind: kind, metrics: task.metricNames(), line: Self.line(of: task.node)))
    }
  }

  private func origin(named name: String, hasLabels: Bool) -> FoldersSpecification.Origin? {
    if let from = self["from"] {
      guard word(from) == "folder" else {
        faults.append(FileFault(from.problem("folder, or left out where a column holds the labels")))
        return nil
      }
      return .folder(under: word("under"))
    }
    guard hasLabels else {
      faults.append(FileFault(node.problem("a mapping with `from: folder`, since there are no label files")))
      return nil
    }
    let column = word("column") ?? name
    guard let held = word("holds") else { return .column(column) }
    return .listed(held, column: column, separator: word("separator") ?? "|")
  }

  // MARK: Splits

  fileprivate func division(in folder: String, hasLabels: Bool) -> FoldersSpecification.Division? {
    let names = Split.allCases.map(\.rawValue)
    guard let node = required("split"),
      let split = NodeReader(
        node, known: ["ratio", "seed", "column", "folders", "lists", "validation_share"] + names,
        faults: faults)
    else { return nil }
    guard split.holdsOutOfLists(known: names) else { return nil }
    if let folders = split.mapping("folders", known: names) { return folders.words().map { .folders($0) } }
    if let lists = split.mapping("lists", known: names) {
      return lists.lists(in: folder).map { .lists($0, holdingOut: split.heldOutShares()) }
    }
    guard let column = split.word("column") else { return split.ratio().map { .ratio($0) } }
    guard hasLabels else {
      faults.append(FileFault(node.problem("a rule without a column, since there are no label files")))
      return nil
    }
    return split.words().map { .column(column, $0) }
  }

  /// Whether a share to choose by is asked for only of lists that have none.
  private func holdsOutOfLists(known names: [String]) -> Bool {
    guard let node = self["validation_share"] else { return true }
    if let lists = mapping("lists", known: names), lists[Split.validation.rawValue] == nil { return true }
    faults.append(
      FileFault(node.problem("left out where there are no lists, or one for validation is among them")))
    return false
  }

  private func heldOutShares() -> SplitRatio? {
    guard let node = self["validation_share"],
      let share = faults.attempt({ () throws(RunError) in
        try node.value(Double.self, rule: "a share above 0 and below 1") { $0 > 0 && $0 < 1 }
      })
    else { return nil }
    return SplitRatio(
      shares: [.training: 1 - share, .validation: share], seed: UInt64(count("seed", default: 0)))
  }

  private func lists(in folder: String) -> [Split: String]? {
    var lists: [Split: String] = [:]
    for split in Split.allCases {
      lists[split] = word(split.rawValue).map { resolved($0, in: folder) }
    }
    for split in [Split.training, .test] where lists[split] == nil { _ = required(split.rawValue) }
    return lists[.training] != nil && lists[.test] != nil ? lists : nil
  }
}
