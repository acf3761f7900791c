import Truce
import TruceRun

/// A study's seeds: whole numbers, and ranges such as `0-4`.
struct SeedList {
  /// The seeds in the order in which they were written.
  private(set) var seeds: [Int] = []

  private static let most = 1000
  private static let rule = "a whole number, at least 0, or a range such as 0-4"

  /// Reads a list, or a single seed or range.
  init(_ node: ConfigurationNode) throws(RunError) {
    for element in try node.elements() { try add(element) }
    guard !seeds.isEmpty else { throw node.problem("a list of at least one seed") }
  }

  private mutating func add(_ node: ConfigurationNode) throws(RunError) {
    for seed in try Self.range(node) {
      guard !seeds.contains(seed) else { throw node.problem("a seed that is not in the list already") }
      seeds.append(seed)
      guard seeds.count <= Self.most else { throw node.problem("a list of at most \(Self.most) seeds") }
    }
  }

  private static func range(_ node: ConfigurationNode) throws(RunError) -> ClosedRange<Int> {
    if case .scalar(.string(let text)) = node.content {
      let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 0, first <= last else {
        throw node.problem(rule)
      }
      return first...last
    }
    let seed: Int = try node.value(rule: rule) { $0 >= 0 }
    return seed...seed
  }
}
