import TruceOptions
import TruceShell

/// Options with their types, ranges and defaults, as a table.
struct ParameterTable {
  private let table: TextTable

  /// Creates the table.
  ///
  /// - Parameters:
  ///   - parameters: The options.
  ///   - code: What stands around a name.
  ///   - title: What the options are called.
  init(_ parameters: [ParameterDescription], code: String, title: String = "option") {
    var table = TextTable([title, "type", "range", "default", "meaning"].map { ($0, .left) })
    for parameter in parameters {
      let value = parameter.defaultValue.map(\.description) ?? "required"
      table.append([
        code + parameter.name + code, parameter.type, parameter.range, value, parameter.summary,
      ])
    }
    self.table = table
  }

  func plain(on terminal: Terminal) -> String { table.plain(on: terminal) }

  var markdown: String { table.markdown }
}

extension ParameterDescription {
  /// The rule, unless the type already says it.
  fileprivate var range: String { rule == "one of \(type)" ? "" : rule }
}

/// An option as JSON; `default` is null where the option is required.
struct ParameterDocument: Encodable {
  let parameter: ParameterDescription

  private enum Key: String, CodingKey {
    case name, type, range, `default`, summary
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(parameter.name, forKey: .name)
    try object.encode(parameter.type, forKey: .type)
    try object.encode(parameter.rule, forKey: .range)
    try object.encode(parameter.defaultValue, forKey: .default)
    try object.encode(parameter.summary, forKey: .summary)
  }
}

extension String {
  /// The text with spaces behind it, at least so wide.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }
}
