import Truce
import TruceRun

/// Reads a study's `baselines`: networks for one task alone, with a tuning of their own.
///
/// What the mapping does not say is taken from the study; of the study's further axes, the first value.
struct BaselineReader {
  let study: StudyAxes
  let node: ConfigurationNode
  let limit: CellLimit

  func drafts() throws -> [CellDraft] {
    try node.refuseKeys(otherThan: StudyKeys.baselines.names + StudyReader.sharedKeys)
    let optimizers = try OptimizerChoice.list(node.child("optimizers"))
    let rates = try StudyAxes.ladder(node) ?? study.learningRates
    let seeds = try StudyAxes.seeds(node.child("seeds")) ?? study.seeds
    let choices = optimizers.isEmpty ? study.optimizers : optimizers
    let tasks = try tasks()
    try limit.product(of: [tasks.count, study.tuningCount(choices, rates)])
    let tunings = study.tunings(choices, rates)
    var drafts: [CellDraft] = []
    for task in tasks {
      for tuning in tunings { drafts.append(try draft(task, tuning, seeds: seeds)) }
    }
    return drafts
  }

  private func tasks() throws(RunError) -> [ConfigurationNode] {
    if let own = try node.child("tasks") {
      let tasks = try own.elements()
      guard !tasks.isEmpty else { throw own.problem("a list of at least one task") }
      return tasks
    }
    guard let shared = try study.shared.child("tasks") else {
      throw .missingKey(node.place, key: "\(node.key).tasks")
    }
    return try shared.elements()
  }

  private func draft(
    _ task: ConfigurationNode, _ tuning: [Entry], seeds: [Int]
  ) throws(RunError) -> CellDraft {
    let own = try node.entries().filter { StudyReader.sharedKeys.contains($0.key) && $0.key != "tasks" }
    let first = study.others.compactMap { axis in axis.values.first.map { (key: axis.key, value: $0) } }
    let list = ConfigurationNode(.list([task]), place: task.place, key: task.key)
    let entries = first + own + tuning + [(key: "tasks", value: list)]
    var draft = CellDraft(node: try study.shared.merging(entries), seeds: seeds)
    draft.role = .baseline(task: try task.word())
    return draft
  }
}
