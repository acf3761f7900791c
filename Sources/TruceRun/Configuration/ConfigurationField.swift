import Truce

/// What a key of a configuration is for.
public enum ConfigurationRole: Sendable, Equatable {
  /// It decides what is computed: the key is part of a run's identity.
  case computes
  /// It decides what is measured, recorded and kept of a run, which is the same run whatever is observed of it.
  case observes
  /// It decides where the run takes place.
  case places
}

/// What learns a problem.
public enum LearnerKind: Sendable, Equatable {
  /// A network, from labelled data.
  case network
  /// An agent, from what it meets in environments.
  case agent
}

/// One key of a configuration: its name, what it means, its rule, and how it is read and written.
public struct ConfigurationField: Sendable {
  /// The key, in snake case.
  public let key: String
  /// What the key is for; a key that does not say is part of what is computed.
  public private(set) var role = ConfigurationRole.computes
  /// Whose key it is; nil where every run has it.
  public private(set) var learner: LearnerKind?
  /// What the value does, in one sentence.
  public let summary: String
  /// What the value must be.
  public let rule: String
  /// Whether one value of the key is a list.
  public private(set) var isList = false
  let read: @Sendable (inout RunConfiguration, ConfigurationNode) throws(RunError) -> Void
  let write: @Sendable (RunConfiguration) -> ConfigurationValue?

  init(
    key: String, summary: String, rule: String, isList: Bool = false,
    read: @escaping @Sendable (inout RunConfiguration, ConfigurationNode) throws(RunError) -> Void,
    write: @escaping @Sendable (RunConfiguration) -> ConfigurationValue?
  ) {
    self.key = key
    self.summary = summary
    self.rule = rule
    self.isList = isList
    self.read = read
    self.write = write
  }

  /// The same key for another purpose.
  func that(_ role: ConfigurationRole) -> Self {
    var field = self
    field.role = role
    return field
  }

  /// The same key where one kind of learner alone has it.
  func only(for learner: LearnerKind) -> Self {
    var field = self
    field.learner = learner
    return field
  }

  /// A configuration's value of this key as a reader would write it; nil where it is not set.
  public func text(of configuration: RunConfiguration) -> String? {
    switch write(configuration) {
    case .option(let value): value.description
    case .options(let values):
      values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    case nil: nil
    }
  }
}

/// What a field writes: a plain value or named options.
enum ConfigurationValue: Equatable, Codable {
  case option(OptionValue)
  case options([String: OptionValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let options = try? container.decode([String: OptionValue].self) {
      self = .options(options)
    } else {
      self = .option(try container.decode(OptionValue.self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .option(let value): try container.encode(value)
    case .options(let values): try container.encode(values)
    }
  }
}

/// A parameter that is a list of others.
private protocol ListValue {}
extension Array: ListValue where Element: ParameterValue {}

/// A path to a property of a configuration.
typealias ConfigurationPath<Value> = any WritableKeyPath<RunConfiguration, Value> & Sendable

// MARK: Kinds of fields

extension ConfigurationField {
  static func value<Value: ParameterValue>(
    _ key: String, _ path: ConfigurationPath<Value>, rule: String, _ summary: String,
    where isValid: @escaping @Sendable (Value) -> Bool
  ) -> Self {
    Self(key: key, summary: summary, rule: rule) { (run, node) throws(RunError) in
      run[keyPath: path] = try node.value(rule: rule, where: isValid)
    } write: {
      .option($0[keyPath: path].option)
    }
  }

  static func optional<Value: ParameterValue>(
    _ key: String, _ path: ConfigurationPath<Value?>, rule: String, _ summary: String,
    where isValid: @escaping @Sendable (Value) -> Bool
  ) -> Self {
    Self(key: key, summary: summary, rule: "\(rule), or none", isList: Value.self is any ListValue.Type) {
      (run, node) throws(RunError) in
      let value: Value? = try node.value(rule: "\(rule), or none") { $0.map(isValid) ?? true }
      run[keyPath: path] = value
    } write: {
      $0[keyPath: path].map { .option($0.option) }
    }
  }

  static func count(
    _ key: String, _ path: ConfigurationPath<Int>, atLeast bound: Int, _ summary: String
  ) -> Self {
    value(key, path, rule: "a whole number, at least \(bound)", summary) { $0 >= bound }
  }

  /// A choice that is off unless a configuration says otherwise, and is written only where it is on.
  static func flag(_ key: String, _ path: ConfigurationPath<Bool>, _ summary: String) -> Self {
    let rule = "true or false"
    return Self(key: key, summary: summary, rule: rule) { (run, node) throws(RunError) in
      run[keyPath: path] = try node.value(rule: rule) { _ in true }
    } write: {
      $0[keyPath: path] ? .option(.bool(true)) : nil
    }
  }

  static func optionalCount(_ key: String, _ path: ConfigurationPath<Int?>, _ summary: String) -> Self {
    optional(key, path, rule: "a whole number, at least 1", summary) { $0 >= 1 }
  }

  static func choice<Value: ParameterValue & CaseIterable & RawRepresentable>(
    _ key: String, _ path: ConfigurationPath<Value>, _ summary: String
  ) -> Self where Value.RawValue == String {
    let rule = "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))"
    return Self(key: key, summary: summary, rule: rule) { (run, node) throws(RunError) in
      run[keyPath: path] = try node.choice()
    } write: {
      .option(.string($0[keyPath: path].rawValue))
    }
  }

  static func name(_ key: String, _ path: ConfigurationPath<String>, _ summary: String) -> Self {
    value(key, path, rule: "a name", summary) { !$0.isEmpty }
  }

  static func optionalName(_ key: String, _ path: ConfigurationPath<String?>, _ summary: String) -> Self {
    optional(key, path, rule: "a name", summary) { !$0.isEmpty }
  }

  static func options(
    _ key: String, _ path: ConfigurationPath<[String: OptionValue]>, _ summary: String
  ) -> Self {
    Self(key: key, summary: summary, rule: "a mapping of options") { (run, node) throws(RunError) in
      run[keyPath: path] = try node.options()
    } write: {
      $0[keyPath: path].isEmpty ? nil : .options($0[keyPath: path])
    }
  }
}
