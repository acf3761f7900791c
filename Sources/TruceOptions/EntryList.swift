/// An entry of a catalogue: what is known about it, beside a way to make it.
public protocol CatalogueListing: Sendable {
  /// The type of the description.
  associatedtype About: EntryDescription
  /// What is known about the entry.
  var about: About { get }
}

/// A catalogue that can be added to: entries with different names, in the order in which tables show them.
///
/// It is a value. Who wants more entries makes a longer list and hands that on.
public struct EntryList<Entry: CatalogueListing>: Sendable {
  /// The entries.
  public let entries: [Entry]

  /// Creates a catalogue.
  ///
  /// - Throws: ``CatalogueError/repeatedName(kind:name:)`` where two entries bear one name.
  public init(_ entries: [Entry]) throws(CatalogueError) {
    try CatalogueError.check(entries.map(\.about.name), ofKind: Entry.About.kind)
    self.entries = entries
  }

  /// The entry with this name.
  ///
  /// - Throws: ``OptionError/unknownName(kind:name:closest:known:)`` with the closest known name.
  public func entry(named name: String) throws(OptionError) -> Entry {
    if let entry = entries.first(where: { $0.about.name == name }) { return entry }
    let known = entries.map(\.about.name)
    throw .unknownName(
      kind: Entry.About.kind, name: name, closest: closestName(to: name, among: known), known: known)
  }

  /// The catalogue with further entries behind its own.
  ///
  /// - Throws: ``CatalogueError/repeatedName(kind:name:)`` where a name is taken.
  public func adding(_ others: [Entry]) throws(CatalogueError) -> EntryList {
    try EntryList(entries + others)
  }

  /// What is known about each entry.
  public var descriptions: [Entry.About] { entries.map(\.about) }
}

/// What can be wrong with the entries of a catalogue.
public enum CatalogueError: Error, Equatable, Sendable {
  /// Two entries bear one name.
  case repeatedName(kind: String, name: String)
  /// A problem with labelled data is described as one with environments, or the reverse.
  case otherLearner(problem: String, expected: String)
}

extension CatalogueError {
  /// Throws ``repeatedName(kind:name:)`` where a name stands twice.
  public static func check(_ names: [String], ofKind kind: String) throws(CatalogueError) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted { throw .repeatedName(kind: kind, name: name) }
  }
}

extension CatalogueError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .repeatedName(let kind, let name): "there are two of the name '\(name)' in the catalogue of \(kind)s"
    case .otherLearner(let problem, let expected):
      "the description of the problem '\(problem)' names no \(expected) that learns it"
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    switch self {
    case .repeatedName: "give the one that is added another name"
    case .otherLearner(_, let expected): "describe it with its usual \(expected)"
    }
  }
}
