import Truce
import TruceRun

/// A line of a study's `optimizers`: a name, or a mapping with options and a learning-rate ladder of its own.
struct OptimizerChoice {
  /// The configuration keys that the choice sets.
  var entries: [Entry] = []
  /// The learning rates, where they differ from the study's.
  var learningRates: [ConfigurationNode]?

  static func list(_ node: ConfigurationNode?) throws(RunError) -> [OptimizerChoice] {
    guard let node else { return [] }
    var choices: [OptimizerChoice] = []
    for element in try node.elements() { choices.append(try choice(element)) }
    guard !choices.isEmpty else { throw node.problem("a list of at least one optimizer") }
    return choices
  }

  private static func choice(_ node: ConfigurationNode) throws(RunError) -> OptimizerChoice {
    guard case .mapping = node.content else { return OptimizerChoice(entries: [("optimizer", node)]) }
    try node.refuseKeys(otherThan: StudyKeys.optimizer.names)
    guard let name = try node.child("name") else { throw .missingKey(node.place, key: "\(node.key).name") }
    var choice = OptimizerChoice(entries: [("optimizer", name)])
    if let options = try node.child("options") { choice.entries.append(("optimizer_options", options)) }
    choice.entries += try node.entries().filter { $0.key.hasPrefix("schedule") }
    choice.learningRates = try StudyAxes.ladder(node)
    return choice
  }
}
