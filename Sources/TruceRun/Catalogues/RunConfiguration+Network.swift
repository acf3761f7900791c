public import TruceOptions

// The network a configuration asks for: its own words, then those of older files, then the problem's.

extension RunConfiguration {
  /// The key under which older files name the trunk, among the problem's options.
  static let formerTrunkOption = "trunk"

  /// The trunk's name as older files give it; nil where the problem has an option of that name itself.
  func formerTrunk(of problem: ProblemDescription) -> String? {
    guard !problem.parameters.contains(where: { $0.name == Self.formerTrunkOption }),
      case .string(let name)? = problemOptions[Self.formerTrunkOption]
    else { return nil }
    return name
  }

  /// The network that is asked for; nil where the problem is learned by an agent.
  ///
  /// The problem's own choice counts where the configuration says nothing; its options do so only for the very trunk
  /// and architecture they were written for, and give way to those of the configuration.
  public func network(for problem: ProblemDescription) -> NetworkChoice? {
    guard let usual = problem.network else { return nil }
    let trunk = trunk ?? formerTrunk(of: problem) ?? usual.trunk
    let architecture = architecture ?? usual.architecture
    let inherited = (
      trunk: trunk == usual.trunk ? usual.trunkOptions : [:],
      architecture: architecture == usual.architecture ? usual.architectureOptions : [:]
    )
    return NetworkChoice(
      trunk: trunk, trunkOptions: inherited.trunk.merging(trunkOptions) { $1 }, architecture: architecture,
      architectureOptions: inherited.architecture.merging(architectureOptions) { $1 })
  }

  /// The agent that is asked for; nil where the problem is learned by a network.
  public func agent(for problem: ProblemDescription) -> String? {
    problem.agent.map { agent ?? $0 }
  }

  /// The problem's options, less those that older files used for the network.
  public func options(of problem: ProblemDescription) -> [String: OptionValue] {
    guard formerTrunk(of: problem) != nil else { return problemOptions }
    return problemOptions.filter { $0.key != Self.formerTrunkOption }
  }
}
