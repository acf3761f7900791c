import ArgumentParser
import Foundation
import TruceData
import TruceEnvironments
import TruceRun
import TruceShell
import TruceTraining

/// `truce rl watch`: an episode as a strip of pictures.
struct WatchCommand: CatalogueCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Show an episode as a strip of pictures, a row for each task.",
    discussion: """
      An episode is played on an evaluation goal, and pictures are taken from its beginning to its horizon at equal
      distances. Metaworld draws with a GL library, EGL or OSMesa; MUJOCO_GL chooses one. Examples:
        truce rl watch runs/points --output points.png
        truce rl watch runs/mt3 --tasks reach,drawer-close --frames 6 --goal 3 --output mt3.png
        truce rl watch --problem metaworld-mt10 --tasks drawer-close --policy expert --output expert.png
      """)

  @OptionGroup var acting: ActingArguments
  @Option(help: "The picture to write, a PNG file.")
  var output: String
  @Option(help: ArgumentHelp("Pictures of each task.", valueName: "count"))
  var frames = 8
  @Option(help: ArgumentHelp("Width and height of a picture in pixels.", valueName: "pixels"))
  var size = 200
  @Option(help: ArgumentHelp("The number of the goal, counted from 0.", valueName: "number"))
  var goal = 0
  @Flag(help: "Replace the picture if it is there.")
  var force = false

  func validate() throws {
    try PositiveNumbers.check([("frames", frames)])
    guard (16...1024).contains(size) else { throw ValidationError("--size must be from 16 to 1024") }
    guard goal >= 0 else { throw ValidationError("--goal must be a whole number, at least 0") }
  }

  func run(with catalogues: Catalogues) throws {
    try Output.checkTarget(output, replacing: force)
    let film = try film(catalogues)
    let strips = film.strips.map { strip in
      PictureStrips.Strip(
        "\(strip.task)  \(Self.end(of: strip))", pictures: strip.pictures.map(\.bytes))
    }
    try Output.write(
      PictureStrips(strips, width: size, height: size).png(), to: output, replacing: force)
    for strip in film.strips { print("\(strip.task): \(Self.end(of: strip))") }
    print("steps \(film.steps.map(String.init).joined(separator: ", ")) in \(output)")
  }

  private func film(_ catalogues: Catalogues) throws -> EpisodeFilm {
    // Without a run only what is shown need be made.
    let trial = try acting.trial(with: catalogues, playsAll: acting.run != nil)
    return try TensorFailure.explaining {
      try trial.film(
        acting.policy, tasks: acting.taskNames, goal: goal, frames: frames,
        size: PictureSize(width: size, height: size), horizon: acting.horizon,
        checkpoint: CheckpointChoice(acting.checkpoint))
    }
  }

  private static func end(of strip: EpisodeFilm.Strip) -> String {
    strip.firstSuccess.map { "success at step \($0)" } ?? "no success"
  }
}
