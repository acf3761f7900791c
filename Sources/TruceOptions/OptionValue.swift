/// The value of an option as written on a command line or in a study file.
public enum OptionValue: Equatable, Sendable, Codable {
  /// A number.
  case number(Double)
  /// True or false.
  case bool(Bool)
  /// A word.
  case string(String)
  /// Several values.
  case list([OptionValue])

  /// Decodes a JSON number, boolean, string or array.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else {
      self = .list(try container.decode([OptionValue].self))
    }
  }

  /// Encodes the bare value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .bool(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    }
  }
}

extension OptionValue: CustomStringConvertible {
  /// The value as a reader would write it.
  public var description: String {
    switch self {
    case .number(let value): Self.text(of: value)
    case .bool(let value): "\(value)"
    case .string(let value): value
    case .list(let values): "[" + values.map(\.description).joined(separator: ",") + "]"
    }
  }

  /// A number as a reader would write it: whole numbers without a point.
  package static func text(of number: Double) -> String {
    let isSmallInteger = number.rounded() == number && number.magnitude < 1e15
    return isSmallInteger ? "\(Int(number))" : "\(number)"
  }
}

extension OptionValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  /// Creates a number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// Creates a number.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  /// Creates a word.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Creates a truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Creates a list.
  public init(arrayLiteral elements: OptionValue...) { self = .list(elements) }
}
