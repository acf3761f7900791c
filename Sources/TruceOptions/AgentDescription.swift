/// What is known about an agent, which learns to act in the environments of a problem.
public struct AgentDescription: EntryDescription {
  /// "agent".
  public static var kind: String { "agent" }
  /// The name used in options and files.
  public let name: String
  /// The agent in one sentence.
  public let summary: String
  /// The options, in the order help texts list them.
  public let parameters: [ParameterDescription]
  /// Where the agent comes from.
  public let source: String
  /// What of it the tasks share, and what gradients meet there.
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
