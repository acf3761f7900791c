import TruceOptions

/// An entry of a catalogue as JSON; what only one kind of entry has stands under a key of its own.
struct EntryDocument: Encodable {
  private let entry: any EntryDescription

  init(_ entry: any EntryDescription) {
    self.entry = entry
  }

  private enum Key: String, CodingKey {
    case name, summary, source, parameters, tasks, network, agent, takes, gives, shares, suits, formula, slots
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(entry.name, forKey: .name)
    try object.encode(entry.summary, forKey: .summary)
    try object.encode(entry.source, forKey: .source)
    try object.encode(entry.parameters.map(ParameterDocument.init), forKey: .parameters)
    switch entry {
    case let problem as ProblemDescription:
      try object.encode(problem.tasks, forKey: .tasks)
      try object.encodeIfPresent(problem.network, forKey: .network)
      try object.encodeIfPresent(problem.agent, forKey: .agent)
    case let trunk as TrunkDescription:
      try object.encode(trunk.takes, forKey: .takes)
      try object.encode(trunk.gives, forKey: .gives)
    case let architecture as ArchitectureDescription:
      try object.encode(architecture.shares, forKey: .shares)
    case let agent as AgentDescription:
      try object.encode(agent.shares, forKey: .shares)
    case let metric as MetricDescription:
      try object.encode(metric.suits, forKey: .suits)
    case let optimizer as OptimizerDescription:
      try object.encode(optimizer.formula, forKey: .formula)
      try object.encode(optimizer.slots, forKey: .slots)
    case let schedule as ScheduleDescription:
      try object.encode(schedule.formula, forKey: .formula)
    default: break
    }
  }
}
