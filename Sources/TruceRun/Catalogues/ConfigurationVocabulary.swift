public import Truce
public import TruceOptions

/// What a configuration can name, so that a wrong name or option is found before anything is read or written.
///
/// The engine checks against its own catalogues, and programs without an engine against descriptions of them; the
/// check is the same.
public struct ConfigurationVocabulary: Sendable {
  /// What is known about the entries of the catalogues.
  public let catalogues: CatalogueDescriptions
  /// The methods.
  public let methods: Catalogue
  /// The problems that others know and check.
  public var foreignProblems: Set<String>

  /// Creates a vocabulary.
  public init(
    catalogues: CatalogueDescriptions, methods: Catalogue = .builtIn, foreignProblems: Set<String> = []
  ) {
    self.catalogues = catalogues
    self.methods = methods
    self.foreignProblems = foreignProblems
  }

  /// Throws where a configuration names what is not there, or gives it options that it does not have.
  ///
  /// - Parameters:
  ///   - configuration: The configuration.
  ///   - node: Where it was written, for the message.
  /// - Throws: ``RunError`` that names the file, the line and what is wrong.
  func check(_ configuration: RunConfiguration, against node: ConfigurationNode) throws(RunError) {
    guard !foreignProblems.contains(configuration.problem) else { return }
    let problem = try found(
      configuration.problem, among: catalogues.problems, kind: ProblemDescription.kind, in: node,
      under: "problem")
    try configuration.checkKeys(of: problem, against: node)
    try configuration.checkTrunkGivenOnce(of: problem, against: node)
    try checked(in: node, under: "problem_options") { () throws(OptionError) in
      try problem.check(configuration.options(of: problem))
    }
    try check(configuration.tasks, of: problem, configuration, in: node)
    if let network = configuration.network(for: problem) { try check(network, in: node) }
    if let agent = configuration.agent(for: problem) {
      try check(agent, options: configuration.agentOptions, in: node)
    }
    try checkOptimization(configuration, in: node)
    for metric in configuration.metrics ?? [] {
      _ = try found(
        metric, among: catalogues.metrics, kind: MetricDescription.kind, in: node, under: "metrics")
    }
  }

  /// The conditions under which a configuration's agent will be tried, defaults included; nil where labelled data is
  /// learned, or where others know the problem.
  public func conditions(of configuration: RunConfiguration) -> TrialConditions? {
    guard let problem = catalogues.problems.first(where: { $0.name == configuration.problem }),
      let name = configuration.agent(for: problem),
      let agent = catalogues.agents.first(where: { $0.name == name })
    else { return nil }
    let ofAgent = agent.parameters.filter { TrialConditions.ofAgents.contains($0.name) }
    return TrialConditions(
      Self.values(of: problem.parameters, configuration.problemOptions)
        .merging(Self.values(of: ofAgent, configuration.agentOptions)) { $1 })
  }

  /// The values of some options as text, by name.
  private static func values(
    of parameters: [ParameterDescription], _ given: [String: OptionValue]
  ) -> [String: String] {
    parameters.reduce(into: [:]) { values, parameter in
      values[parameter.name] = (given[parameter.name] ?? parameter.defaultValue)?.description
    }
  }

  /// Checks optimizer and schedule, of which a vocabulary without descriptions knows nothing.
  private func checkOptimization(
    _ configuration: RunConfiguration, in node: ConfigurationNode
  ) throws(RunError) {
    if let optimizer = catalogues.optimizers.first(where: { $0.name == configuration.optimizer.rawValue }) {
      try checked(in: node, under: "optimizer_options") { () throws(OptionError) in
        try optimizer.check(configuration.optimizerOptions)
      }
    }
    if let schedule = catalogues.schedules.first(where: { $0.name == configuration.schedule.rawValue }) {
      try checked(in: node, under: "schedule_options") { () throws(OptionError) in
        try schedule.check(configuration.scheduleOptions)
      }
    }
  }

  private func check(_ network: NetworkChoice, in node: ConfigurationNode) throws(RunError) {
    let trunk = try found(
      network.trunk, among: catalogues.trunks, kind: TrunkDescription.kind, in: node, under: "trunk")
    try checked(in: node, under: "trunk_options") { () throws(OptionError) in
      try trunk.check(network.trunkOptions)
    }
    let architecture = try found(
      network.architecture, among: catalogues.architectures, kind: ArchitectureDescription.kind, in: node,
      under: "architecture")
    try checked(in: node, under: "architecture_options") { () throws(OptionError) in
      try architecture.check(network.architectureOptions)
    }
  }

  private func check(
    _ agent: String, options: [String: OptionValue], in node: ConfigurationNode
  ) throws(RunError) {
    let entry = try found(
      agent, among: catalogues.agents, kind: AgentDescription.kind, in: node, under: "agent")
    try checked(in: node, under: "agent_options") { () throws(OptionError) in try entry.check(options) }
  }

  private func check(
    _ tasks: [String]?, of problem: ProblemDescription, _ configuration: RunConfiguration,
    in node: ConfigurationNode
  ) throws(RunError) {
    guard let known = problem.taskNames(under: configuration.options(of: problem)) else { return }
    for task in tasks ?? [] where !known.contains(task) {
      throw .unknownTask(
        try node.place(of: "tasks"), problem: problem.name, task: task,
        closest: closestName(to: task, among: known), known: known)
    }
  }

  private func found<Description: EntryDescription>(
    _ name: String, among entries: [Description], kind: String, in node: ConfigurationNode, under key: String
  ) throws(RunError) -> Description {
    if let entry = entries.first(where: { $0.name == name }) { return entry }
    let known = entries.map(\.name)
    throw .invalidEntry(
      try node.place(of: key),
      .unknownName(kind: kind, name: name, closest: closestName(to: name, among: known), known: known))
  }

  private func checked(
    in node: ConfigurationNode, under key: String, _ check: () throws(OptionError) -> Void
  ) throws(RunError) {
    do throws(OptionError) { try check() } catch { throw .invalidEntry(try node.place(of: key), error) }
  }
}

extension RunConfiguration {
  /// Throws where a key is set that means nothing for what learns the problem.
  fileprivate func checkKeys(
    of problem: ProblemDescription, against node: ConfigurationNode
  ) throws(RunError) {
    let usual = RunConfiguration(problem: self.problem, method: method)
    let (learner, words): (LearnerKind, String) =
      problem.agent == nil ? (.network, "a network learns") : (.agent, "an agent learns")
    for field in Self.fields where field.learner ?? learner != learner {
      guard let text = field.text(of: self), text != field.text(of: usual) else { continue }
      throw .inapplicable(
        try node.place(of: field.key), key: field.key, reason: "\(words) the problem '\(problem.name)'")
    }
  }

  /// Throws where the trunk is named both as today and as in older files.
  fileprivate func checkTrunkGivenOnce(
    of problem: ProblemDescription, against node: ConfigurationNode
  ) throws(RunError) {
    guard let former = formerTrunk(of: problem), let trunk, trunk != former else { return }
    throw .invalidValue(
      try node.place(of: "problem_options"), key: "problem_options.\(Self.formerTrunkOption)",
      rule: "left out where `trunk` is given", received: former)
  }
}
