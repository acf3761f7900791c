import Foundation
import TruceFiles
import TruceRun

extension TableSpecification {
  private static let keys = [
    "file", "delimiter", "trim", "header", "columns", "missing", "ignore", "split", "inputs", "unseen",
    "tasks",
  ]

  /// The name that stands for every column not named elsewhere.
  static let everyOther = "*"

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
        try ConfigurationNode(contentsOf: URL(fileURLWithPath: path))
      }), let root = NodeReader(node, known: Self.keys, faults: faults)
    else { return nil }
    let folder = (path as NSString).deletingLastPathComponent
    let source = root.source(in: folder)
    let inputs = root.inputs()
    let tasks = root.tasks()
    let dialect = CSVDialect(delimiter: root.delimiter(), trimsSpaces: root.flag("trim", default: false))
    let hasHeader = root.flag("header", default: true)
    let columns = root.words("columns")
    root.checkRepeats(inputs: inputs, tasks: tasks, columns: columns)
    guard let source else { return nil }
    self.init(
      path: path, source: source, dialect: dialect, hasHeader: hasHeader, columns: columns,
      missing: root.words("missing") ?? [""], ignored: root.words("ignore") ?? [], inputs: inputs,
      unseen: root.choice("unseen", default: .refuse), tasks: tasks)
    guard faults.total == known else { return nil }
  }
}

// MARK: Files

extension NodeReader {
  fileprivate func source(in folder: String) -> TableSpecification.Source? {
    guard let node = required("file") else { return nil }
    if case .mapping = node.content { return files(node, in: folder) }
    guard let name = word(node), let division = division() else { return nil }
    return .file(resolved(name, in: folder), division)
  }

  private func files(_ node: ConfigurationNode, in folder: String) -> TableSpecification.Source? {
    guard let files = NodeReader(node, known: Split.allCases.map(\.rawValue), faults: faults) else {
      return nil
    }
    if let split = self["split"] {
      faults.append(
        FileFault(split.problem("left out where each split has a file of its own")))
    }
    guard let training = files.requiredWord("training"), let test = files.requiredWord("test") else {
      return nil
    }
    return .files(
      training: resolved(training, in: folder),
      validation: files.word("validation").map { resolved($0, in: folder) }, test: resolved(test, in: folder))
  }

  /// A path from the folder of the specification.
  func resolved(_ name: String, in folder: String) -> String {
    guard !name.hasPrefix("/") else { return name }
    let parts = folder.isEmpty ? [] : [folder]
    let steps = name.split(separator: "/").filter { $0 != "." }.map(String.init)
    return parts.isEmpty && steps.isEmpty ? "." : (parts + steps).joined(separator: "/")
  }

  private func division() -> TableSpecification.Division? {
    guard let node = required("split"),
      let split = NodeReader(
        node, known: ["ratio", "seed", "column"] + Split.allCases.map(\.rawValue), faults: faults)
    else { return nil }
    guard let column = split.word("column") else { return split.ratio().map { .ratio($0) } }
    return split.words().map { .column(column, $0) }
  }

  /// The shares under `ratio`, with the seed beside them.
  func ratio() -> SplitRatio? {
    guard let node = required("ratio"),
      let reader = NodeReader(node, known: Split.allCases.map(\.rawValue), faults: faults)
    else { return nil }
    var shares: [Split: Double] = [:]
    for split in Split.allCases {
      guard let value = reader[split.rawValue] else { continue }
      shares[split] = faults.attempt { () throws(RunError) in
        try value.value(Double.self, rule: "a share above 0 and below 1") { $0 > 0 && $0 < 1 }
      }
    }
    let sum = shares.values.reduce(0, +)
    guard shares[.training] != nil, shares[.test] != nil, abs(sum - 1) < 1e-9 else {
      faults.append(
        FileFault(node.problem("shares of training and test, and perhaps validation, that sum to 1")))
      return nil
    }
    return SplitRatio(shares: shares, seed: UInt64(count("seed", default: 0)))
  }

