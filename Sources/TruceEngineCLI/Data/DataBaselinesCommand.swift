import ArgumentParser
import Foundation
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
      median depth and the mean direction at its own place. With --study, the study's report shows both beside its networks.
      """)

  @OptionGroup var data: DenseFolderArguments

  @Option(help: "How metrics are averaged: set, batches or published.")
  var averaging: AveragingArgument?

  @Option(help: "How to write it: text or json.")
  var format: Format = .text

  @Option(help: "The folder of a study on these data, such as runs/nyuv2-small.")
  var study: String?

  func run() throws {
    let target = try study.map(Self.studyFolder)
    let averaging = averaging?.averaging ?? .set
    let baselines = try DenseBaselines(DenseFolder(data.folder, data.chosenLayout))
    let rows = try baselines.measure(averaging: averaging)
    if let target { try baselines.record(of: rows, averaging: averaging).write(to: target) }
    switch format {
    case .text: print(Self.table(rows).plain(on: .current))
    case .json: print(try Output.json(rows.map(BaselineRow.init)))
    }
  }

  /// The folder of a study; in a mistyped one, nobody would see what is written there.
  private static func studyFolder(_ path: String) throws -> URL {
    let folder = URL(filePath: path, directoryHint: .isDirectory)
    guard FileManager.default.fileExists(atPath: folder.appending(path: "study.yaml").path) else {
      throw CommandFailure.usage(
        "--study names \(path), where there is no study.yaml",
        help: "name the folder with the study's runs, such as runs/nyuv2-small")
    }
    return folder
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
