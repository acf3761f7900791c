import Foundation
import Testing
import TruceOptions
import TruceRun

@testable import TruceEnvironments

/// The figures of `Documentation/reinforcement-learning.md` on the study `point-tasks`.
@Suite("The best returns that the documentation tells of")
struct BestReturnPageTests {
  private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Documentation/reinforcement-learning.md")

  /// As `Studies/point-tasks.yaml` has it.
  private static let horizon = 30

  private func environments(seed: UInt64) throws -> PointTasks {
    let request = EnvironmentRequest(options: ["count": 3, "angle": 120], seed: seed, purpose: .evaluation)
    return try #require(try EnvironmentEntry.pointTasks.make(request) as? PointTasks)
  }

  private func row(seed: UInt64) throws -> String {
    let environments = try environments(seed: seed)
    let cells = environments.about.tasks.indices.map { task in
      let goals = 0..<environments.about.goalCount
      func mean(_ value: (Int) -> Double) -> String {
        NumberText.fixed(goals.reduce(0) { $0 + value($1) } / Double(goals.count), 3)
      }
      let best = mean { environments.bestReturn(task: task, goal: $0, horizon: Self.horizon) }
      let resting = mean { environments.restingReturn(task: task, goal: $0, horizon: Self.horizon) }
      return "\(best) (\(resting))"
    }
    return "| \(seed) | \(cells.joined(separator: " | ")) |"
  }

  @Test("are those of the study's goals")
  func figures() throws {
    let rows = try [0, 1].map(row).joined(separator: "\n")
    let table = """
      | seed | turn1 | turn2 | turn3 |
      |---|---:|---:|---:|
      \(rows)
      """
    #expect(try String(contentsOf: Self.page, encoding: .utf8).contains(table), "\(table)")
  }
}
