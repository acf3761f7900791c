/// What is known about all that a configuration can name: data that a program without an engine can read.
public struct CatalogueDescriptions: Codable, Equatable, Sendable {
  /// The problems.
  public let problems: [ProblemDescription]
  /// The trunks.
  public let trunks: [TrunkDescription]
  /// The architectures.
  public let architectures: [ArchitectureDescription]
  /// The agents that learn in environments.
  public let agents: [AgentDescription]
  /// The metrics that tasks can be given beside their own.
  public let metrics: [MetricDescription]
  /// The optimizers.
  public let optimizers: [OptimizerDescription]
  /// The learning-rate schedules.
  public let schedules: [ScheduleDescription]

  /// Creates the descriptions.
  public init(
    problems: [ProblemDescription], trunks: [TrunkDescription], architectures: [ArchitectureDescription],
    agents: [AgentDescription] = [], metrics: [MetricDescription] = [],
    optimizers: [OptimizerDescription] = [],
    schedules: [ScheduleDescription] = []
  ) {
    self.problems = problems
    self.trunks = trunks
    self.architectures = architectures
    self.agents = agents
    self.metrics = metrics
    self.optimizers = optimizers
    self.schedules = schedules
  }
}

extension [any EntryDescription] {
  /// The entry with this name.
  ///
  /// - Parameter kind: What the entries are called, where there may be none.
  /// - Throws: ``OptionError/unknownName(kind:name:closest:known:)`` with the closest known name.
  public func entry(named name: String, kind: String) throws(OptionError) -> any EntryDescription {
    if let entry = first(where: { $0.name == name }) { return entry }
    let known = map(\.name)
    throw .unknownName(kind: kind, name: name, closest: closestName(to: name, among: known), known: known)
  }
}

extension Array where Element: EntryDescription {
  /// The entry with this name.
  ///
  /// - Throws: ``OptionError/unknownName(kind:name:closest:known:)`` with the closest known name.
  public func entry(named name: String) throws(OptionError) -> Element {
    if let entry = first(where: { $0.name == name }) { return entry }
    let known = map(\.name)
    throw .unknownName(
      kind: Element.kind, name: name, closest: closestName(to: name, among: known), known: known)
  }
}
