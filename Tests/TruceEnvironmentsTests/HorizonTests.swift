import Testing

@testable import TruceEnvironments

@Suite(
  "An episode longer than the environments allow", .enabled(if: PlainPython.isThere, PlainPython.missing))
struct HorizonTests {
  private func carts() throws -> WorkerEnvironments {
    try PlainPython.environments(
      ScratchFolder(), PlainPython.carts, tasks: ["light"], workers: PlainPython.quick(count: 1))
  }

  private static let problem = "an episode of python ends after 40 steps"
  private static let help = "choose a horizon of at most 40 steps"

  @Test("is refused before anything is played")
  func evaluation() throws {
    let environments = try carts()
    var calls = 0
    func act(_ observations: [Float]) -> [Float] {
      calls += 1
      return [0, 0]
    }
    expect(throws: Self.problem, help: Self.help) {
      try PolicyEvaluation(environments, episodes: 1, horizon: 41).run(act)
    }
    expect(throws: Self.problem, help: Self.help) {
      try EpisodeFilm(
        of: environments, tasks: [0], goal: 0, horizon: 41, frames: 2, size: PictureSize(width: 2, height: 2),
        act)
    }
    #expect(calls == 0)
    #expect(try PolicyEvaluation(environments, episodes: 1, horizon: 40).run(act).count == 1)
    #expect(calls == 40)
  }
}
