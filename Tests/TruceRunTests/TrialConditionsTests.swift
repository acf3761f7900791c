import Testing
import TruceOptions
import TruceRun
import TruceRunTestSupport

@Suite("Conditions under which agents are tried")
struct TrialConditionsTests {
  private func run(_ conditions: [String: String]?, seed: Int = 0, problem: String = "arms") -> RunRecord {
    var builder = RecordBuilder(
      problem: problem,
      tasks: [TaskRecord(name: "reach", metrics: [MetricRecord(name: "success", higherIsBetter: true)])])
    builder.conditions = conditions
    return builder.record(seed: seed, epochs: [[1]])
  }

  @Test("are refused in one table where they differ")
  func mixture() throws {
    let runs = [
      run(["rewards": "v1", "horizon": "150"]), run(["rewards": "v2", "horizon": "150"], seed: 1),
    ]
    let error = try #require(throws: RunError.self) { try TrialConditions.check(runs) }
    #expect(
      error.description
        == "/runs/ew-adam-0.001-all/0 and /runs/ew-adam-0.001-all/1 cannot stand in one table: rewards is v1 in one and v2 in "
        + "the other")
    #expect(error.help == "put runs of one condition into a table; those of others say nothing about them")
    #expect(error.exitStatus == .badData)
  }

  @Test("are refused where a run between them does not tell")
  func gap() throws {
    let runs = [
      run(["horizon": "150"]), run(["rewards": "v1"], seed: 1), run(nil, seed: 2),
      run(["rewards": "v2"], seed: 3),
    ]
    let error = try #require(throws: RunError.self) { try TrialConditions.check(runs) }
    #expect(
      error.description
        == "/runs/ew-adam-0.001-all/1 and /runs/ew-adam-0.001-all/3 cannot stand in one table: rewards is v1 in one and v2 in "
        + "the other")
  }

  @Test("are told all together, with every value of what differs and with what only some tell")
  func words() {
    let runs = [
      run(["rewards": "v2", "evaluation_episodes": "10"]),
      run(["rewards": "v2", "evaluation_episodes": "5", "evaluation_goals": "training"], seed: 1),
      run(nil, seed: 2),
    ]
    #expect(
      TrialConditions.text(of: runs) == "evaluation episodes 5 or 10, evaluation goals training, rewards v2")
    #expect(TrialConditions.text(of: [RecordBuilder().record(epochs: [[1, 1]])]).isEmpty)
  }

  @Test("are held against those of a table, which a run must tell one by one")
  func tables() throws {
    let table = TrialConditions(["rewards": "v1", "goals": "1"])
    try table.check([run(["rewards": "v1", "goals": "1", "horizon": "9"])], besideTable: "mt")
    try table.check([RecordBuilder().record(epochs: [[1, 1]])], besideTable: "mt")
    let other = try #require(throws: RunError.self) {
      try table.check([run(["rewards": "v2", "goals": "1"])], besideTable: "mt")
    }
    #expect(
      other.description
        == "/runs/ew-adam-0.001-all/0 and the published mt cannot stand in one table: rewards is v2 in one and v1 in the "
        + "other")
    let silent = try #require(throws: RunError.self) {
      try table.check([run(["rewards": "v1"])], besideTable: "mt")
    }
    #expect(silent.description.hasSuffix("goals is not told in one and 1 in the other"))
  }

  @Test(
    "may differ in what success does not depend on",
    arguments: ["evaluation_episodes", "reward_scale", "reward_normalization"])
  func freedom(name: String) throws {
    try TrialConditions.check([run([name: "1", "rewards": "v2"]), run([name: "2", "rewards": "v2"])])
  }

  @Test("are held against runs of the same problem only, and not against runs that do not tell")
  func others() throws {
    try TrialConditions.check([
      run(["rewards": "v1"]), run(["rewards": "v2"], problem: "legs"), run(["goals": "3"]), run(nil),
    ])
  }

  @Test("are read off the configuration of a run that did not record them")
  func earlier() {
    var builder = RecordBuilder(
      tasks: [TaskRecord(name: "reach", metrics: [MetricRecord(name: "success", higherIsBetter: true)])])
    builder.conditions = nil
    let record = builder.record(epochs: [[1]]) {
      $0.problemOptions = ["rewards": "v2", "goals": 50]
      $0.agentOptions = ["horizon": 150, "evaluation_episodes": 10, "batch_size": 192]
    }
    #expect(record.conditions?.text == "evaluation episodes 10, goals 50, horizon 150, rewards v2")
    #expect(record.conditions?.episodeCount == 10)
  }

  @Test("are none of a run on labelled data")
  func labelled() {
    #expect(RecordBuilder().record(epochs: [[1, 1]]).conditions == nil)
  }
}
