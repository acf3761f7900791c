import ArgumentParser
import TruceOptions
import TruceShell
import TruceStudy

/// `truce study keys`: explains the keys of a study file and of a run.
struct StudyKeysCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Explain the keys of a study file, and of a run's configuration.",
    discussion: """
      With a name, only the keys of that name, or those of a mapping such as budget; run stands for those of a run. \
      `truce problems <name>` explains a problem's options.

        truce study keys
        truce study keys baselines
        truce study keys batch_size
      """)

  @Argument(
    help: "A key, or a mapping of keys.",
    completion: .list(Set(StudyKeys.groups.flatMap { $0.keys.map(\.name) } + ["run"]).sorted()))
  var name: String?

  @Option(help: "How to write it: table, json or markdown.")
  var format: CatalogueFormat = .table

  func run() throws {
    let groups = try StudyKeyListing(of: StudyKeys.groups, named: name)
    switch format {
    case .table: print(groups.plain(on: .current))
    case .json: print(try Output.json(groups))
    case .markdown: print(groups.markdown)
    }
  }
}

/// Keys of study files as tables.
struct StudyKeyListing {
  private let groups: [StudyKeyGroup]

  /// Chooses the keys and mappings of a name; all without one.
  ///
  /// - Throws: ``CommandFailure`` where there are none.
  init(of groups: [StudyKeyGroup], named name: String?) throws(CommandFailure) {
    guard let name else {
      self.groups = groups
      return
    }
    let places = groups.filter { $0.place == name }
    let others = groups.filter { $0.place != name && $0.keys.contains { $0.name == name } }
    self.groups = others.map { $0.only(name) } + places
    guard self.groups.isEmpty else { return }
    let known = groups.flatMap { [$0.place] + $0.keys.map(\.name) }
    let closest = closestName(to: name, among: known).map { "did you mean '\($0)'? " } ?? ""
    throw .usage("no key is called '\(name)'", help: closest + "`truce study keys` lists them all")
  }

  func plain(on terminal: Terminal) -> String {
    groups.map { group in
      [
        terminal.bold(Self.title(of: group)), terminal.wrapped(group.summary), "",
        Self.table(of: group, code: "").plain(on: terminal),
      ].joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  var markdown: String {
    groups.map { group in
      ["## \(Self.title(of: group))", group.summary, Self.table(of: group, code: "`").markdown]
        .joined(separator: "\n\n")
    }.joined(separator: "\n\n")
  }

  private static func title(of group: StudyKeyGroup) -> String {
    switch group.place {
    case "": "A study file"
    case "run": "A run"
    default: "\(group.place):"
    }
  }

  private static func table(of group: StudyKeyGroup, code: String) -> TextTable {
    var table = TextTable(["key", "value", "without it", "meaning"].map { ($0, .left) })
    for key in group.keys {
      // Markdown would take an angle for the beginning of a tag.
      let rule = code.isEmpty ? key.rule : key.rule.replacing("<", with: "\\<")
      table.append([code + key.name + code, rule, key.usual ?? "required", key.summary])
    }
    return table
  }
}

extension StudyKeyListing: Encodable {
  private struct Group: Encodable {
    let place: String
    let summary: String
    let keys: [Key]
  }

  private struct Key: Encodable {
    let name: String
    let rule: String
    @ExplicitNull var usual: String?
    let summary: String
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(
      groups.map { group in
        Group(
          place: group.place, summary: group.summary,
          keys: group.keys.map { Key(name: $0.name, rule: $0.rule, usual: $0.usual, summary: $0.summary) })
      })
  }
}
