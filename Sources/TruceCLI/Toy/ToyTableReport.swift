import Truce
import TruceRun
import TruceShell
import TruceToy

/// A table of iterations until the global minimum.
struct ToyTableReport: ToyReport {
  let table: ToyTable
  let grid: ToyGrid
  let base: ToySettings
  let starts: [SIMD2<Double>]

  var csv: String { "" }

  var markdown: String { "\(textTable.markdown)\n\n\(explanation)" }

  func plain(on terminal: Terminal) -> String {
    "\(textTable.plain(on: terminal))\n\n\(terminal.wrapped(explanation))"
  }

  private var hasSpread: Bool { table.perturbation != .none }

  private var textTable: TextTable {
    let rates = grid.learningRates.map { (OptionValue.number($0).description, TextTable.Alignment.right) }
    var text = TextTable([("optimizer", .left), ("method", .left)] + rates)
    let width = grid.learningRates.count
    for row in stride(from: 0, to: table.cells.count, by: width) {
      let cells = table.cells[row..<(row + width)]
      guard let first = cells.first?.settings else { continue }
      let title = (try? Catalogue.entry(named: first.method).about.title) ?? first.method
      text.append([first.optimizer.rule.title, title] + cells.map(text(of:)))
    }
    return text
  }

  private func text(of cell: ToyCell) -> String {
    guard let least = cell.arrived.first, let median = cell.median, let most = cell.arrived.last else {
      return "-"
    }
    guard hasSpread else { return NumberText.grouped(median) }
    let spread =
      least == most
      ? NumberText.grouped(least) : [least, median, most].map(NumberText.grouped).joined(separator: "–")
    let share = cell.arrived.count == cell.counts.count ? "" : " (\(cell.arrived.count)/\(cell.counts.count))"
    return spread + share
  }

  private var explanation: String {
    let places = starts.map { "(\(NumberText.short($0.x)), \(NumberText.short($0.y)))" }.joined(
      separator: ", ")
    let cell =
      "The largest number of steps over the starts \(places) until \(base.criterion); columns are learning rates; "
      + "- where some start does not get there within \(NumberText.grouped(base.iterations)) steps. "
      + "\(base.precision.rawValue)."
    guard hasSpread else { return cell }
    return cell
      + " Each cell: least–median–most over \(table.perturbation.repeats) copies of the starts, each moved "
      + "by up to \(table.perturbation.size) in each coordinate; (n/\(table.perturbation.repeats)) where only n copies "
      + "got there from every start."
  }

  func json() throws -> String {
    try Output.json(
      Document(
        criterion: base.criterion, iterations: base.iterations, precision: base.precision, seed: base.seed,
        smoothing: base.smoothing,
        starts: starts.map { [$0.x, $0.y] }, perturbation: hasSpread ? table.perturbation : nil,
        cells: table.cells.map(CellDocument.init)))
  }

  private struct Document: Encodable {
    let criterion: ToyCriterion
    let iterations: Int
    let precision: ToyPrecision
    let seed: UInt64
    let smoothing: Double
    let starts: [[Double]]
    @ExplicitNull var perturbation: ToyPerturbation?
    let cells: [CellDocument]
  }
}

/// A cell as JSON: the counts of all repeats, null where some start never arrived.
private struct CellDocument: Encodable {
  let method: String
  let optimizer: String
  let learningRate: Double
  let iterationsToGlobalMinimum: [Int?]
  @ExplicitNull var least: Int?
  @ExplicitNull var median: Int?
  @ExplicitNull var most: Int?
  let shareArrived: Double

  init(_ cell: ToyCell) {
    method = cell.settings.method
    optimizer = cell.settings.optimizer.rule.rawValue
    learningRate = cell.settings.optimizer.learningRate
    iterationsToGlobalMinimum = cell.counts
    least = cell.arrived.first
    median = cell.median
    most = cell.arrived.last
    shareArrived = cell.shareArrived
  }

  enum CodingKeys: String, CodingKey {
    case method, optimizer, least, median, most
    case learningRate = "learning_rate"
    case iterationsToGlobalMinimum = "iterations_to_global_minimum"
    case shareArrived = "share_arrived"
  }
}
