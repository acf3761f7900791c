import Truce
import TruceRun
import TruceShell
import TruceToy

/// What came of runs, one group for each setting.
struct ToyRunReport: ToyReport {
  let settings: [ToySettings]
  let runs: [[ToyRun]]
  let duration: Duration

  var markdown: String { "" }

  var csv: String {
    let lines = zip(settings, runs).flatMap { TrajectoryCSV.lines(of: $1, settings: $0) }
    return ([TrajectoryCSV.header] + lines).joined(separator: "\n")
  }

  func json() throws -> String {
    let objects = zip(settings, runs).map { ToyRunDocument(settings: $0, runs: $1) }
    if objects.count == 1, let object = objects.first { return try Output.json(object) }
    return try Output.json(objects)
  }

  func plain(on terminal: Terminal) -> String {
    var table = TextTable([
      ("method", .left), ("optimizer", .left), ("rate", .right), ("start", .left), ("reached after", .right),
      ("final x1", .right), ("x2", .right), ("L1", .right), ("L2", .right), ("mean", .right), ("", .left),
    ])
    for (setting, group) in zip(settings, runs) {
      for run in group { table.append(row(of: run, setting: setting)) }
    }
    return [table.plain(on: terminal), "", terminal.faint(closing)].joined(separator: "\n")
  }

  private func row(of run: ToyRun, setting: ToySettings) -> [String] {
    let numbers = [run.final.x.x, run.final.x.y, run.final.losses.x, run.final.losses.y, run.final.meanLoss]
    let stop = run.stop.map { "stopped at \(NumberText.grouped($0.iteration)): \($0.reason)" } ?? ""
    return [
      setting.method, setting.optimizer.rule.rawValue,
      OptionValue.number(setting.optimizer.learningRate).description,
      "(\(NumberText.short(run.start.x)), \(NumberText.short(run.start.y)))",
      run.iterationsToGlobalMinimum.map(NumberText.grouped) ?? "-",
    ] + numbers.map { NumberText.fixed($0, 3) } + [stop]
  }

  private var closing: String {
    guard let first = settings.first else { return "" }
    let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    return "Reached: \(first.criterion). \(Counted.grouped(first.iterations, "step")) in "
      + "\(first.precision.rawValue), \(NumberText.fixed(seconds, 2)) s."
  }

  /// A panel for each setting.
  var figure: ToyFigure {
    let hasOneOptimizer = Set(settings.map { "\($0.optimizer)" }).count == 1
    return ToyFigure(
      panels: zip(settings, runs).map { setting, group in
        let title = (try? Catalogue.entry(named: setting.method).about.title) ?? setting.method
        let optimizer =
          "\(setting.optimizer.rule.title) \(OptionValue.number(setting.optimizer.learningRate))"
        return ToyFigure.Panel(
          title: hasOneOptimizer ? title : "\(title), \(optimizer)", subtitle: subtitle(of: group),
          runs: group)
      })
  }

  private func subtitle(of runs: [ToyRun]) -> String {
    let counts = runs.compactMap(\.iterationsToGlobalMinimum)
    guard let slowest = counts.max() else { return "never at the minimum" }
    let reach = counts.count == runs.count ? "all \(runs.count)" : "\(counts.count) of \(runs.count)"
    return "\(reach) at the minimum within \(Counted.grouped(slowest, "step"))"
  }
}

extension ToyOptimizer.Rule {
  /// The optimizer's name in tables.
  var title: String {
    switch self {
    case .gd: "GD"
    case .sgd: "SGD"
    case .adam: "Adam"
    }
  }
}

/// The runs of one setting as one JSON object; lists have one entry for each start.
struct ToyRunDocument: Encodable {
  private struct Final: Encodable {
    let iteration: Int
    let x: [Double]
    let losses: [Double]
    let meanLoss: Double

    enum CodingKeys: String, CodingKey {
      case iteration, x, losses
      case meanLoss = "mean_loss"
    }
  }

  private let method: String
  private let options: [String: OptionValue]
  private let optimizer: String
  private let learningRate: Double
  private let iterations: Int
  private let precision: ToyPrecision
  private let seed: UInt64
  private let smoothing: Double
  private let criterion: ToyCriterion
  private let starts: [[Double]]
  private let iterationsToGlobalMinimum: [Int?]
  private let final: [Final]
  private let stopped: [String?]

  init(settings: ToySettings, runs: [ToyRun]) {
    method = settings.method
    options = (try? settings.resolvedOptions()) ?? settings.options
    optimizer = settings.optimizer.rule.rawValue
    learningRate = settings.optimizer.learningRate
    iterations = settings.iterations
    precision = settings.precision
    seed = settings.seed
    smoothing = settings.smoothing
    criterion = settings.criterion
    starts = runs.map { [$0.start.x, $0.start.y] }
    iterationsToGlobalMinimum = runs.map(\.iterationsToGlobalMinimum)
    final = runs.map {
      Final(
        iteration: $0.final.iteration, x: [$0.final.x.x, $0.final.x.y],
        losses: [$0.final.losses.x, $0.final.losses.y], meanLoss: $0.final.meanLoss)
    }
    stopped = runs.map { $0.stop?.reason.description }
  }

  enum CodingKeys: String, CodingKey {
    case method, options, optimizer, iterations, precision, seed, smoothing, criterion, starts, final, stopped
    case learningRate = "learning_rate"
    case iterationsToGlobalMinimum = "iterations_to_global_minimum"
  }
}
