import RealModule
import Truce
import TruceRun
import TruceShell

/// What `truce aggregate` prints.
struct AggregationReport {
  let method: MethodDescription
  let file: String
  let gradients: RangedRows
  let result: Aggregation

  private var taskCount: Int { gradients.taskCount }
  private var rows: HostRows { gradients.rows }
}

// MARK: Text

extension AggregationReport {
  func plain(on terminal: Terminal) -> String {
    let size =
      "\(file): \(Counted.text(taskCount, "task")), \(Counted.text(result.direction.count, "coordinate"))"
    return [
      terminal.bold("\(method.title) on \(size)"), "", tasks.plain(on: terminal), "",
      "direction  \(shortDirection)", "", terminal.bold("Gramian"), gramianText, "",
      terminal.bold("Conflict"), conflictText(on: terminal),
    ].joined(separator: "\n")
  }

  private var tasks: TextTable {
    var table = TextTable([
      ("task", .right), ("weight", .right), ("|g|", .right), ("g · direction", .right),
    ])
    for (k, norm) in gradients.lengths.enumerated() {
      let product = rows.rows[k].dot(HostVector(result.direction))
      let weight = result.weights.map { NumberText.short($0[k]) } ?? "-"
      table.append(["\(k)", weight, NumberText.short(norm), NumberText.short(product)])
    }
    return table
  }

  private var shortDirection: String {
    let shown = result.direction.prefix(8).map(NumberText.short).joined(separator: " ")
    let rest = result.direction.count > 8 ? " … (--output FILE writes all)" : ""
    let length = HostVector(result.direction).length()
    return "\(shown)\(rest)\nlength     \(NumberText.short(length))"
  }

  /// More tasks than a screen has room for.
  private static let shownTasks = 20

  private var gramianText: String {
    let shown = 0..<min(taskCount, Self.shownTasks)
    var table = TextTable([("", .right)] + shown.map { ("\($0)", .right) })
    for i in shown { table.append(["\(i)"] + shown.map { NumberText.short(gradients.product(i, $0)) }) }
    let text = table.plain(on: Terminal(hasColour: false, width: 100))
    return taskCount > shown.count
      ? text + "\nof the first \(shown.count) tasks; --format json writes all" : text
  }

  private func conflictText(on terminal: Terminal) -> String {
    guard taskCount > 1 else { return "one task only" }
    let conflict = Conflict(of: gradients)
    let pairs = conflict.worstPairs(10)
    let shown = conflict.pairCount > 10 ? "the 10 most conflicting of \(conflict.pairCount) pairs; " : ""
    let share = NumberText.short(conflict.measures.conflictingShare)
    let table = conflict.table(of: pairs).plain(on: Terminal(hasColour: false, width: 100))
    return table + "\n" + terminal.faint("\(shown)share of pairs with a negative cosine: \(share)")
  }
}

// MARK: JSON

extension AggregationReport: Encodable {
  private enum Key: String, CodingKey {
    case method, weights, direction, gramian, conflict
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(method.name, forKey: .method)
    try object.encode(result.weights, forKey: .weights)
    try object.encode(result.direction, forKey: .direction)
    try object.encode(gradients.products, forKey: .gramian)
    try object.encode(Conflict(of: gradients), forKey: .conflict)
  }
}

extension RangedRows {
  /// The inner products of all pairs for a file: nil, which JSON has as null, where Double cannot hold one.
  var products: [[Double?]] {
    (0..<taskCount).map { i in (0..<taskCount).map { product(i, $0).ifFinite } }
  }
}

extension Double {
  /// The number, or nil where it is none that JSON can hold.
  var ifFinite: Double? { isFinite ? self : nil }
}
