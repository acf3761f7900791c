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

  init(_ node: ConfigurationNode) throws(RunError) {
    methods = try MethodChoice.list(node.child("methods"))
    optimizers = try OptimizerChoice.list(node.child("optimizers"))
    learningRates = try node.child("learning_rates")?.elements() ?? []
    seeds = try Self.seeds(node.child("seeds")) ?? [0]
    let entries = try node.entries().filter { StudyReader.sharedKeys.contains($0.key) }
    others = entries.compactMap { entry in Self.axis(entry).map { (entry.key, $0) } }
    shared = ConfigurationNode(
      .mapping(entries.filter { Self.axis($0) == nil }), place: node.place, key: node.key)
  }

  static func seeds(_ node: ConfigurationNode?) throws(RunError) -> [Int]? {
    guard let node else { return nil }
    var seeds: [Int] = []
    for element in try node.elements() {
      let seed: Int = try element.value(rule: "a whole number, at least 0") { $0 >= 0 }
      guard !seeds.contains(seed) else { throw element.problem("a seed that is not in the list already") }
      seeds.append(seed)
    }
    guard !seeds.isEmpty else { throw node.problem("a list of at least one seed") }
    return seeds
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
  func product() throws(RunError) -> [CellDraft] {
    guard !methods.isEmpty else { throw .missingKey(shared.place, key: "methods") }
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
  func explicit(_ node: ConfigurationNode) throws(RunError) -> [CellDraft] {
    let entries = try node.entries().filter { $0.key != "seeds" }
    let seeds = try Self.seeds(node.child("seeds")) ?? seeds
    let given = entries.map(\.key)
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
