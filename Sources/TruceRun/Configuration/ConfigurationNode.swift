package import Foundation
package import Truce
import Yams

/// A value of a YAML file that knows its file, line and key, so that every complaint can name them.
///
/// Scalars follow YAML 1.2: `true`, `false`, `null`, numbers; anything else, and all that is quoted,
/// is text.
package struct ConfigurationNode: Sendable {
  /// What a node holds.
  package enum Content: Sendable {
    case null
    case scalar(OptionValue)
    case list([ConfigurationNode])
    case mapping([(key: String, value: ConfigurationNode)])
  }

  /// The value.
  package var content: Content
  /// The file and line.
  package let place: ConfigurationPlace
  /// The keys that lead here, joined by dots.
  package let key: String

  /// Creates a node.
  package init(_ content: Content, place: ConfigurationPlace, key: String) {
    self.content = content
    self.place = place
    self.key = key
  }
}

// MARK: Reading

extension ConfigurationNode {
  /// Parses YAML (or JSON, which is YAML).
  ///
  /// - Throws: ``RunError/unreadableText(_:reason:)`` where the text is not YAML.
  package init(yaml: String, file: String) throws(RunError) {
    self = try Self.parsed(yaml, place: { .file(file, line: $0) }, key: "")
  }

  /// Parses the value of an override.
  package init(override text: String, key: String) throws(RunError) {
    self = try Self.parsed(text, place: { _ in .commandLine }, key: key)
  }

  /// Reads and parses a YAML file.
  package init(contentsOf url: URL) throws(RunError) {
    let path = url.relativePath
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw .missing(path: path, what: "file")
    }
    guard let data = FileManager.default.contents(atPath: url.path) else {
      throw .unreadable(path: path, reason: "not a readable file")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw .unreadableText(.file(path, line: nil), reason: "not UTF-8 text")
    }
    self = try Self(yaml: text, file: path)
  }

  private static func parsed(
    _ text: String, place: @escaping (Int?) -> ConfigurationPlace, key: String
  ) throws(RunError) -> ConfigurationNode {
    guard !NodeReader.hasCostlyKeys(text) else {
      throw .tooLarge(place(nil), what: "uses many aliases, and lists or mappings as keys")
    }
    let node: Node?
    do { node = try compose(yaml: text) } catch {
      let error = error as? YamlError
      throw .unreadableText(place(error?.line), reason: error?.reason ?? "not YAML")
    }
    guard let node else { return Self(.null, place: place(1), key: key) }
    var reader = NodeReader(place: place)
    return try reader.node(node, key: key)
  }
}

extension YamlError {
  fileprivate var line: Int? {
    switch self {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
    case .duplicatedKeysInMapping(_, let context): context.mark.line
    default: nil
    }
  }

  fileprivate var reason: String {
    switch self {
    case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _),
      .reader(let problem, _, _, _):
      "not YAML: \(problem)"
    case .duplicatedKeysInMapping(let names, _):
      "the key '\(names.sorted().joined(separator: "', '"))' is given twice"
    default: "not YAML"
    }
  }
}

// MARK: Typed access

extension ConfigurationNode {
  /// The error that says what this value must be.
  package func problem(_ rule: String) -> RunError {
    .invalidValue(place, key: key.isEmpty ? "the file" : key, rule: rule, received: received)
  }

