import Foundation
import Truce

/// Makes a data set of rooms: pictures of furnished rooms that are cast from a seed, with classes, depths and normals
/// that are exactly right.
///
/// The layout, the 13 classes, metres and the axes are NYUv2's, so that whatever learns one learns the other. Rooms,
/// furniture, patterns, lamps and cameras are drawn anew for each picture; there are things in front of others, noise in
/// the pictures, and holes in the depths. What an example is follows from the seed, its half and its number alone.
public struct RoomsPreparation: Sendable {
  /// The number of pictures of each half.
  public let counts: [DenseFolder.Part: Int]
  private let camera: Camera
  private let seed: UInt64

  /// Prepares to make rooms.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` for a number below 1 or a side below 8 pixels.
  public init(train: Int, val: Int, height: Int, width: Int, seed: UInt64) throws(DataError) {
    for (name, value, least) in [
      ("the number of rooms to learn from", train, 1), ("the number of rooms to measure", val, 1),
      ("the height of a picture", height, 8), ("the width of a picture", width, 8),
    ] where value < least {
      throw .invalidValue(parameter: name, rule: "at least \(least)", received: "\(value)")
    }
    counts = [.train: train, .val: val]
    let focal = 0.81 * Double(max(width, height))
    camera = Camera(
      fx: focal, fy: focal, cx: Double(width - 1) / 2, cy: Double(height - 1) / 2, height: height,
      width: width)
    self.seed = seed
  }

  /// The example of a number.
  public func example(_ part: DenseFolder.Part, _ number: Int) -> DensePreparation.Example {
    let random = RandomSource(seed: seed, for: part == .train ? .roomsTraining : .roomsTest, number: number)
    return RoomPicture(RoomScene(from: random), camera).example()
  }

  /// Makes the folder with all cores, or goes on with one that was stopped.
  ///
  /// - Parameters:
  ///   - folder: The folder to make.
  ///   - replacing: Whether one that is there is made anew.
  /// - Throws: ``DataError``.
  public func run(into folder: String, replacing: Bool) throws(DataError) {
    let preparation = try DensePreparation(
      into: folder, .rooms, record, camera: camera, replacing: replacing)
    try preparation.write { (part, number) throws(DataError) in example(part, number) }
    try preparation.finish()
  }

  private var record: PreparationRecord {
    PreparationRecord(
      dataset: DenseLayout.rooms.name, size: [camera.height, camera.width],
      examples: Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) }), seed: seed,
      notes: ["rooms of this version of Truce, cast from the seed; depths and normals are exact"])
  }

  /// The rooms' own folder in a data folder, made where it is not there yet.
  ///
  /// Several programs may ask at once: each makes what is missing, and all make the same.
  ///
  /// - Throws: ``DataError``.
  public func made(in dataFolder: String) throws(DataError) -> String {
    let (record, sizes) = (record, "\(camera.height)x\(camera.width)")
    let name = "\(counts[.train] ?? 0)-\(counts[.val] ?? 0)-\(sizes)-seed\(seed)-\(record.version)"
    let folder = "\(dataFolder)/rooms/\(name)"
    var finished = record
    finished.isComplete = true
    let isMade = { (try? PreparationRecord.read(from: folder)) == finished }
    if isMade() { return folder }
    do throws(DataError) { try run(into: folder, replacing: false) } catch .exists where isMade() {}
    return folder
  }
}
