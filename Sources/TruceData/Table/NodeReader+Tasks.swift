import TruceFiles
import TruceRun

// What tasks of tables and of pictures have in common.

extension NodeReader {
  /// What stands under each name of a mapping that must not be empty.
  func mappings<Value>(
    _ key: String, of what: String, _ make: (_ name: String, _ reader: NodeReader) -> Value?
  ) -> [Value] {
    guard let node = required(key), let reader = NodeReader(node, known: nil, faults: faults) else {
      return []
    }
    if reader.keys.isEmpty { faults.append(FileFault(node.problem("at least one \(what)"))) }
    return reader.keys.compactMap { name in
      reader.required(name).flatMap { NodeReader($0, known: nil, faults: faults) }.flatMap { make(name, $0) }
    }
  }

  private enum TaskWord: String, CaseIterable { case regression, binary, classes }

  /// What a task asks.
  ///
  /// - Parameter others: The keys that a task may have beside those of its kind.
  func taskKind(beside others: [String]) -> TableSpecification.TaskKind? {
    let known = faults.total
    guard required("kind") != nil else { return nil }
    let kind = choice("kind", default: TaskWord.regression)
    guard faults.total == known else { return nil }
    switch kind {
    case .regression:
      allow(["standardise"] + others)
      return .regression(isStandardised: flag("standardise", default: false))
    case .binary:
      allow(["positive", "negative"] + others)
      return binary()
    case .classes:
      allow(["classes"] + others)
      return .classes(classes())
    }
  }

  /// The metrics that a task is to be judged by alone, each once; nil for those of its kind.
  func metricNames() -> [String]? {
    guard let node = self["metrics"], let names = words(node) else { return nil }
    guard Set(names).count == names.count, !names.isEmpty else {
      faults.append(FileFault(node.problem("a list of metrics, each of them once")))
      return nil
    }
    return names
  }

  /// The words of the classes, each of which may stand there once.
  private func classes() -> [String]? {
    guard let node = self["classes"], let words = words(node) else { return nil }
    guard Set(words).count == words.count, !words.isEmpty else {
      faults.append(FileFault(node.problem("a list of words, each of them once")))
      return nil
    }
    return words
  }

  private func allow(_ keys: [String]) {
    _ = NodeReader(node, known: ["kind", "metrics"] + keys, faults: faults)
  }

  /// Without words, 1 and true mean yes, 0 and false mean no.
  private func binary() -> TableSpecification.TaskKind {
    guard let positive = words("positive") else {
      return .binary(positive: ["1", "true", "True", "TRUE"], negative: ["0", "false", "False", "FALSE"])
    }
    return .binary(positive: positive, negative: words("negative"))
  }
}
