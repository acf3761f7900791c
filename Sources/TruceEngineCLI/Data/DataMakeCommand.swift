import ArgumentParser
import TruceData
import TruceShell

/// `truce data make`: makes up a data set.
struct DataMakeCommand: ParsableCommand {
  /// What can be made up.
  enum Kind: String, ExpressibleByArgument, CaseIterable {
    case rooms
  }

  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Make up a data set from a seed.",
    discussion: """
      rooms: pictures of furnished rooms with 13 classes, depth in metres and normals, all exactly right, in the layout \
      of the release of MTAN with camera.json. The same seed gives the same rooms.
        truce data make rooms --train 100 --val 20 --size 96x128 --output data/rooms
      """)

  @Argument(help: "What to make: rooms.")
  var kind: Kind

  @Option(help: "The number of pictures to learn from.")
  var train = 400

  @Option(help: "The number of pictures to measure.")
  var val = 100

  @Option(help: "The size of a picture, height x width.")
  var size = PictureSizeArgument(height: 96, width: 128)

  @Option(help: "Decides what the rooms are.")
  var seed: UInt64 = 0

  @Option(help: "The folder to make.")
  var output: String

  @Flag(help: "Replace the folder if it is there.")
  var force = false

  func run() throws {
    let rooms = try RoomsPreparation(
      train: train, val: val, height: size.height, width: size.width, seed: seed)
    try rooms.run(into: output, replacing: force)
    print("Rooms: \(train) train and \(val) val examples in \(output)")
  }
}
