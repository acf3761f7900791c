import Truce
import TruceRun

/// The axes of a study: what each cell takes one value of.
struct StudyAxes {
  /// What all cells share.
  let shared: ConfigurationNode
  let methods: [MethodChoice]
  let optimizers: [OptimizerChoice]
  let learningRates: [ConfigurationNode]
  let seeds: [Int]
  /// Keys of the run's configuration that were given a list.
  let others: [(key: String, values: [ConfigurationNode])]

  private let limit: CellLimit

  init(_ node: ConfigurationNode, limit: CellLimit) throws {
    self.limit = limit
    methods = try MethodChoice.list(node.child("methods"), limit: limit)
    optimizers = try OptimizerChoice.list(node.child("optimizers"))
    learningRates = try Self.ladder(node) ?? []
    seeds = try Self.seeds(node.child("seeds")) ?? [0]
    let entries = try node.entries().filter { StudyReader.sharedKeys.contains($0.key) }
    var others: [(key: String, values: [ConfigurationNode])] = []
    for entry in entries {
      guard let values = Self.axis(entry) else { continue }
      guard !values.isEmpty else { throw entry.value.problem("a list of at least one value") }
      others.append((entry.key, values))
    }
    self.others = others
    shared = ConfigurationNode(
      .mapping(entries.filter { Self.axis($0) == nil }), place: node.place, key: node.key)
  }

  static func seeds(_ node: ConfigurationNode?) throws(RunError) -> [Int]? {
    guard let node else { return nil }
    return try SeedList(node).seeds
  }

  /// The learning rates of a mapping; nil where it gives none.
  static func ladder(_ node: ConfigurationNode) throws(RunError) -> [ConfigurationNode]? {
    guard let child = try node.child("learning_rates") else { return nil }
    let rates = try child.elements()
    guard !rates.isEmpty else { throw child.problem("a list of at least one learning rate") }
    return rates
  }

  /// Keys whose one value is a list.
  private static let listKeys = Set(RunConfiguration.fields.filter(\.isList).map(\.key))

  /// The values of a key that was given a list; where one value is a list already, a list of lists is an axis.
  private static func axis(_ entry: Entry) -> [ConfigurationNode]? {
    guard case .list(let elements) = entry.value.content else { return nil }
    guard listKeys.contains(entry.key) else { return elements }
    let isNested = elements.contains { if case .list = $0.content { true } else { false } }
    return isNested ? elements : nil
  }

  // MARK: Cells

  /// Every method with every optimizer, learning rate and value of the other axes.
  func product() throws -> [CellDraft] {
    try limit.product(
      of: [methods.count, tuningCount(optimizers, learningRates)] + others.map(\.values.count))
    guard !methods.isEmpty else { throw RunError.missingKey(shared.place, key: "methods") }
    var drafts: [CellDraft] = []
    for method in methods {
      for tuning in tunings(optimizers, learningRates) {
        for values in otherValues() {
          drafts.append(try draft(method, tuning, values, seeds: seeds))
        }
      }
    }
    return drafts
  }

  /// A cell that is written out, with the values of the other axes.
  func explicit(_ node: ConfigurationNode) throws -> [CellDraft] {
    let entries = try node.entries().filter { $0.key != "seeds" }
    let seeds = try Self.seeds(node.child("seeds")) ?? seeds
    let given = entries.map(\.key)
    try limit.product(of: others.filter { !given.contains($0.key) }.map(\.values.count))
    var drafts: [CellDraft] = []
    for values in otherValues(except: given) {
      var draft = CellDraft(node: try shared.merging(values + entries), seeds: seeds)
      draft.axes = try Self.options(values)
      drafts.append(draft)
    }
    return drafts
  }

  private func draft(
    _ method: MethodChoice, _ tuning: [Entry], _ values: [Entry], seeds: [Int]
  ) throws(RunError) -> CellDraft {
    let entries = values + tuning + method.entries
    var draft = CellDraft(node: try shared.merging(entries), seeds: seeds)
    draft.axes = try Self.options(values).merging(method.axes) { $1 }
    return draft
  }

  /// The number of ``tunings(_:_:)``.
  func tuningCount(_ optimizers: [OptimizerChoice], _ rates: [ConfigurationNode]) -> Int {
    optimizers.isEmpty
      ? max(1, rates.count)
      : optimizers.reduce(0) { $0 + max(1, ($1.learningRates ?? rates).count) }
  }

  /// Every optimizer with every learning rate of its own ladder, or of the study's.
  func tunings(_ optimizers: [OptimizerChoice], _ rates: [ConfigurationNode]) -> [[Entry]] {
    let choices = optimizers.isEmpty ? [OptimizerChoice()] : optimizers
    return choices.flatMap { choice -> [[Entry]] in
      let ladder = choice.learningRates ?? rates
      guard !ladder.isEmpty else { return [choice.entries] }
      return ladder.map { choice.entries + [("learning_rate", $0)] }
    }
  }

  /// Every combination of the other axes' values.
  func otherValues(except given: [String] = []) -> [[Entry]] {
    others.filter { !given.contains($0.key) }.reduce([[]]) { combinations, axis in
      combinations.flatMap { combination in
        axis.values.map { combination + [(axis.key, $0)] }
      }
    }
  }

  private static func options(_ entries: [Entry]) throws(RunError) -> [String: OptionValue] {
    var options: [String: OptionValue] = [:]
    for (key, value) in entries { options[key] = try value.option() }
    return options
  }
}
