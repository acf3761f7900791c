/// What a run computes: the keys of its configuration that decide its results and differ from their defaults.
///
/// Two runs of one identity are one run, wherever they take place and whatever is observed of them. A key that is
/// added to Truce later has its default in every older run and so changes no identity.
public struct RunIdentity: Equatable, Sendable {
  private let lines: [String]

  /// Takes the identity of a configuration.
  ///
  /// - Parameters:
  ///   - configuration: What a run is told.
  ///   - left: Keys that do not count, such as `seed` for what runs of several seeds have in common.
  public init(of configuration: RunConfiguration, without left: Set<String> = []) {
    lines = RunConfiguration.fields.filter { $0.role == .computes && !left.contains($0.key) }
      .sorted { $0.key < $1.key }.compactMap { $0.changedLine(in: configuration) }
  }

  /// Eight hexadecimal digits that tell identities apart, the same on every machine.
  public var digits: String { StableHash.digits(of: lines.joined()) }
}

extension RunConfiguration {
  /// A key whose value differs between two configurations.
  public struct Difference: Equatable, Sendable {
    /// The key.
    public let field: String
    /// The value in this configuration; nil where it is not set.
    public let own: String?
    /// The value in the other; nil where it is not set.
    public let other: String?

    /// Creates a difference.
    public init(field: String, own: String?, other: String?) {
      self.field = field
      self.own = own
      self.other = other
    }
  }

  /// The lines of ``resolvedYAML`` by key.
  package var resolvedLines: [String: String] {
    Self.fields.reduce(into: [:]) { lines, field in
      lines[field.key] = field.write(self).map { Self.line(field.key, $0) }
    }
  }

  /// The keys whose values are not the defaults.
  package var changedKeys: [String] {
    Self.fields.filter { $0.changedLine(in: self) != nil }.map(\.key)
  }

  /// Where two configurations differ among the keys of some role, in the order of the keys.
  public func differences(from other: RunConfiguration, in role: ConfigurationRole) -> [Difference] {
    Self.fields.filter { $0.role == role }.compactMap { field in
      let (mine, theirs) = (field.text(of: self), field.text(of: other))
      return mine == theirs ? nil : Difference(field: field.key, own: mine, other: theirs)
    }
  }
}

extension ConfigurationField {
  /// The key and its value as a file has them; nil where the value is the default.
  ///
  /// A problem and a method must be named, so they have no default.
  fileprivate func changedLine(in configuration: RunConfiguration) -> String? {
    let value = write(configuration)
    guard value != write(Self.defaults) else { return nil }
    return value.map { RunConfiguration.line(key, $0) } ?? "\(key): none\n"
  }

  private static let defaults = RunConfiguration(problem: "", method: "")
}

/// A hash that is the same on every machine and in every version.
package enum StableHash {
  /// Eight hexadecimal digits made of the 64-bit FNV-1a hash of a text.
  package static func digits(of text: String) -> String {
    let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    let digits = String(hash ^ (hash >> 32) & 0xFFFF_FFFF, radix: 16).suffix(8)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
