public import Foundation
import Truce
public import TruceRun

/// A study file made concrete: every cell with its configuration, in a fixed order.
public struct StudyPlan: Equatable, Sendable {
  /// What is asked and how it is compared.
  public let file: StudyFile
  /// The cells: the baselines first, then the methods.
  public private(set) var cells: [StudyCell]
  /// The study file, word for word.
  public let text: String
  /// Where each cell is in ``cells``.
  private let positions: [String: Int]

  /// Reads and checks a study file.
  ///
  /// - Parameters:
  ///   - url: The file.
  ///   - vocabulary: What the cells can name; nil where the file only tells of a study that was begun.
  /// - Throws: `RunError` or ``StudyError`` that names the file, the line and the key.
  public init(contentsOf url: URL, vocabulary: ConfigurationVocabulary? = nil) throws {
    let node = try ConfigurationNode(contentsOf: url)
    let text = try String(contentsOf: url, encoding: .utf8)
    try self.init(node: node, text: text, vocabulary)
  }

  /// Reads and checks a study's text.
  ///
  /// - Throws: `RunError` or ``StudyError`` that names the file, the line and the key.
  public init(yaml text: String, file: String) throws {
    try self.init(node: ConfigurationNode(yaml: text, file: file), text: text, nil)
  }

  private init(node: ConfigurationNode, text: String, _ vocabulary: ConfigurationVocabulary?) throws {
    let reader = try StudyReader(node)
    self.file = try reader.file()
    self.cells = try reader.cells(vocabulary)
    self.text = text
    positions = Dictionary(cells.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    try check(at: node.place)
    if let vocabulary { try checkConditions(vocabulary, at: node.place) }
  }

  /// Throws where agents are to be tried under conditions whose results must not stand in one report.
  private func checkConditions(
    _ vocabulary: ConfigurationVocabulary, at place: ConfigurationPlace
  ) throws(StudyError) {
    let tried = cells.compactMap { cell in
      vocabulary.conditions(of: cell.configuration).map { (cell.title, cell.configuration.problem, $0) }
    }
    if let mixed = MixedConditions(among: tried) { throw .mixedConditions(place, mixed) }
  }

  private func check(at place: ConfigurationPlace) throws(StudyError) {
    var seen = Set<String>()
    for cell in cells where !seen.insert(cell.id).inserted {
      throw .sameCell(place, cell: cell.title)
    }
  }

  /// All runs: the cells in order for the first seed, then for the next, so that an early look at a study
  /// shows every method.
  public var runs: [RunKey] {
    let longest = cells.map(\.seeds.count).max() ?? 0
    return (0..<longest).flatMap { index in
      cells.compactMap { cell in
        cell.seeds.indices.contains(index) ? RunKey(cell: cell.id, seed: cell.seeds[index]) : nil
      }
    }
  }

  /// The plan with the names that cells had before, where folders bear these.
  func keepingNames(among folders: Set<String>) -> StudyPlan {
    var plan = self
    plan.cells = cells.map { $0.keepingName(among: folders) }
    return plan
  }

  /// The cell with an identifier.
  public func cell(_ id: String) -> StudyCell? { positions[id].map { cells[$0] } }

  /// What a run is asked to do; nil where the plan has no such run.
  public func configuration(of run: RunKey) -> RunConfiguration? {
    guard let cell = cell(run.cell), cell.seeds.contains(run.seed) else { return nil }
    var configuration = cell.configuration
    configuration.seed = run.seed
    return configuration
  }
}

/// A cell and a seed: one run of a study.
public struct RunKey: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The cell's identifier.
  public let cell: String
  /// The seed.
  public let seed: Int

  /// Creates a key.
  public init(cell: String, seed: Int) {
    self.cell = cell
    self.seed = seed
  }

  /// The run's folder within the study's.
  public var description: String { "\(cell)/\(seed)" }
}
