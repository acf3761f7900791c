public import TruceTraining

/// The agents that Truce brings: the one list from which commands, help and documentation derive.
public enum AgentCatalogue {
  /// The entries, in the order in which help texts show them.
  public static let entries: [AgentEntry] = [.sac]
}
