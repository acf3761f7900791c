import Truce
import Yams

/// Turns what Yams read into nodes that know their places.
///
/// An alias stands for all it names, so a few lines of aliases of aliases would become billions of nodes: what a file may
/// grow to is bounded.
struct NodeReader {
  /// The most values that a file may hold, aliases counted as often as they are used.
  static let mostNodes = 200_000
  /// How deep lists and mappings may lie in each other.
  static let mostLevels = 100

  /// Whether Yams would compare keys that may be as large as aliases of aliases can make them, before anything here
  /// could count their values.
  static func hasCostlyKeys(_ text: String) -> Bool {
    guard text.matches(of: /\*[A-Za-z0-9_-]+/).count > mostAliases else { return false }
    return text.contains(/(?m)^\s*\?\s|[\]}]\s*:(\s|$)|\*[A-Za-z0-9_-]+\s*:(\s|$)/)
  }

  private static let mostAliases = 40

  private let place: (Int?) -> ConfigurationPlace
  private var count = 0
  private var level = 0

  init(place: @escaping (Int?) -> ConfigurationPlace) {
    self.place = place
  }

  /// Converts a node and all that it holds.
  ///
  /// - Throws: ``RunError/tooLarge(_:what:)``.
  mutating func node(_ node: Node, line: Int? = nil, key: String) throws(RunError) -> ConfigurationNode {
    let place = place(line ?? node.mark?.line)
    count += 1
    level += 1
    defer { level -= 1 }
    guard count <= Self.mostNodes else {
      throw .tooLarge(place, what: "grows to more than \(Self.mostNodes) values")
    }
    guard level <= Self.mostLevels else {
      throw .tooLarge(place, what: "nests more than \(Self.mostLevels) levels deep")
    }
    return ConfigurationNode(try content(of: node, key: key), place: place, key: key)
  }

  private mutating func content(of node: Node, key: String) throws(RunError) -> ConfigurationNode.Content {
    switch node {
    case .scalar(let scalar): return Self.value(of: scalar)
    case .sequence(let elements):
      var list: [ConfigurationNode] = []
      for (index, element) in elements.enumerated() {
        list.append(try self.node(element, key: "\(key)[\(index)]"))
      }
      return .list(list)
    case .mapping(let pairs):
      var entries: [(key: String, value: ConfigurationNode)] = []
      for pair in pairs {
        let name = pair.key.scalar?.string ?? "?"
        let path = key.isEmpty ? name : "\(key).\(name)"
        entries.append((name, try self.node(pair.value, line: pair.key.mark?.line, key: path)))
      }
      return .mapping(entries)
    case .alias: return .null
    }
  }

  private static func value(of scalar: Node.Scalar) -> ConfigurationNode.Content {
    let text = scalar.string
    guard scalar.style == .plain || scalar.style == .any else { return .scalar(.string(text)) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .scalar(.bool(true))
    case "false", "False", "FALSE": return .scalar(.bool(false))
    case ".inf", "+.inf": return .scalar(.number(.infinity))
    case "-.inf": return .scalar(.number(-.infinity))
    default: break
    }
    guard let first = text.first(where: { $0 != "-" && $0 != "+" && $0 != "." }), first.isNumber,
      !text.lowercased().hasPrefix("0x"), let number = Double(text)
    else { return .scalar(.string(text)) }
    return .scalar(.number(number))
  }
}
