public import Foundation
package import Truce

// MARK: Reading

extension RunConfiguration {
  /// Reads a configuration file and applies `key=value` overrides such as `options.c=0.4`.
  ///
  /// - Throws: ``RunError`` that names the file, line and key of what is unknown, missing or wrong.
  public init(
    contentsOf url: URL, overrides: [String] = [], vocabulary: ConfigurationVocabulary? = nil
  ) throws(RunError) {
    try self.init(node: ConfigurationNode(contentsOf: url), overrides: overrides, vocabulary)
  }

  /// Reads a configuration from YAML text.
  ///
  /// - Parameters:
  ///   - yaml: The text.
  ///   - file: The name that error messages give the text.
  ///   - overrides: `key=value` texts, applied in order.
  ///   - vocabulary: What the configuration can name; nil where it only tells of a run that was.
  /// - Throws: ``RunError`` that names the file, line and key of what is unknown, missing or wrong.
  public init(
    yaml: String, file: String, overrides: [String] = [], vocabulary: ConfigurationVocabulary? = nil
  ) throws(RunError) {
    try self.init(node: ConfigurationNode(yaml: yaml, file: file), overrides: overrides, vocabulary)
  }

  /// Reads a configuration from `key=value` texts alone.
  ///
  /// - Throws: ``RunError`` that names the key of what is unknown, missing or wrong.
  public init(overrides: [String], vocabulary: ConfigurationVocabulary? = nil) throws(RunError) {
    let empty = ConfigurationNode(.null, place: .commandLine, key: "")
    try self.init(node: empty, overrides: overrides, vocabulary)
  }

  private init(
    node: ConfigurationNode, overrides: [String], _ vocabulary: ConfigurationVocabulary?
  ) throws(RunError) {
    var node = node
    for override in overrides { try node.apply(override: override) }
    try self.init(node: node, vocabulary: vocabulary)
  }

  /// Reads a configuration from a mapping.
  package init(
    node: ConfigurationNode, vocabulary: ConfigurationVocabulary? = nil
  ) throws(RunError) {
    try node.refuseKeys(otherThan: Self.fields.map(\.key))
    self.init(
      problem: try node.requiredWord("problem"), method: try node.child("method")?.word() ?? "ew")
    for field in Self.fields {
      if let value = try node.child(field.key), !value.isNull { try field.read(&self, value) }
    }
    try checkMethods(against: node, vocabulary?.methods ?? .builtIn)
    try checkPrecision(against: node)
    try vocabulary?.check(self, against: node)
  }

  /// Makes the method and the weighting once and puts them together, so that a wrong option or a combination that
  /// cannot be is found before a run starts.
  private func checkMethods(
    against node: ConfigurationNode, _ methods: Catalogue
  ) throws(RunError) {
    let made: AnyMethod
    do throws(MethodError) {
      made = try methods.method(named: method, options: options)
    } catch {
      throw .invalidMethod(try node.place(of: error.isAboutOptions ? "options" : "method"), error)
    }
    let front = try checkedWeighting(against: node, methods)
    do throws(MethodError) {
      try Reconciler.check(made, weighting: front, settings: stepSettings)
    } catch { throw .invalidMethod(try node.place(of: "method"), error) }
  }

  private func checkedWeighting(
    against node: ConfigurationNode, _ methods: Catalogue
  ) throws(RunError) -> (any LossWeighting)? {
    guard let weighting else { return nil }
    do throws(MethodError) {
      return try methods.weighting(named: weighting, options: weightingOptions)
    } catch {
      throw .invalidMethod(
        try node.place(of: error.isAboutOptions ? "weighting_options" : "weighting"), error)
    }
  }

  /// What a step does beside its method's rule; an unknown preset, which is refused elsewhere, has no convention.
  private var stepSettings: StepSettings {
    let preset = preset.flatMap { try? Preset.named($0) }
    return StepSettings(
      grouping: grouping, target: gradients, memory: gradientMemory, nonFinite: nonFinite,
      convention: preset?.convention(for: method) ?? GradientConvention())
  }
}

extension ConfigurationNode {
  /// The name under a key that must be there.
  package func requiredWord(_ key: String) throws(RunError) -> String {
    guard let child = try child(key) else { throw .missingKey(place, key: key) }
    return try child.word()
  }

  /// Where a key was written, or this node's own place.
  package func place(of key: String) throws(RunError) -> ConfigurationPlace {
    try child(key)?.place ?? place
  }
}

extension MethodError {
  fileprivate var isAboutOptions: Bool {
    switch self {
    case .option: true
    default: false
    }
  }
}

// MARK: Writing

extension RunConfiguration {
  /// The configuration with every default spelled out, in a fixed order, fit to be read again.
  public var resolvedYAML: String {
    Self.fields.compactMap { field in
      field.write(self).map { Self.line(field.key, $0) }
    }.joined()
  }

  static func line(_ key: String, _ value: ConfigurationValue) -> String {
    switch value {
    case .option(let option): "\(key): \(option.yaml)\n"
    case .options(let options):
      "\(key):\n"
        + options.sorted { $0.key < $1.key }.map { "  \($0.key.yaml): \($0.value.yaml)\n" }.joined()
    }
  }
}

extension OptionValue {
  /// The value as a YAML flow scalar or list that reads back as the same value.
  package var yaml: String {
    switch self {
    case .string(let text): text.yaml
    case .list(let values): "[" + values.map(\.yaml).joined(separator: ", ") + "]"
    case .number(let value) where value.isInfinite: value < 0 ? "-.inf" : ".inf"
    case .number, .bool: description
    }
  }
}

extension String {
  /// The text as a YAML scalar: plain where that reads back as the same text, else quoted.
  package var yaml: String {
    let isPlain =
      !isEmpty && unicodeScalars.allSatisfy { Self.plainScalars.contains($0) }
      && first.map { $0.isLetter || $0 == "/" } == true && !Self.reserved.contains(lowercased())
    return isPlain ? self : "'" + replacing("'", with: "''") + "'"
  }

  private static let plainScalars = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "_-./+"))
  private static let reserved: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
}

// MARK: Codable

extension RunConfiguration: Codable {
  /// Decodes the same keys as a file has.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let values = try container.decode([String: ConfigurationValue].self)
    let place = ConfigurationPlace.file("configuration", line: nil)
    try self.init(node: ConfigurationNode(values, place: place))
  }

  /// Encodes the same keys as a file has.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    let pairs = Self.fields.compactMap { field in field.write(self).map { (field.key, $0) } }
    try container.encode(Dictionary(uniqueKeysWithValues: pairs))
  }
}

extension ConfigurationNode {
  fileprivate init(_ values: [String: ConfigurationValue], place: ConfigurationPlace) {
    let entries = values.sorted { $0.key < $1.key }.map { key, value in
      let node =
        switch value {
        case .option(let option): Self(option, place: place, key: key)
        case .options(let options):
          Self(
            .mapping(
              options.sorted { $0.key < $1.key }.map {
                ($0.key, Self($0.value, place: place, key: "\(key).\($0.key)"))
              }), place: place, key: key)
        }
      return (key, node)
    }
    self.init(.mapping(entries), place: place, key: "")
  }

  /// A node that holds an option.
  package init(_ option: OptionValue, place: ConfigurationPlace, key: String) {
    if case .list(let values) = option {
      self.init(
        .list(values.enumerated().map { Self($1, place: place, key: "\(key)[\($0)]") }),
        place: place, key: key)
    } else {
      self.init(.scalar(option), place: place, key: key)
    }
  }
}
