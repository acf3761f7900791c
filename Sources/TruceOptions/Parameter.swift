/// A parameter of a method, an optimizer, a schedule or a problem: its name, its rule and its default, stated once.
///
/// The typed initialiser, the option parser, the help text and the documentation all read it.
public struct Parameter<Value: ParameterValue>: Sendable {
  /// The name, in snake case as the public implementations spell it.
  public let name: String
  /// The value used where none is given, or nil where one must be.
  public let defaultValue: Value?
  /// The rule in words, such as "at least 0".
  public let rule: String
  /// What the parameter does, in one sentence.
  public let summary: String
  private let form: ValueForm?
  private let isValid: @Sendable (Value) -> Bool

  /// Creates a parameter.
  ///
  /// - Parameters:
  ///   - name: The name, in snake case.
  ///   - defaultValue: The value used where none is given, or nil where one must be.
  ///   - rule: The rule in words.
  ///   - form: The rule as data, for who knows the description only; by default what the type says.
  ///   - summary: What the parameter does, in one sentence.
  ///   - isValid: Whether a value keeps the rule.
  public init(
    _ name: String, default defaultValue: Value?, rule: String, form: ValueForm? = Value.form,
    _ summary: String,
    isValid: @escaping @Sendable (Value) -> Bool
  ) {
    self.name = name
    self.defaultValue = defaultValue
    self.rule = rule
    self.summary = summary
    self.form = form
    self.isValid = isValid
  }

  /// Returns the value if it keeps the rule.
  ///
  /// - Throws: ``OptionError/invalidOption(owner:option:rule:received:)``.
  public func checked(_ value: Value, for owner: String) throws(OptionError) -> Value {
    guard isValid(value) else {
      throw .invalidOption(owner: owner, option: name, rule: rule, received: value.option.description)
    }
    return value
  }

  /// The parameter for help texts and documentation.
  public var description: ParameterDescription {
    ParameterDescription(
      name: name, type: Value.typeName, rule: rule, defaultValue: defaultValue?.option,
      summary: summary, form: form)
  }
}

/// A parameter as help texts and documentation show it.
public struct ParameterDescription: Equatable, Sendable, Codable {
  /// The option's name.
  public let name: String
  /// The type in words.
  public let type: String
  /// The rule in words.
  public let rule: String
  /// The default, or nil where the option is required.
  public let defaultValue: OptionValue?
  /// What the parameter does, in one sentence.
  public let summary: String
  /// The rule as data; nil where only the parameter itself can tell.
  public let form: ValueForm?

  /// Creates a description, for what no ``Parameter`` stands for.
  public init(
    name: String, type: String, rule: String, defaultValue: OptionValue?, summary: String,
    form: ValueForm? = nil
  ) {
    self.form = form
    self.name = name
    self.type = type
    self.rule = rule
    self.defaultValue = defaultValue
    self.summary = summary
  }
}

// MARK: Common rules

extension Parameter where Value == Double {
  /// A finite number no smaller than `bound`.
  public static func atLeast(
    _ bound: Double, _ name: String, default value: Double?, _ summary: String
  ) -> Parameter {
    Parameter(
      name, default: value, rule: "at least \(OptionValue.text(of: bound))",
      form: Value.form?.inside(bound), summary
    ) {
      $0.isFinite && $0 >= bound
    }
  }

  /// A finite number greater than zero.
  public static func positive(_ name: String, default value: Double?, _ summary: String) -> Parameter {
    Parameter(
      name, default: value, rule: "greater than 0",
      form: Value.form?.inside(0, above: true), summary
    ) { $0.isFinite && $0 > 0 }
  }

  /// A number in a closed range.
  public static func inside(
    _ range: ClosedRange<Double>, _ name: String, default value: Double?, _ summary: String
  ) -> Parameter {
    let ends = (OptionValue.text(of: range.lowerBound), OptionValue.text(of: range.upperBound))
    return Parameter(
      name, default: value, rule: "between \(ends.0) and \(ends.1)",
      form: Value.form?.inside(range.lowerBound, range.upperBound), summary
    ) {
      range.contains($0)
    }
  }

  /// A share of at least 0 and less than 1, such as the decay of an average.
  public static func share(_ name: String, default value: Double?, _ summary: String) -> Parameter {
    Parameter(
      name, default: value, rule: "at least 0 and less than 1",
      form: Value.form?.inside(0, 1, below: true), summary
    ) { $0 >= 0 && $0 < 1 }
  }

  /// Any finite number.
  public static func finite(_ name: String, default value: Double?, _ summary: String) -> Parameter {
    Parameter(name, default: value, rule: "finite", summary) { $0.isFinite }
  }
}

extension Parameter where Value == Int {
  /// A whole number no smaller than `bound`.
  public static func atLeast(
    _ bound: Int, _ name: String, default value: Int?, _ summary: String
  ) -> Parameter {
    Parameter(
      name, default: value, rule: "a whole number, at least \(bound)",
      form: Value.form?.inside(Double(bound)), summary
    ) {
      $0 >= bound
    }
  }
}

extension Parameter {
  /// A value whose type already says all: a choice or a truth value.
  public static func any(_ name: String, default value: Value?, _ summary: String) -> Parameter {
    Parameter(name, default: value, rule: "one of \(Value.typeName)", summary) { _ in true }
  }
}
