import ArgumentParser
import TruceData
import TruceProblems
import TruceRun
import TruceShell
import TruceTasks

/// `truce data baselines`: what answers reach that ignore the picture.
struct DataBaselinesCommand: ParsableCommand {
  /// How the baselines are written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  static let configuration = CommandConfiguration(
    commandName: "baselines", abstract: "Measure answers that ignore the picture: the bar to pass.",
    discussion: """
      Learns two answers from the folder `train` and measures them on `val`. The constant gives every pixel the most \
      frequent class, the mean depth and the mean direction; the prior gives each pixel the most frequent class, the \
      median depth and the mean direction at its own place.
      """)

  @OptionGroup var data: DenseFolderArguments

  @Option(help: "How metrics are averaged: set, batches or published.")
  var averaging: AveragingArgument?

  @Option(help: "How to write it: text or json.")
  var format: Format = .text

  func run() throws {
    let folder = try DenseFolder(data.folder, data.chosenLayout)
    let rows = try DenseBaselines(folder).measure(averaging: averaging?.averaging ?? .set)
    switch format {
    case .text: print(Self.table(rows).plain(on: .current))
    case .json: print(try Output.json(rows.map(BaselineRow.init)))
    }
  }

  private static func table(_ rows: [DenseBaselines.Row]) -> TextTable {
    var table = TextTable([("task", .left), ("metric", .left), ("constant", .right), ("prior", .right)])
    for row in rows {
      table.append([
        row.task, row.metric, NumberText.fixed(row.constant, 4), NumberText.fixed(row.prior, 4),
      ])
    }
    return table
  }
}

/// A way to average by its name.
struct AveragingArgument: ExpressibleByArgument {
  let averaging: MetricAveraging

  init?(argument: String) {
    guard let averaging = MetricAveraging(rawValue: argument) else { return nil }
    self.averaging = averaging
  }

  static var allValueStrings: [String] { MetricAveraging.allCases.map(\.rawValue) }
}

/// A row as JSON.
private struct BaselineRow: Encodable {
  let task, metric: String
  let constant, prior: Double

  init(_ row: DenseBaselines.Row) {
    (task, metric, constant, prior) = (row.task, row.metric, row.constant, row.prior)
  }
}
