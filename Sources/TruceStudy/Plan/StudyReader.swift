import Truce
import TruceOptions
import TruceRun

typealias Entry = (key: String, value: ConfigurationNode)

/// Turns the mapping of a study file into its settings and its cells.
///
/// A study file is a run's configuration in which lists are axes. Four axes have keys of their own:
/// `methods`, `optimizers`, `learning_rates` and `seeds`.
struct StudyReader {
  private let node: ConfigurationNode
  private let axes: StudyAxes
  private let limit: CellLimit

  /// Keys of a run's configuration that belong to one of a study's own axes.
  static let axisKeys = [
    "method", "options", "weighting", "weighting_options", "optimizer", "optimizer_options",
    "learning_rate", "seed",
  ]
  static let sharedKeys = RunConfiguration.fields.map(\.key).filter { !axisKeys.contains($0) }

  init(_ node: ConfigurationNode) throws {
    try node.refuseKeys(otherThan: StudyKeys.own.names + Self.sharedKeys)
    self.node = node
    let budget = try node.child(.budget).map(Self.budget) ?? StudyBudget()
    limit = CellLimit(place: node.place, allowed: budget.maxCells ?? StudyBudget.usualCells)
    axes = try StudyAxes(node, limit: limit)
  }

  // MARK: Settings

  func file() throws(RunError) -> StudyFile {
    let report = try node.child(.report)
    return StudyFile(
      name: try name(),
      question: try node.child(.question)?.word(),
      notes: try words(.notes), tags: try words(.tags),
      rule: try report.map(Self.rule) ?? .last,
      split: try report.flatMap(Self.split), published: try report.flatMap(Self.published),
      budget: try node.child(.budget).map(Self.budget) ?? StudyBudget(),
      retries: try node.child(.retries)?.value(rule: StudyKey.retries.rule) { $0 >= 0 } ?? 1)
  }

  private func words(_ key: StudyKey) throws(RunError) -> [String] {
    var words: [String] = []
    for element in try node.child(key)?.elements() ?? [] { words.append(try element.word()) }
    return words
  }

  private func name() throws(RunError) -> String {
    guard let child = try node.child(.name) else { throw .missingKey(node.place, key: "name") }
    return try child.value(rule: StudyKey.name.rule) { (name: String) in
      !name.isEmpty && !name.hasPrefix(".")
        && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }
  }

  private static func rule(_ node: ConfigurationNode) throws(RunError) -> ReportingRule {
    guard case .mapping = node.content else {
      return try node.choice(ReportingRuleName.self).rule(epochs: nil)
    }
    try node.refuseKeys(otherThan: StudyKeys.report.names)
    let epochs = try node.child(.reportEpochs)?.value(rule: StudyKey.reportEpochs.rule) { $0 >= 1 }
    let name = try node.child(.reportRule)?.choice(ReportingRuleName.self) ?? .last
    if name == .last10Epochs, let epochs, epochs != 10, let child = try node.child(.reportEpochs) {
      throw child.problem("10 or absent beside last-10-epochs")
    }
    return name.rule(epochs: epochs)
  }

  private static func split(_ node: ConfigurationNode) throws(RunError) -> String? {
    guard case .mapping = node.content else { return nil }
    return try node.child(.reportSplit)?.word()
  }

  private static func published(_ node: ConfigurationNode) throws(RunError) -> String? {
    guard case .mapping = node.content, let child = try node.child(.reportPublished) else { return nil }
    let name = try child.word()
    do throws(OptionError) { return try PublishedTables.table(named: name).name } catch {
      throw child.problem("\(StudyKey.reportPublished.rule) (\(error.help))")
    }
  }

  private static func budget(_ node: ConfigurationNode) throws(RunError) -> StudyBudget {
    try node.refuseKeys(otherThan: StudyKeys.budget.names)
    return StudyBudget(
      maxSeconds: try node.child(.maxSeconds)?.value(rule: StudyKey.maxSeconds.rule) { $0 > 0 },
      maxCells: try node.child(.maxCells)?.value(rule: StudyKey.maxCells.rule) { $0 >= 1 })
  }

  // MARK: Cells

  func cells(_ vocabulary: ConfigurationVocabulary?) throws -> [StudyCell] {
    var drafts = try baselines()
    if let list = try node.child(.cells) {
      drafts += try explicitCells(list)
    } else {
      drafts += try axes.product()
    }
    try limit.sum(of: [drafts.count])
    return try CellDraft.cells(drafts, vocabulary)
  }

  private func explicitCells(_ list: ConfigurationNode) throws -> [CellDraft] {
    for key in [StudyKey.methods, .optimizers, .learningRates] {
      if let other = try node.child(key) { throw other.problem("absent where `cells` lists the runs") }
    }
    var drafts: [CellDraft] = []
    for element in try list.elements() {
      drafts += try axes.explicit(element)
      try limit.sum(of: [drafts.count])
    }
    guard !drafts.isEmpty else { throw list.problem("a list of at least one cell") }
    return drafts
  }

  private func baselines() throws -> [CellDraft] {
    guard let child = try node.child(.baselines), !child.isNull else { return [] }
    if case .scalar(.bool(let isWanted)) = child.content, !isWanted { return [] }
    let isPlain = if case .scalar(.bool(true)) = child.content { true } else { false }
    let node = isPlain ? ConfigurationNode(.null, place: child.place, key: child.key) : child
    return try BaselineReader(study: axes, node: node, limit: limit).drafts()
  }
}

/// The names of the reporting rules in a study file.
enum ReportingRuleName: String, ParameterValue, CaseIterable {
  case last
  case bestEpoch = "best-epoch"
  case meanOfLast = "mean-of-last"
  case final
  case bestValidation = "best-validation"
  case last10Epochs = "last-10-epochs"

  /// The names as a rule says them.
  static var list: String { "one of \(allCases.map(\.rawValue).joined(separator: ", "))" }

  /// The rule, with so many measurements to average; nil for ten.
  func rule(epochs: Int?) -> ReportingRule {
    switch self {
    case .last, .final: .last
    case .bestEpoch, .bestValidation: .bestEpoch
    case .meanOfLast, .last10Epochs: .meanOfLast(epochs ?? 10)
    }
  }
}

extension ConfigurationNode {
  /// The value of a key, where it was written.
  func child(_ key: StudyKey) throws(RunError) -> ConfigurationNode? { try child(key.name) }
}
