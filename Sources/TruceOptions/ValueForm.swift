/// What a value must be, as data, so that a program which knows only a parameter's description can check it.
///
/// A rule that no form can say, such as "a power of two", is checked where the parameter itself is.
public struct ValueForm: Codable, Equatable, Sendable {
  /// What kind of value it is.
  public enum Kind: String, Codable, Sendable {
    /// Any number.
    case number
    /// A whole number.
    case integer
    /// True or false.
    case boolean
    /// Any word.
    case word
    /// One of some words.
    case choice
    /// Several values of one form.
    case list
  }

  /// What kind of value it is.
  public let kind: Kind
  /// The words of a choice.
  public var choices: [String] = []
  /// The smallest number allowed; nil for none.
  public var minimum: Double?
  /// The largest number allowed; nil for none.
  public var maximum: Double?
  /// Whether a number must lie above the smallest, rather than at it.
  public var isAboveMinimum = false
  /// Whether a number must lie below the largest, rather than at it.
  public var isBelowMaximum = false
  /// Whether `none` may stand for the value.
  public var allowsNone = false
  /// The form of a list's elements, in a list of one.
  public var element: [ValueForm] = []

  /// Creates the form of all values of a kind.
  public init(_ kind: Kind) { self.kind = kind }

  /// The form of one of some words.
  public static func choice(of words: [String]) -> ValueForm {
    var form = ValueForm(.choice)
    form.choices = words
    return form
  }

  /// The form of a list of values.
  public static func list(of element: ValueForm) -> ValueForm {
    var form = ValueForm(.list)
    form.element = [element]
    return form
  }

  /// The form with `none` allowed as well.
  public var orNone: ValueForm {
    var form = self
    form.allowsNone = true
    return form
  }

  /// The form of numbers in a range; those of a list's elements where the form is one of lists.
  public func inside(
    _ minimum: Double?, _ maximum: Double? = nil, above: Bool = false, below: Bool = false
  ) -> ValueForm {
    var form = self
    guard element.isEmpty else {
      form.element = element.map { $0.inside(minimum, maximum, above: above, below: below) }
      return form
    }
    (form.minimum, form.maximum) = (minimum, maximum)
    (form.isAboveMinimum, form.isBelowMaximum) = (above, below)
    return form
  }

  /// Whether a value has the form.
  public func accepts(_ value: OptionValue) -> Bool {
    if allowsNone, value == .string("none") { return true }
    return switch (kind, value) {
    case (.number, .number(let number)): contains(number)
    case (.integer, .number(let number)): Int(exactly: number) != nil && contains(number)
    case (.boolean, .bool), (.word, .string): true
    case (.choice, .string(let word)): choices.contains(word)
    case (.list, .list(let values)): values.allSatisfy { value in element.allSatisfy { $0.accepts(value) } }
    default: false
    }
  }

  private func contains(_ number: Double) -> Bool {
    let isAbove = minimum.map { isAboveMinimum ? number > $0 : number >= $0 } ?? true
    return isAbove && (maximum.map { isBelowMaximum ? number < $0 : number <= $0 } ?? true)
  }
}

extension ParameterDescription {
  /// Throws where a value has another form.
  ///
  /// - Throws: ``OptionError/invalidOption(owner:option:rule:received:)``.
  func check(_ value: OptionValue, for owner: String) throws(OptionError) {
    guard let form, !form.accepts(value) else { return }
    throw .invalidOption(owner: owner, option: name, rule: rule, received: value.description)
  }
}

extension EntryDescription {
  /// Throws where an option is unknown, missing or has another form than it must.
  ///
  /// - Throws: ``OptionError``.
  public func check(_ values: [String: OptionValue]) throws(OptionError) {
    _ = try Options(owner: name, parameters: parameters, values: values)
    for parameter in parameters {
      if let value = values[parameter.name] {
        try parameter.check(value, for: name)
      } else if parameter.defaultValue == nil, !parameter.name.hasSuffix(".*") {
        throw .missingOption(owner: name, option: parameter.name, rule: parameter.rule)
      }
    }
  }
}

// MARK: Types

extension Double {
  /// A number.
  public static var form: ValueForm? { ValueForm(.number) }
}

extension Int {
  /// A whole number.
  public static var form: ValueForm? { ValueForm(.integer) }
}

extension Bool {
  /// True or false.
  public static var form: ValueForm? { ValueForm(.boolean) }
}

extension String {
  /// A word.
  public static var form: ValueForm? { ValueForm(.word) }
}

extension Array where Element: ParameterValue {
  /// A list of the element's form.
  public static var form: ValueForm? { Element.form.map { .list(of: $0) } }
}

extension Optional where Wrapped: ParameterValue {
  /// The wrapped type's form, or none.
  public static var form: ValueForm? { Wrapped.form?.orNone }
}

extension ParameterValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  /// One of the choices.
  public static var form: ValueForm? { .choice(of: allCases.map(\.rawValue)) }
}
