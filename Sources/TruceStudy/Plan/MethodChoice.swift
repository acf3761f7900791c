import Truce
import TruceRun

/// A line of a study's `methods`: a name, or a mapping with options of which lists are axes.
struct MethodChoice {
  /// The configuration keys that the choice sets.
  var entries: [Entry]
  /// The values of the options that were lists.
  var axes: [String: OptionValue] = [:]

  static func list(_ node: ConfigurationNode?, limit: CellLimit) throws -> [MethodChoice] {
    guard let node else { return [] }
    var choices: [MethodChoice] = []
    for element in try node.elements() {
      choices += try expanded(element, limit: limit)
      try limit.sum(of: [choices.count])
    }
    guard !choices.isEmpty else { throw node.problem("a list of at least one method") }
    return choices
  }

  private static func expanded(_ node: ConfigurationNode, limit: CellLimit) throws -> [MethodChoice] {
    guard case .mapping = node.content else {
      _ = try node.word()
      return [MethodChoice(entries: [("method", node)])]
    }
    try node.refuseKeys(otherThan: StudyKeys.method.names)
    guard let name = try node.child("name") else {
      throw RunError.missingKey(node.place, key: "\(node.key).name")
    }
    var choice = MethodChoice(entries: [("method", name)])
    choice.entries += try node.entries().filter { !["name", "options"].contains($0.key) }
    guard let options = try node.child("options") else { return [choice] }
    let listed = try listOptions(of: name.word())
    var counts: [Int] = []
    for (name, value) in try options.entries() {
      guard case .list(let values) = value.content, !listed.contains(name) else { continue }
      guard !values.isEmpty else { throw value.problem("a list of at least one value") }
      counts.append(values.count)
    }
    try limit.product(of: counts)
    return try choice.expanded(options, listed: listed)
  }

  /// The options whose one value is a list.
  private static func listOptions(of method: String) -> [String] {
    let parameters = (try? Catalogue.entry(named: method))?.about.parameters ?? []
    return parameters.filter { $0.type.hasPrefix("list of ") }.map(\.name)
  }

  private func expanded(
    _ options: ConfigurationNode, listed: [String]
  ) throws(RunError) -> [MethodChoice] {
    var combinations: [(options: [Entry], axes: [String: OptionValue])] = [([], [:])]
    for (name, value) in try options.entries() {
      guard case .list(let values) = value.content, !listed.contains(name) else {
        combinations = combinations.map { ($0.options + [(name, value)], $0.axes) }
        continue
      }
      var next: [(options: [Entry], axes: [String: OptionValue])] = []
      for combination in combinations {
        for value in values {
          let axes = combination.axes.merging(["options.\(name)": try value.option()]) { $1 }
          next.append((combination.options + [(name, value)], axes))
        }
      }
      combinations = next
    }
    return combinations.map { combination in
      var choice = self
      let node = ConfigurationNode(
        .mapping(combination.options), place: options.place, key: options.key)
      choice.entries.append(("options", node))
      choice.axes = combination.axes
      return choice
    }
  }
}
