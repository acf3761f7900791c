import ArgumentParser
import TruceData
import TruceShell

/// `truce data prepare`: makes a data set once and keeps it in one file or folder.
struct DataPrepareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare", abstract: "Make a data set from files at hand and keep it in one file or folder.",
    discussion: """
      Training makes its data set from the original files where no prepared one is found; a prepared file \
      only saves that second, and shows other programs the very same pictures.

      NYUv2 is made once, in a folder in the layout of the release of MTAN, from archives or folders of pictures, \
      depths and the 40 classes, with normals fitted to the depths. A preparation that was stopped goes on:
        truce data prepare nyuv2 --from downloads/nyuv2 --output data/nyuv2 --size 96x128
      """)

  @Argument(help: "The data set; `truce data list` names them. Or nyuv2.")
  var name: String

  @Option(help: "The folder with the original files, or with the folders they lie in.")
  var from: String?

  @Option(
    help:
      "The file to write (default: prepared/<name>-seed<seed>.safetensors in the data folder), or nyuv2's folder."
  )
  var output: String?

  @Option(help: "Decides whatever is random in the set.")
  var seed: UInt64?

  @Option(help: "The size of nyuv2's pictures, height x width (default: 288x384).")
  var size: PictureSizeArgument?

  @OptionGroup var data: DataFolderOption

  @Flag(help: "Replace the file or folder if it is there.")
  var force = false

  func run() throws {
    guard name != NYUv2Command.name else { return try nyuv2().run() }
    guard size == nil else {
      throw CommandFailure.usage("\(name) has pictures of one size", help: "leave --size out")
    }
    try prepareFile(seed: seed ?? 0)
  }

  private func nyuv2() throws -> NYUv2Command {
    guard seed == nil else {
      throw CommandFailure.usage("nothing in nyuv2 is random", help: "leave --seed out")
    }
    guard let from, let output else {
      throw CommandFailure.usage(
        "nyuv2 needs --from and --output",
        help: "name the folder with NYUv2's files and the folder to make")
    }
    return NYUv2Command(from: from, output: output, size: size, force: force)
  }

  private func prepareFile(seed: UInt64) throws {
    let source = try DatasetCatalogue.entry(named: name)
    let folders = from.map { DataFolders(paths: [$0]) } ?? data.folders
    let path = output ?? PreparedFile.path(of: source, seed: seed, in: data.folders.target)
    try PreparedFile.checkPlace(path, replacing: force)
    let splits = try source.build(from: folders, seed: seed)
    try PreparedFile.write(splits, of: source, seed: seed, to: path, replacing: force)
    print(
      "\(source.title): \(splits.training.count) training and \(splits.test.count) test examples in \(path)")
  }
}
