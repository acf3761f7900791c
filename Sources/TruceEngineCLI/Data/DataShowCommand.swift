import ArgumentParser
import TruceData
import TruceRun
import TruceShell

/// `truce data show`: a sheet of examples as a picture.
struct DataShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show examples of a folder of maps on one sheet, as a PNG picture.",
    discussion: """
      A row for each example: the picture, its classes with a legend of their colours, its depth from white (near) to \
      dark blue (far), and its normals with x, y and z as red, green and blue. What has no label is black.
      """)

  @OptionGroup var data: DenseFolderArguments

  @Option(help: "The picture to write.")
  var output: String

  @Option(help: "Which half: train or val.")
  var part: PartArgument = PartArgument(part: .train)

  @Option(help: "The number of examples.")
  var count = 6

  @Option(help: "The first example.")
  var first = 0

  @Flag(help: "Replace the picture if it is there.")
  var force = false

  func validate() throws {
    guard count > 0, first >= 0 else {
      throw ValidationError("--count must be at least 1, and --first at least 0")
    }
  }

  func run() throws {
    try Output.checkTarget(output, replacing: force)
    let layout = data.chosenLayout
    let samples = try DenseFolder(data.folder, layout).samples(of: part.part)
    guard first < samples.count else {
      throw CommandFailure.usage(
        "--first is \(first), and there are \(samples.count) examples", help: "count from 0")
    }
    let positions = Array(first..<min(first + count, samples.count))
    let sheet = try ContactSheet(of: samples, layout, at: positions).png()
    try Output.write(sheet, to: output, replacing: force)
    print("\(Counted.text(positions.count, "example")) of \(data.folder) in \(output)")
  }
}

/// A half of a data set by its folder.
struct PartArgument: ExpressibleByArgument {
  let part: DenseFolder.Part

  init(part: DenseFolder.Part) {
    self.part = part
  }

  init?(argument: String) {
    guard let part = DenseFolder.Part(rawValue: argument) else { return nil }
    self.part = part
  }

  static var allValueStrings: [String] { DenseFolder.Part.allCases.map(\.rawValue) }
  var defaultValueDescription: String { part.rawValue }
}
