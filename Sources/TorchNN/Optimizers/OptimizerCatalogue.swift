/// All update rules: the one list from which commands, help and documentation derive.
public enum OptimizerCatalogue {
  private static let rules: [any UpdateRule.Type] = [
    SGD.self, SignSGD.self, Adam.self, AdamW.self, RMSprop.self, Adagrad.self,
  ]

  /// The entries, in the order in which help texts show them.
  public static let entries: [OptimizerDescription] = rules.map { $0.about }

  /// Creates the rule with this name and these options.
  ///
  /// - Throws: `OptionError` where the name or an option is unknown or breaks its rule.
  public static func rule(
    named name: String, options: [String: OptionValue] = [:]
  ) throws(OptionError) -> any UpdateRule {
    guard let type = rules.first(where: { $0.about.name == name }) else {
      let known = entries.map(\.name)
      throw .unknownName(
        kind: "optimizer", name: name, closest: closestName(to: name, among: known), known: known)
    }
    return try rule(type, options: options)
  }

  static func rule(
    _ type: any UpdateRule.Type, options: [String: OptionValue]
  ) throws(OptionError) -> any UpdateRule {
    let about = type.about
    return try type.init(
      options: Options(
        owner: about.name, parameters: about.parameters, values: options))
  }
}
