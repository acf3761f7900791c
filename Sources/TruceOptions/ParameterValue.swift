/// A type that a parameter may have.
public protocol ParameterValue: Sendable {
  /// How the type is called in help texts.
  static var typeName: String { get }
  /// How messages call a value of the type, after "must be": "a number", "one of a|b".
  static var kindName: String { get }
  /// What a value must be, as data; nil where no form can say it.
  static var form: ValueForm? { get }
  /// Reads the value, or returns nil where the option has another type.
  init?(option: OptionValue)
  /// The value as an option.
  var option: OptionValue { get }
}

extension ParameterValue {
  /// The type's name with its article.
  public static var kindName: String { "a " + typeName }
  /// None: only who reads the value knows.
  public static var form: ValueForm? { nil }
}

// MARK: Types

extension Double: ParameterValue {
  /// "number".
  public static var typeName: String { "number" }
  /// Reads a number.
  public init?(option: OptionValue) {
    guard case .number(let value) = option else { return nil }
    self = value
  }
  /// The number as an option.
  public var option: OptionValue { .number(self) }
}

extension Int: ParameterValue {
  /// "whole number".
  public static var typeName: String { "whole number" }
  /// Reads a whole number.
  public init?(option: OptionValue) {
    guard case .number(let value) = option, let whole = Int(exactly: value) else { return nil }
    self = whole
  }
  /// The number as an option.
  public var option: OptionValue { .number(Double(self)) }
}

extension Bool: ParameterValue {
  /// "true or false".
  public static var typeName: String { "true or false" }
  /// "true or false".
  public static var kindName: String { typeName }
  /// Reads a truth value.
  public init?(option: OptionValue) {
    guard case .bool(let value) = option else { return nil }
    self = value
  }
  /// The value as an option.
  public var option: OptionValue { .bool(self) }
}

extension String: ParameterValue {
  /// "word".
  public static var typeName: String { "word" }
  /// Reads a word.
  public init?(option: OptionValue) {
    guard case .string(let value) = option else { return nil }
    self = value
  }
  /// The word as an option.
  public var option: OptionValue { .string(self) }
}

extension Array: ParameterValue where Element: ParameterValue {
  /// "list of …".
  public static var typeName: String { "list of \(Element.typeName)s" }
  /// Reads a list whose elements all have the right type.
  public init?(option: OptionValue) {
    guard case .list(let values) = option else { return nil }
    let elements = values.compactMap(Element.init(option:))
    guard elements.count == values.count else { return nil }
    self = elements
  }
  /// The list as an option.
  public var option: OptionValue { .list(map(\.option)) }
}

extension Optional: ParameterValue where Wrapped: ParameterValue {
  /// The wrapped type's name.
  public static var typeName: String { Wrapped.typeName }
  /// The wrapped type's kind.
  public static var kindName: String { Wrapped.kindName }
  /// Reads "none" as nil and anything else as the wrapped type.
  public init?(option: OptionValue) {
    if option == .string("none") {
      self = .none
    } else if let value = Wrapped(option: option) {
      self = .some(value)
    } else {
      return nil
    }
  }
  /// The value, or "none".
  public var option: OptionValue { self?.option ?? .string("none") }
}

extension ParameterValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// The choices, separated by bars.
  public static var typeName: String { allCases.map(\.rawValue).joined(separator: "|") }
  /// The choices.
  public static var kindName: String { "one of " + typeName }
  /// Reads one of the choices.
  public init?(option: OptionValue) {
    guard case .string(let word) = option else { return nil }
    self.init(rawValue: word)
  }
  /// The choice as a word.
  public var option: OptionValue { .string(rawValue) }
}
