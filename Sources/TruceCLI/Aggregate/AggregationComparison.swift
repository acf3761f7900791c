import RealModule
import Truce
import TruceRun
import TruceShell

/// What every method of the catalogue makes of one gradient matrix.
struct AggregationComparison {
  /// What a method made of it.
  private struct Outcome {
    let method: MethodDescription
    let result: Aggregation
    /// The products of the rows with the direction: how far each task's loss is to fall.
    let products: [Double]
  }

  private let file: String
  private let gradients: RangedRows
  private let outcomes: [Outcome]
  /// The methods that need more than the file, or failed on it, and why.
  private let refusals: [(method: MethodDescription, reason: String)]

  /// Applies the methods, each with its defaults and in its first step.
  init(of gradients: RangedRows, file: String, losses: [Double]?, seed: UInt64) {
    self.file = file
    self.gradients = gradients
    var outcomes: [Outcome] = []
    var refusals: [(method: MethodDescription, reason: String)] = []
    for about in Catalogue.entries.map(\.about) {
      do {
        let method = try Catalogue.method(named: about.name)
        let result = try Aggregation(of: gradients, by: method, losses: losses, seed: seed)
        let direction = HostVector(result.direction)
        let products = gradients.rows.rows.map { $0.dot(direction) }
        outcomes.append(Outcome(method: about, result: result, products: products))
      } catch {
        refusals.append((about, Self.words(for: error, of: about)))
      }
    }
    (self.outcomes, self.refusals) = (outcomes, refusals)
  }

  /// The reason, without the method's name in front.
  private static func words(for error: any Error, of method: MethodDescription) -> String {
    let text = "\(error)"
    let front = method.name + ": "
    return text.hasPrefix(front) ? String(text.dropFirst(front.count)) : text
  }
}

// MARK: Text

extension AggregationComparison {
  func plain(on terminal: Terminal) -> String {
    let size =
      "\(Counted.text(gradients.taskCount, "task")), \(Counted.text(gradients.rows.rows[0].count, "coordinate"))"
    let closing =
      "For each method the task that gains least, g · direction; below zero, that task's loss is to rise."
    var parts = [
      terminal.bold("\(file): \(size)"), "", table.plain(on: terminal), "",
      terminal.faint(terminal.wrapped(closing)),
    ]
    if !refusals.isEmpty { parts += ["", refusalText(on: terminal)] }
    return parts.joined(separator: "\n")
  }

  private var table: TextTable {
    var table = TextTable([
      ("method", .left), ("", .left), ("weights", .left), ("length", .right), ("least g · direction", .right),
      ("task", .right),
    ])
    for outcome in outcomes {
      let least = outcome.products.enumerated().min { $0.element < $1.element }
      let length = HostVector(outcome.result.direction).length()
      table.append([
        outcome.method.name, outcome.method.title, Self.text(of: outcome.result.weights),
        NumberText.short(length),
        least.map { NumberText.short($0.element) } ?? "", least.map { "\($0.offset)" } ?? "",
      ])
    }
    return table
  }

  private static func text(of weights: [Double]?) -> String {
    guard let weights else { return "none: it works on coordinates" }
    let shown = weights.prefix(5).map { NumberText.short($0) }.joined(separator: " ")
    return weights.count > 5 ? shown + " …" : shown
  }

  private func refusalText(on terminal: Terminal) -> String {
    let reasons = Dictionary(grouping: refusals, by: \.reason)
    let lines = refusals.map(\.reason).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return lines.map { reason in
      let names = reasons[reason, default: []].map(\.method.name).joined(separator: ", ")
      return terminal.wrapped("Left out: \(names) (\(reason))")
    }.joined(separator: "\n")
  }
}

// MARK: JSON

extension AggregationComparison: Encodable {
  private enum Key: String, CodingKey {
    case methods, refused, gramian
  }

  private struct OutcomeDocument: Encodable {
    let method: String
    @ExplicitNull var weights: [Double]?
    let direction: [Double]
    let products: [Double?]
  }

  private struct RefusalDocument: Encodable {
    let method: String
    let reason: String
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(
      outcomes.map {
        OutcomeDocument(
          method: $0.method.name, weights: $0.result.weights, direction: $0.result.direction,
          products: $0.products.map(\.ifFinite))
      }, forKey: .methods)
    try object.encode(
      refusals.map { RefusalDocument(method: $0.method.name, reason: $0.reason) }, forKey: .refused)
    try object.encode(gradients.products, forKey: .gramian)
  }
}
