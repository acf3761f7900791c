import Testing
import TruceEnvironments
import TruceRun

@testable import TruceTraining

@Suite("The deadlines of workers")
struct WorkerDeadlineTests {
  private func deadlines(_ overrides: String...) throws -> [Duration] {
    let configuration = try RunConfiguration(overrides: ["problem=point-tasks", "method=ew"] + overrides)
    let settings = WorkerSettings(configuration, draws: false) { _ in }
    return [settings.startDeadline, settings.stepDeadline]
  }

  @Test("are those of the configuration, or the usual ones that its keys name")
  func keys() throws {
    #expect(try deadlines() == [.seconds(180), .seconds(30)])
    #expect(try deadlines("worker_start_seconds=900") == [.seconds(900), .seconds(30)])
    #expect(try deadlines("worker_step_seconds=2") == [.seconds(180), .seconds(2)])
    for (key, usual) in [("worker_start_seconds", 180), ("worker_step_seconds", 30)] {
      let field = try #require(RunConfiguration.fields.first { $0.key == key })
      #expect(field.role == .places && field.summary.hasSuffix("none for \(usual)."))
    }
  }
}
