import Foundation
import Torch
import TruceData
import TruceOptions
import TruceTasks

/// Rooms that Truce makes up: NYUv2's three tasks without anything to download.
///
/// The pictures are made once and kept in the data folder; a folder of one's own, as `truce data make rooms` makes it,
/// may be named instead.
struct RoomsProblem {
  private static let training = Parameter<Int>.atLeast(
    1, "train_samples", default: 400, "How many rooms there are to learn from.")
  private static let test = Parameter<Int>.atLeast(
    1, "test_samples", default: 100, "How many rooms are measured.")
  private static let height = Parameter<Int>.atLeast(8, "height", default: 96, "The height of a picture.")
  private static let width = Parameter<Int>.atLeast(8, "width", default: 128, "The width of a picture.")
  private static let seed = Parameter<Int>.atLeast(0, "rooms_seed", default: 0, "The seed of the rooms.")

  private static let all = [training, test, height, width, seed]

  static let about = DenseProblem.about(
    .rooms, summary: "made-up rooms: a class, a depth and a normal for each pixel",
    source: "Truce; the tasks of NYUv2", further: all.map(\.description))

  /// Makes the rooms where they are not there yet, and prepares the tasks.
  static func make(_ options: Options, _ request: ProblemRequest) throws -> any Problem {
    let numbers = try all.map { try options.value(of: $0) }
    guard try DenseSettings(.rooms, options).folder == nil || numbers == all.map(\.defaultValue) else {
      throw TaskError.incompatible(
        reason: "the option `data` names a folder, whose rooms are as they are",
        help: "leave \(all.map(\.name).joined(separator: ", ")) out, or `data`")
    }
    return try DenseProblem(.rooms, options, request) {
      try RoomsPreparation(
        train: numbers[0], val: numbers[1], height: numbers[2], width: numbers[3], seed: UInt64(numbers[4])
      ).made(in: request.dataFolders.target)
    }
  }
}

extension ProblemEntry {
  /// The line of rooms.
  static let rooms = ProblemEntry(about: RoomsProblem.about, make: RoomsProblem.make)
}
