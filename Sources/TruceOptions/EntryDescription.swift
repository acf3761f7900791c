/// What a reader and the command line know about an entry of a catalogue, without the code behind it.
public protocol EntryDescription: Codable, Equatable, Sendable {
  /// What the entries of the catalogue are called, such as "trunk".
  static var kind: String { get }
  /// The name used in options and files.
  var name: String { get }
  /// The entry in one sentence.
  var summary: String { get }
  /// The options, in the order help texts list them.
  var parameters: [ParameterDescription] { get }
  /// Where the entry comes from.
  var source: String { get }
  /// What else there is to know, such as what a trunk takes, by what it is called.
  var facts: [EntryFact] { get }
}

/// One thing to know about an entry of a catalogue.
public struct EntryFact: Equatable, Sendable {
  /// What the fact is about, in a word or two.
  public let label: String
  /// The fact.
  public let text: String
  /// Whether a table of all entries has room for it.
  public let isListed: Bool

  /// Creates a fact.
  public init(_ label: String, _ text: String, isListed: Bool = true) {
    self.label = label
    self.text = text
    self.isListed = isListed
  }
}

/// What is known about a problem: its tasks, and what learns it unless something else is chosen.
///
/// A problem has either labelled data, which a network learns, or environments, in which an agent acts.
public struct ProblemDescription: EntryDescription {
  /// "problem".
  public static var kind: String { "problem" }
  /// The name used in options and files.
  public let name: String
  /// The problem in one sentence.
  public let summary: String
  /// The options, in the order help texts list them.
  public let parameters: [ParameterDescription]
  /// Where the problem comes from.
  public let source: String
  /// The tasks, in order; nil where they are only known once data have been read.
  public let tasks: [TaskDescription]?
  /// The network it is learned with unless another is chosen; nil where an agent learns it.
  public let network: NetworkChoice?
  /// The agent that learns it unless another is chosen; nil where the problem has labelled data.
  public let agent: String?

  /// Creates a description of a problem with labelled data.
  public init(
    name: String, summary: String, parameters: [ParameterDescription] = [], source: String,
    tasks: [TaskDescription]?, network: NetworkChoice
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.source = source
    self.tasks = tasks
    self.network = network
    agent = nil
  }

  /// Creates a description of a problem with environments.
  public init(
    name: String, summary: String, parameters: [ParameterDescription] = [], source: String,
    tasks: [TaskDescription]?, agent: String
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.source = source
    self.tasks = tasks
    self.agent = agent
    network = nil
  }

  /// The names of the tasks that there are under some options; nil where only the data know them.
  public func taskNames(under options: [String: OptionValue]) -> [String]? {
    tasks.map { tasks in
      tasks.filter { task in task.option.map { options[$0] == .bool(true) } ?? true }.map(\.name)
    }
  }

  /// The tasks, and the network or the agent.
  public var facts: [EntryFact] {
    let known = tasks.map { $0.map { "\($0.name) (\($0.summary))" }.joined(separator: ", ") }
    let unknown = agent == nil ? "as the data have them" : "as the options say"
    return [EntryFact("tasks", known ?? unknown)]
      + [network.map { EntryFact("network", $0.description) }, agent.map { EntryFact("agent", $0) }]
      .compactMap(\.self)
  }
}

/// What is known about a task of a problem.
public struct TaskDescription: Codable, Equatable, Sendable {
  /// The name used in options and files.
  public let name: String
  /// What is asked, in a few words.
  public let summary: String
  /// The problem's option that must be true for the task to be there; nil for none.
  public let option: String?

  /// Creates a description.
  public init(name: String, summary: String, option: String? = nil) {
    self.name = name
    self.summary = summary
    self.option = option
  }
}

/// A trunk and an architecture with their options.
public struct NetworkChoice: Codable, Equatable, Sendable {
  /// The trunk's name.
  public var trunk: String
  /// The trunk's options.
  public var trunkOptions: [String: OptionValue]
  /// The architecture's name.
  public var architecture: String
  /// The architecture's options.
  public var architectureOptions: [String: OptionValue]

  /// Creates a choice.
  public init(
    trunk: String, trunkOptions: [String: OptionValue] = [:], architecture: String = "hard-sharing",
    architectureOptions: [String: OptionValue] = [:]
  ) {
    self.trunk = trunk
    self.trunkOptions = trunkOptions
    self.architecture = architecture
    self.architectureOptions = architectureOptions
  }

  enum CodingKeys: String, CodingKey {
    case trunk, architecture
    case trunkOptions = "trunk_options"
    case architectureOptions = "architecture_options"
  }

  /// The choice as a reader would write it.
  public var description: String {
    "\(trunk)\(Self.text(trunkOptions)) under \(architecture)\(Self.text(architectureOptions))"
  }

  private static func text(_ options: [String: OptionValue]) -> String {
    let texts = options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return texts.isEmpty ? "" : " (\(texts.joined(separator: ", ")))"
  }
}

/// What is known about a trunk.
public struct TrunkDescription: EntryDescription {
  /// "trunk".
  public static var kind: String { "trunk" }
  /// The name used in options and files.
  public let name: String
  /// The trunk in one sentence.
  public let summary: String
  /// The options, in the order help texts list them.
  public let parameters: [ParameterDescription]
  /// Where the trunk comes from.
  public let source: String
  /// What an example must look like.
  public let takes: String
  /// What the features look like.
  public let gives: String

  /// Creates a description.
  public init(
    name: String, summary: String, parameters: [ParameterDescription] = [], source: String, takes: String,
    gives: String
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.source = source
    self.takes = takes
    self.gives = gives
  }

  /// What it takes and gives.
  public var facts: [EntryFact] { [EntryFact("takes", takes), EntryFact("gives", gives)] }
}

/// What is known about an architecture.
public struct ArchitectureDescription: EntryDescription {
  /// "architecture".
  public static var kind: String { "architecture" }
  /// The name used in options and files.
  public let name: String
  /// The architecture in one sentence.
  public let summary: String
  /// The options, in the order help texts list them.
  public let parameters: [ParameterDescription]
  /// Where the architecture comes from.
  public let source: String
  /// What the tasks share.
  public let shares: String

  /// Creates a description.
  public init(
    name: String, summary: String, parameters: [ParameterDescription] = [], source: String, shares: String
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.source = source
    self.shares = shares
  }

  /// What the tasks share.
  public var facts: [EntryFact] { [EntryFact("shares", shares)] }
}
