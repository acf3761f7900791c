import ArgumentParser
import Foundation
import Truce
import TruceShell

/// `truce diagnose gradients.npy`: whether measured gradients conflict; needs no engine.
struct DiagnoseGradientsCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  static let configuration = CommandConfiguration(
    commandName: "truce diagnose", abstract: "Measure whether the task gradients in files conflict.",
    discussion: """
      Each file holds a matrix with one row for each task's gradient, as .npy, .csv or .json; several files, or the \
      first axis of a .npy file with three, are samples or steps.

        truce diagnose gradients.npy
        truce diagnose step-1.npy step-2.npy --format json
      """)

  @Option(help: "How to write it: text or json.")
  var format: Format = .text

  @Argument(help: ArgumentHelp("The gradients.", valueName: "file"))
  var files: [String]

  /// Whether arguments of `truce diagnose` name files with gradients and not a network.
  static func isMeant(by arguments: [String]) -> Bool {
    let endings = MatrixFile.Format.allCases.map { ".\($0.rawValue)" }
    let isFile = { (text: String) in
      endings.contains { text.lowercased().hasSuffix($0) } && !text.contains("=")
    }
    return arguments.indices.contains { index in
      let isValue = index > 0 && arguments[index - 1].hasPrefix("--") && arguments[index - 1] != "--"
      let isMatrix = arguments[index] == MatrixFile.standardInput || isFile(arguments[index])
      return isMatrix && (!isValue || arguments[index - 1] == "--format")
    }
  }

  mutating func run() throws {
    let sheets = try files.flatMap { file in
      try MatrixFile.sheets(at: file).map { try HostRows($0) }
    }
    try checkShapes(sheets)
    RowAdvice.give(on: sheets[0], in: files[0])
    let diagnosis = GradientDiagnosis(of: sheets, files: files)
    switch format {
    case .text: print(diagnosis.plain(on: .current))
    case .json: print(try Output.json(diagnosis))
    }
  }

  private func checkShapes(_ sheets: [HostRows]) throws(CommandFailure) {
    let shapes = sheets.map { [$0.taskCount, $0.rows[0].count] }
    guard let other = shapes.first(where: { $0 != shapes[0] }) else { return }
    let words = [shapes[0], other].map { "\($0[0])×\($0[1])" }
    throw .badData(
      "the files hold matrices of \(words[0]) and of \(words[1])",
      help: "give samples of the same tasks and parameters: one row for each task")
  }
}
