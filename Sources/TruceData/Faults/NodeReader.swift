import Truce
import TruceFiles
import TruceRun

/// Reads the keys of a mapping in a specification, and writes down everything that is wrong with them.
struct NodeReader {
  let node: ConfigurationNode
  let faults: FaultList
  private let entries: [(key: String, value: ConfigurationNode)]

  /// Takes a mapping with some of the known keys; nil, with a fault, for anything else.
  init?(_ node: ConfigurationNode, known: [String]?, faults: FaultList) {
    guard let entries = faults.attempt({ () throws(RunError) in try node.entries() }) else { return nil }
    self.node = node
    self.faults = faults
    self.entries = entries
    for (key, value) in entries where known.map({ !$0.contains(key) }) ?? false {
      faults.append(
        FileFault(.unknownKey(value.place, key: value.key, closest: closestName(to: key, among: known ?? [])))
      )
    }
  }

  /// The keys in the order in which they stand.
  var keys: [String] { entries.map(\.key) }

  /// What is written under a key; nil where nothing is.
  subscript(key: String) -> ConfigurationNode? {
    entries.first { $0.key == key && !$0.value.isNull }?.value
  }

  /// What is written under a key that must be there.
  func required(_ key: String) -> ConfigurationNode? {
    guard let value = self[key] else {
      faults.append(FileFault(.missingKey(node.place, key: node.key.isEmpty ? key : "\(node.key).\(key)")))
      return nil
    }
    return value
  }

  /// A mapping under a key.
  func mapping(_ key: String, known: [String]?) -> NodeReader? {
    self[key].flatMap { NodeReader($0, known: known, faults: faults) }
  }

  /// A text, such as a name or a number taken as one.
  func word(_ key: String) -> String? { self[key].flatMap(word) }

  /// A text that must be there.
  func requiredWord(_ key: String) -> String? { required(key).flatMap(word) }

  /// A list of texts; a single one counts as a list of one.
  func words(_ key: String) -> [String]? { self[key].flatMap(words) }

  /// True or false.
  func flag(_ key: String, default fallback: Bool) -> Bool {
    self[key].flatMap { node in
      faults.attempt { () throws(RunError) in try node.value(Bool.self, rule: "true or false") }
    } ?? fallback
  }

  /// A whole number, at least zero.
  func count(_ key: String, default fallback: Int, atLeast bound: Int = 0) -> Int {
    self[key].flatMap { node in
      faults.attempt { () throws(RunError) in
        try node.value(Int.self, rule: "a whole number, at least \(bound)") { $0 >= bound }
      }
    } ?? fallback
  }

  /// One of a few words.
  func choice<Value: RawRepresentable & CaseIterable>(
    _ key: String, default fallback: Value
  ) -> Value where Value.RawValue == String {
    guard let node = self[key], let text = word(node) else { return fallback }
    if let value = Value(rawValue: text) { return value }
    let known = Value.allCases.map(\.rawValue)
    let hint = closestName(to: text, among: known).map { " (did you mean '\($0)'?)" } ?? ""
    faults.append(FileFault(node.problem("one of \(known.joined(separator: ", "))\(hint)")))
    return fallback
  }

  /// The text of a scalar; nil, with a fault, for anything else.
  func word(_ node: ConfigurationNode) -> String? {
    guard case .scalar(let value) = node.content else {
      faults.append(FileFault(node.problem("a word")))
      return nil
    }
    return value.description
  }

  /// The texts of a list, or of a scalar.
  func words(_ node: ConfigurationNode) -> [String]? {
    guard let elements = faults.attempt({ () throws(RunError) in try node.elements() }) else { return nil }
    let words = elements.compactMap(word)
    return words.count == elements.count ? words : nil
  }

  /// The line of a node in its file.
  static func line(of node: ConfigurationNode) -> Int? {
    if case .file(_, let line) = node.place { line } else { nil }
  }
}