  /// The words of each split.
  func words() -> SplitWords? {
    var words: [Split: [String]] = [:]
    for split in Split.allCases where self[split.rawValue] != nil {
      words[split] = self.words(split.rawValue)
    }
    for split in [Split.training, .test] where self[split.rawValue] == nil { _ = required(split.rawValue) }
    guard words[.training] != nil, words[.test] != nil else { return nil }
    return SplitWords(words: words)
  }

  /// The byte between fields: one character, or the word `tab`.
  func delimiter() -> UInt8 {
    let comma = UInt8(ascii: ",")
    guard let node = self["delimiter"], let text = word(node) else { return comma }
    if text == "tab" { return UInt8(ascii: "\t") }
    let reserved = "\"\r\n"
    guard text.utf8.count == 1, let byte = text.utf8.first, !reserved.contains(text) else {
      faults.append(FileFault(node.problem("one character of ASCII, or tab")))
      return comma
    }
    return byte
  }
}

// MARK: Columns

extension NodeReader {
  fileprivate func inputs() -> [TableSpecification.Input] {
    guard let node = required("inputs"), let reader = NodeReader(node, known: nil, faults: faults) else {
      return []
    }
    if reader.keys.isEmpty { faults.append(FileFault(node.problem("at least one column"))) }
    return reader.keys.compactMap { key in
      guard let value = reader.required(key), let kind = inputKind(value) else { return nil }
      return TableSpecification.Input(
        column: key == TableSpecification.everyOther ? nil : key, kind: kind, line: Self.line(of: value))
    }
  }

  private enum InputWord: String, CaseIterable { case number, category }

  /// `number`, `category`, or a mapping with a `kind` and options.
  private func inputKind(_ node: ConfigurationNode) -> TableSpecification.InputKind? {
    let known = faults.total
    guard case .mapping = node.content else {
      let alone = ConfigurationNode(.mapping([("kind", node)]), place: node.place, key: node.key)
      return inputKind(alone)
    }
    guard let reader = NodeReader(node, known: nil, faults: faults), reader.required("kind") != nil else {
      return nil
    }
    let kind = reader.choice("kind", default: InputWord.number)
    guard faults.total == known else { return nil }
    switch kind {
    case .number:
      _ = NodeReader(node, known: ["kind", "standardise", "missing"], faults: faults)
      return .number(
        isStandardised: reader.flag("standardise", default: true),
        missing: reader.choice("missing", default: .refuse))
    case .category:
      _ = NodeReader(node, known: ["kind", "missing"], faults: faults)
      return .category(missing: reader.choice("missing", default: .refuse))
    }
  }

  fileprivate func tasks() -> [TableSpecification.Task] {
    mappings("tasks", of: "task") { name, task in
      task.taskKind(beside: ["column"]).map {
        TableSpecification.Task(
          name: name, column: task.word("column") ?? name, kind: $0, metrics: task.metricNames(),
          line: Self.line(of: task.node))
      }
    }
  }

  /// A column must have one meaning.
  fileprivate func checkRepeats(
    inputs: [TableSpecification.Input], tasks: [TableSpecification.Task], columns: [String]?
  ) {
    let inputColumns = Set(inputs.compactMap(\.column))
    for task in tasks where inputColumns.contains(task.column) {
      faults.append(
        FileFault(
          path: node.place.path, line: task.line,
          reason: "column '\(task.column)' is an input and holds the labels of task '\(task.name)' at once",
          help: "leave it out of the inputs: a network that sees a label has nothing to learn"))
    }
    var names: Set<String> = []
    for name in columns ?? [] where !names.insert(name).inserted {
      faults.append(
        FileFault(
          path: node.place.path, line: self["columns"].flatMap(Self.line),
          reason: "two columns are named '\(name)'",
          help: "give each column a name of its own"))
    }
  }
}

extension ConfigurationPlace {
  /// The file's path.
  var path: String {
    if case .file(let path, _) = self { path } else { "\(self)" }
  }
}
