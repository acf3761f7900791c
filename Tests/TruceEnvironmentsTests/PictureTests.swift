import Foundation
import Testing
import TruceOptions
import TruceRun

@testable import TruceEnvironments

@Suite("Pictures of environments")
struct PictureTests {
  private let size = PictureSize(width: 40, height: 20)

  @Test(
    "are spread over the episode, its beginning and its end among them",
    arguments: [
      (150, 4, [0, 50, 100, 150]), (10, 3, [0, 5, 10]), (7, 3, [0, 4, 7]), (2, 9, [0, 1, 2]), (5, 1, [0]),
    ])
  func steps(horizon: Int, frames: Int, expected: [Int]) {
    #expect(EpisodeFilm.steps(horizon: horizon, frames: frames) == expected)
  }

  @Test("show the point mass on its way to the goal")
  func points() throws {
    let request = EnvironmentRequest(options: ["count": 2], seed: 1)
    let environments = try EnvironmentEntry.pointTasks.make(request)
    let film = try EpisodeFilm(
      of: environments, tasks: [1, 0], goal: 0, horizon: 60, frames: 3,
      size: PictureSize(width: 64, height: 64)
    ) { _ in try environments.expertActions() }
    #expect(film.steps == [0, 30, 60])
    #expect(film.strips.map(\.task) == [environments.about.tasks[1], environments.about.tasks[0]])
    let first = film.strips[0].pictures[0]
    #expect(Self.pixel(first, 32, 32) == [232, 113, 10], "the mass begins in the origin")
    #expect(first != film.strips[0].pictures[2], "and moves")
    let success = try #require(film.strips[0].firstSuccess)
    #expect((1...60).contains(success))
  }

  private static func pixel(_ picture: EnvironmentPicture, _ line: Int, _ column: Int) -> [UInt8] {
    let start = 3 * (line * picture.size.width + column)
    return Array(picture.bytes[start..<(start + 3)])
  }

  @Test(
    "come from a class's own method, whichever worker runs the task",
    .enabled(if: PlainPython.isThere, PlainPython.missing), arguments: [1, 3])
  func ownClass(workers: Int) throws {
    let folder = try ScratchFolder()
    let environments = try PlainPython.environments(
      folder, PlainPython.carts, tasks: ["light", "heavy", "slow"], workers: PlainPython.quick(count: workers)
    )
    defer { environments.close() }
    _ = try environments.reset(goals: [0, 0, 0])
    for _ in 0..<7 { _ = try environments.step([Float](repeating: 0, count: 6)) }
    let picture = try environments.picture(ofTask: 1, size: size)
    #expect(picture.bytes == [UInt8](repeatElement([7, 40, 20], count: 800).joined()))
    let error = try #require(throws: EnvironmentError.self) {
      try environments.picture(ofTask: 2, size: size)
    }
    #expect(
      error.description
        == "slow: the environment failed while drawing a picture: a picture of 40×20 has 9 bytes, not 2400")
    _ = try environments.step([Float](repeating: 0, count: 6))
  }

  @Test(
    "are refused by name where a class draws none",
    .enabled(if: PlainPython.isThere, PlainPython.missing))
  func noPicture() throws {
    let folder = try ScratchFolder()
    let environments = try PlainPython.environments(
      folder, PlainPython.carts.replacing("def picture", with: "def drawing"), tasks: ["light"])
    defer { environments.close() }
    _ = try environments.reset(goals: [0])
    let error = try #require(throws: EnvironmentError.self) {
      try environments.picture(ofTask: 0, size: size)
    }
    #expect(
      error.description
        == "python has no picture of 'light': its class has no method picture(width, height)")
    #expect(
      error.help
        == "install a GL library (on Debian libegl1 or libosmesa6), or give the class a method that draws")
    #expect(error.exitStatus == .missingInput)
  }
}
