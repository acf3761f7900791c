import ArgumentParser
import TruceData
import TruceFiles
import TruceShell
import TruceTasks

/// `truce verify metrics`: metrics, Δm and mean ranks against reference values.
struct VerifyMetricsCommand: ParsableCommand {
  /// How the comparison is written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  static let configuration = CommandConfiguration(
    commandName: "metrics", abstract: "Compare metrics, Δm and mean ranks with reference values.",
    discussion: """
      Each FILE is JSON with any of the sections segmentation, depth, normals, attributes, values, delta and mean_rank: \
      inputs, and the values that are expected of them. Every value is shown with its distance from the expected one \
      and the distance that is accepted: 1e-9, and 1e-6 degrees for angles.
      """)

  @Argument(help: "Files of reference values.")
  var files: [String]

  @Option(help: "How to write it: text or json.")
  var format: Format = .text

  @Flag(help: "Show only values that are not as expected.")
  var failing = false

  func run() throws {
    let deviations = try files.flatMap { file in try references(in: file).deviations() }
    let failures = deviations.filter { !$0.holds }
    let shown = failing ? failures : deviations
    let count = VerifiedCount(total: deviations.count, failures: failures.count)
    switch format {
    case .text: print(VerifiedValue.text(of: shown, count))
    case .json: print(try Output.json(shown.map(VerifiedValue.init)))
    }
    try count.requireAll()
  }

  private func references(in file: String) throws(DataError) -> MetricReferences {
    do throws(FileFault) {
      return try MetricReferences(contentsOf: file)
    } catch {
      throw .faults([error], total: 1)
    }
  }
}

/// A value as JSON, and all of them as text.
private struct VerifiedValue: Encodable {
  let name: String
  let expected, computed, distance: Double?
  let tolerance: Double
  let holds: Bool

  init(_ deviation: MetricDeviation) {
    name = deviation.name
    expected = deviation.expected
    // JSON has no word for what is not a number.
    computed = deviation.computed.isFinite ? deviation.computed : nil
    distance = deviation.distance.isFinite ? deviation.distance : nil
    tolerance = deviation.tolerance
    holds = deviation.holds
  }

  static func text(of deviations: [MetricDeviation], _ count: VerifiedCount) -> String {
    var table = TextTable([
      ("value", .left), ("expected", .right), ("computed", .right), ("distance", .right),
      ("tolerance", .right), ("", .left),
    ])
    for deviation in deviations {
      table.append([
        deviation.name, deviation.expected.map { "\($0)" } ?? "none",
        deviation.computed.isNaN ? "none" : "\(deviation.computed)", "\(deviation.distance)",
        "\(deviation.tolerance)", deviation.holds ? "" : "NO",
      ])
    }
    return deviations.isEmpty ? count.summary : table.plain(on: .current) + "\n" + count.summary
  }
}
