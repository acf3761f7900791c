/// What can be wrong with the name or the options of a method, an optimizer, a schedule or a problem.
public enum OptionError: Error, Equatable, Sendable {
  /// Nothing of this kind bears the name.
  case unknownName(kind: String, name: String, closest: String?, known: [String])
  /// Its owner has no such option.
  case unknownOption(owner: String, option: String, closest: String?, known: [String])
  /// An option without a default was not given.
  case missingOption(owner: String, option: String, rule: String)
  /// An option has another type or breaks its rule.
  case invalidOption(owner: String, option: String, rule: String, received: String)
}

extension OptionError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .unknownName(let kind, let name, _, _):
      "unknown \(kind) '\(name)'"
    case .unknownOption(let owner, let option, _, _):
      "\(owner): unknown option '\(option)'"
    case .missingOption(let owner, let option, let rule):
      "\(owner): option '\(option)' is required and must be \(rule)"
    case .invalidOption(let owner, let option, let rule, let received):
      "\(owner): \(option) must be \(rule), got \(received)"
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .unknownName(_, _, let closest, let known), .unknownOption(_, _, let closest, let known):
      if let closest { return "did you mean '\(closest)'?" }
      return known.isEmpty ? "it takes no options" : "known are " + known.joined(separator: ", ")
    case .missingOption(let owner, let option, _):
      return "give '\(option)' beside the name '\(owner)'"
    case .invalidOption(_, let option, let rule, _):
      return "choose a value for '\(option)' that is \(rule)"
    }
  }
}
