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
      Each file names a published network, its tensors, and what a training step and an evaluation gave. Every value is \
      shown with its distance from the recorded one and the distance that is accepted: 1e-7 in float64; in float32 1e-4, \
      or ten times what the published network itself is off in float32.
      """)

  /// The type to compute in.
  enum Precision: String, ExpressibleByArgument, CaseIterable {
    case float32, float64

    var dtype: DType { self == .float64 ? .float64 : .float32 }
  }

  @Argument(help: "Files of golden values.")
  var files: [String]
  @Option(help: "The type to compute in: float32 or float64.")
  var precision: Precision = .float64
  @Flag(help: "Show only values that are not as expected.")
  var failing = false

  func run() throws {
    var count = VerifiedCount()
    for path in files {
      let file = try GoldenNetworkFile(contentsOf: URL(filePath: path))
      for comparison in try TensorFailure.explaining({ try file.compare(in: precision.dtype) }) {
        let wrong = comparison.deviations.filter { !$0.holds }
        count.total += comparison.deviations.count
        count.failures += wrong.count
        Self.show(failing ? wrong : comparison.deviations, of: "\(file.network), \(comparison.title)")
      }
    }
    print(count.summary)
    try count.requireAll()
  }

  /// Prints deviations beside their tolerances; nothing where there are none.
  private static func show(_ deviations: [GoldenDeviation], of title: String) {
    guard !deviations.isEmpty else { return }
    var table = TextTable([(title, .left), ("distance", .right), ("tolerance", .right), ("", .left)])
    for deviation in deviations {
      table.append([
        deviation.what, text(deviation.deviation), text(deviation.tolerance), deviation.holds ? "" : "NO",
      ])
    }
    print(table.plain(on: .current) + "\n")
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : String(format: "%.1e", value)
  }
}
