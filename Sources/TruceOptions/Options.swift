/// Named options, checked against the parameters their owner declares.
public struct Options: Sendable, Equatable {
  /// The name of the method, or of whatever else the options are for.
  public let owner: String
  /// The options as given.
  public let values: [String: OptionValue]

  /// Creates options after checking that `owner` declares every one of them.
  ///
  /// - Parameters:
  ///   - owner: The name of what the options are for, for messages.
  ///   - parameters: What it declares; `of.*` stands for all options whose names begin with `of.`.
  ///   - values: The options as given.
  /// - Throws: ``OptionError/unknownOption(owner:option:closest:known:)`` with the closest declared name.
  public init(
    owner: String, parameters: [ParameterDescription], values: [String: OptionValue]
  ) throws(OptionError) {
    let known = parameters.map(\.name)
    let prefixes = known.filter { $0.hasSuffix(".*") }.map { $0.dropLast() }
    func isKnown(_ option: String) -> Bool {
      known.contains(option) || prefixes.contains { option.hasPrefix($0) }
    }
    if let option = values.keys.sorted().first(where: { !isKnown($0) }) {
      throw .unknownOption(
        owner: owner, option: option, closest: closestName(to: option, among: known), known: known)
    }
    self.owner = owner
    self.values = values
  }

  /// Returns the options whose names begin with a prefix and a dot, without it.
  public func values(under prefix: String) -> [String: OptionValue] {
    let start = prefix + "."
    let nested = values.filter { $0.key.hasPrefix(start) }
    return Dictionary(uniqueKeysWithValues: nested.map { (String($0.key.dropFirst(start.count)), $0.value) })
  }

  /// Returns the checked value of a parameter, or its default.
  ///
  /// - Throws: ``OptionError`` where the option is missing, has another type or breaks its rule.
  public func value<Value>(of parameter: Parameter<Value>) throws(OptionError) -> Value {
    guard let given = values[parameter.name] else {
      guard let value = parameter.defaultValue else {
        throw .missingOption(owner: owner, option: parameter.name, rule: parameter.rule)
      }
      return value
    }
    guard let value = Value(option: given) else {
      throw .invalidOption(
        owner: owner, option: parameter.name, rule: Value.kindName, received: given.description)
    }
    return try parameter.checked(value, for: owner)
  }
}
