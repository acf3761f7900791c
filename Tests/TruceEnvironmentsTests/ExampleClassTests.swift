import Foundation
import Testing
import TruceOptions
import TruceTestSupport

@testable import TruceEnvironments

/// A Python that has a package: the one that `TRUCE_RL_PYTHON` names, or one that an example says how to make.
private enum PackagePython {
  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let control = location(having: "dm_control")
  static let objectives = location(having: "mo_gymnasium")

  static func location(having module: String) -> URL? {
    let named = ProcessInfo.processInfo.environment[PythonLocation.variable].map { [URL(filePath: $0)] } ?? []
    let made = ["dm", "mo"].map { package.appending(path: ".truce/\($0)/bin/python3") }
    let program = "import importlib.util as u, sys; sys.exit(u.find_spec('\(module)') is None)"
    return (named + made).first { (try? BuiltCommand(at: $0).run(["-c", program]).status) == 0 }
  }
}

/// The examples of classes that want packages which Metaworld does not.
@Suite("The examples of environments", .serialized)
struct ExampleClassTests {
  private func environments(_ name: String, _ python: URL?, workers: Int) throws -> WorkerEnvironments {
    let file = PackagePython.package.appending(path: "Examples/Environments")
      .path(percentEncoded: false)
    let settings = WorkerSettings(count: workers, python: python)
    let made = try EnvironmentEntry.python.make(
      EnvironmentRequest(
        options: ["class": .string("\(file)/\(name)"), "goals": 2], seed: 3, workers: settings))
    return try #require(made as? WorkerEnvironments)
  }

  /// Plays the same episode on one worker and on several, the first of which is killed on the way.
  private func expectRepetition(_ name: String, _ python: URL?, observationSize: Int) throws {
    let one = try environments(name, python, workers: 1)
    let expected = try one.episode(steps: 300)
    #expect(one.about.observationSize == observationSize && one.about.stepLimit == 1000)
    let size = one.about.observationSize
    let last = expected[300].observations
    #expect(last[..<size] != last[size..<(2 * size)] || Set(expected[300].rewards).count > 1)
    #expect(try one.episode(steps: 300) == expected)
    let several = try environments(name, python, workers: 2)
    #expect(several.about == one.about)
    _ = try several.reset(goals: one.about.tasks.indices.map { $0 % 2 })
    let width = one.about.tasks.count * one.about.actionSize
    for step in 0..<300 {
      if step == 150 { kill(several.processIdentifiers[0], SIGKILL) }
      let actions = (0..<width).map { Float(sin(Double(3 * step + $0))) }
      try #require(try several.step(actions) == expected[step + 1], "step \(step + 1)")
    }
  }

  @Test(
    "walk by dm_control the same again, also in a worker that replaces another",
    .enabled(
      if: PackagePython.control != nil, "no Python has dm_control: see Examples/Environments/walker.py"))
  func walker() throws {
    try expectRepetition("walker.py:Walker", PackagePython.control, observationSize: 24)
  }

  @Test(
    "run by MO-Gymnasium the same again, also in a worker that replaces another",
    .enabled(
      if: PackagePython.objectives != nil,
      "no Python has mo_gymnasium: see Examples/Environments/objectives.py"))
  func objectiveTasks() throws {
    try expectRepetition("objectives.py:Objectives", PackagePython.objectives, observationSize: 17)
  }
}
