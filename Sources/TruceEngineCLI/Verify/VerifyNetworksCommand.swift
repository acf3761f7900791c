import ArgumentParser
import Foundation
import Torch
import TruceModels
import TruceShell

/// `truce verify networks`: the networks of dense prediction against published ones.
struct VerifyNetworksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "networks",
    abstract: "Compare networks with the published ones, from files of golden values.",
    discussion: """
      Each file names a published network, its tensors, and what a training step and an evaluation gave. Prints every \\
      deviation beside its tolerance and ends with 0 only if all hold.
      """)

  /// The type to compute in.
  enum Precision: String, ExpressibleByArgument, CaseIterable {
    case float32, float64

    var dtype: DType { self == .float64 ? .float64 : .float32 }
  }

  @Argument(help: ArgumentHelp("Files of golden values.", valueName: "file"))
  var files: [String]
  @Option(help: "The type to compute in: float32 or float64.")
  var precision: Precision = .float64

  func run() throws {
    var failed = 0
    for path in files {
      let file = try GoldenNetworkFile(contentsOf: URL(filePath: path))
      let comparisons = try TensorFailure.explaining { try file.compare(in: precision.dtype) }
      print(VerificationText(file.network, comparisons).text)
      failed += comparisons.flatMap(\.deviations).count { !$0.holds }
    }
    guard failed == 0 else {
      throw CommandFailure.badData(
        "\(Counted.text(failed, "comparison")) of networks did not hold",
        help: "the lines marked with * say which")
    }
  }
}

/// Deviations beside their tolerances as a table.
struct VerificationText {
  private let network: String
  private let comparisons: [GoldenComparison]

  init(_ network: String, _ comparisons: [GoldenComparison]) {
    self.network = network
    self.comparisons = comparisons
  }

  /// A heading for each comparison, and a line for each value, marked where it does not hold.
  var text: String {
    comparisons.map { comparison in
      (["\(network), \(comparison.title)"] + comparison.deviations.map(Self.line)).joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private static func line(_ deviation: GoldenDeviation) -> String {
    let mark = deviation.holds ? " " : "*"
    let what = deviation.what.padding(toLength: 48, withPad: " ", startingAt: 0)
    return "\(mark) \(what) \(number(deviation.deviation)) of \(number(deviation.tolerance))"
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : String(format: "%.1e", value)
  }
}
