import Truce
import TruceRun

/// A cell before its configuration was checked.
struct CellDraft {
  var node: ConfigurationNode
  var seeds: [Int]
  var role = CellRole.method
  var axes: [String: OptionValue] = [:]

  init(node: ConfigurationNode, seeds: [Int]) {
    self.node = node
    self.seeds = seeds
  }

  /// Checks the configurations and names the cells by what sets them apart.
  static func cells(
    _ drafts: [CellDraft], _ vocabulary: ConfigurationVocabulary?
  ) throws(RunError) -> [StudyCell] {
    var configurations: [RunConfiguration] = []
    for draft in drafts {
      configurations.append(try RunConfiguration(node: draft.node, vocabulary: vocabulary))
    }
    let compared = zip(drafts, configurations).filter { $0.0.role == .method }
    let labels = VariantLabels(compared.map(\.1))
    return zip(drafts, configurations).map { draft, configuration in
      let variant = labels.variant(of: configuration)
      return StudyCell(
        role: draft.role, method: draft.role == .method ? variant.method : "Single task",
        optimizer: variant.optimizer, axes: draft.axes, configuration: configuration, seeds: draft.seeds)
    }
  }
}