  private var received: String {
    switch content {
    case .null: "nothing"
    case .scalar(.string(let text)): "'\(text)'"
    case .scalar(let value): value.description
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }

  /// Whether nothing was written.
  package var isNull: Bool {
    if case .null = content { true } else { false }
  }

  /// The entries of a mapping; none where nothing was written.
  package func entries() throws(RunError) -> [(key: String, value: ConfigurationNode)] {
    switch content {
    case .mapping(let entries): return entries
    case .null: return []
    default: throw problem("a mapping of keys to values")
    }
  }

  /// The elements of a list; a single value counts as a list of one.
  package func elements() throws(RunError) -> [ConfigurationNode] {
    switch content {
    case .list(let elements): elements
    case .null: throw problem("a list")
    default: [self]
    }
  }

  /// A value of a parameter's type, such as a number or one of a few words.
  package func value<Value: ParameterValue>(
    _ type: Value.Type = Value.self, rule: String, where isValid: (Value) -> Bool = { _ in true }
  ) throws(RunError) -> Value {
    guard let option = plainOption, let value = Value(option: option), isValid(value) else {
      throw problem(rule)
    }
    return value
  }

  /// A name.
  package func word() throws(RunError) -> String {
    let text: String = try value(rule: "a name") { !$0.isEmpty }
    return text
  }

  /// One of a few words; the closest is offered where it is none of them.
  package func choice<Value: ParameterValue & CaseIterable & RawRepresentable>(
    _ type: Value.Type = Value.self
  ) throws(RunError) -> Value where Value.RawValue == String {
    let known = Value.allCases.map(\.rawValue)
    let text = try word()
    if let value = Value(rawValue: text) { return value }
    let hint = closestName(to: text, among: known).map { " (did you mean '\($0)'?)" } ?? ""
    throw problem("one of \(known.joined(separator: ", "))\(hint)")
  }

  /// A number, truth value, word or list of them.
  package func option() throws(RunError) -> OptionValue {
    guard let option = plainOption else { throw problem("a number, a word, true, false or a list") }
    return option
  }

  /// A mapping of names to options.
  package func options() throws(RunError) -> [String: OptionValue] {
    var options: [String: OptionValue] = [:]
    for (name, value) in try entries() { options[name] = try value.option() }
    return options
  }

  private var plainOption: OptionValue? {
    switch content {
    case .null: return .string("none")
    case .scalar(let value): return value
    case .list(let elements):
      let options = elements.compactMap(\.plainOption)
      return options.count == elements.count ? .list(options) : nil
    case .mapping: return nil
    }
  }

  /// The value of a key, where it was written.
  package func child(_ name: String) throws(RunError) -> ConfigurationNode? {
    try entries().first { $0.key == name }?.value
  }

  /// Refuses the first key that is not among the known ones.
  package func refuseKeys(otherThan known: [String]) throws(RunError) {
    for (name, value) in try entries() where !known.contains(name) {
      throw .unknownKey(value.place, key: value.key, closest: closestName(to: name, among: known))
    }
  }
}

// MARK: Overrides

extension ConfigurationNode {
  /// Replaces or adds the value that an override such as `options.c=0.4` names.
  ///
  /// What stands behind the first dot is the name of one option, which may have dots of its own.
  ///
  /// - Throws: ``RunError/malformedOverride(_:)`` unless the text is a key, an equals sign and a value.
  package mutating func apply(override text: String) throws(RunError) {
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw .malformedOverride(text)
    }
    let key = String(text[..<equals])
    guard !key.split(separator: ".", omittingEmptySubsequences: false).contains("") else {
      throw .malformedOverride(text)
    }
    let names = key.split(separator: ".", maxSplits: 1).map(String.init)
    let value = try ConfigurationNode(
      override: String(text[text.index(after: equals)...]), key: key)
    try set(value, at: names[...])
  }

  private mutating func set(_ value: ConfigurationNode, at names: ArraySlice<String>) throws(RunError) {
    guard let name = names.first else {
      self = value
      return
    }
    var entries = try entries()
    let index = entries.firstIndex { $0.key == name }
    let path = key.isEmpty ? name : "\(key).\(name)"
    var child = index.map { entries[$0].value } ?? Self(.null, place: .commandLine, key: path)
    try child.set(value, at: names.dropFirst())
    if let index { entries[index].value = child } else { entries.append((name, child)) }
    content = .mapping(entries)
  }
}

// MARK: Building

extension ConfigurationNode {
  /// This mapping with entries replaced or added.
  ///
  /// - Throws: ``RunError`` where this is not a mapping.
  package func merging(
    _ others: [(key: String, value: ConfigurationNode)]
  ) throws(RunError) -> ConfigurationNode {
    var entries = try entries()
    for (name, value) in others {
      if let index = entries.firstIndex(where: { $0.key == name }) {
        entries[index].value = value
      } else {
        entries.append((name, value))
      }
    }
    return ConfigurationNode(.mapping(entries), place: place, key: key)
  }
}
