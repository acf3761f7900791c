import Testing
import TruceRun
import TruceRunTestSupport
import TruceStudy

@testable import TruceReport

@Suite("Reports on agents")
struct TrialReportTests {
  private static let tasks = ["reach", "push"].map {
    TaskRecord(
      name: $0,
      metrics: ["success", "return"].map { MetricRecord(name: $0, higherIsBetter: true) })
  }

  private var report: StudyReport {
    var builder = RecordBuilder(problem: "arms", tasks: Self.tasks)
    builder.conditions = ["rewards": "v2", "horizon": "150", "evaluation_episodes": "10"]
    let records = [
      builder.record(seed: 0, epochs: [[0, 1, 0.2, 3], [1, 9, 0.4, 5]]),
      builder.record(seed: 1, epochs: [[0, 1, 0.6, 4], [0.8, 8, 0.4, 6]]),
      builder.record("cagrad", seed: 0, epochs: [[0, 1, 0, 3], [1, 9, 1, 5]]),
    ]
    return ReportFixture.report(of: records)
  }

  @Test("tell the share of tasks solved at the end, at its best and over the training")
  func table() throws {
    let table = try #require(report.tables(named: "success").first)
    #expect(
      table.grid.headings.map(\.text) == [
        "method", "optimizer", "learning rate", "seeds", "final ↑", "95% from", "95% to", "best of means ↑",
        "at step",
        "area ↑",
      ])
    #expect(
      table.grid.rows.map { $0.joined(separator: " | ") } == [
        "EW | Adam | 0.001 | 2 | 0.650 ± 0.071 | 0.495 | 0.779 | 0.650 ± 0.071 | 100 | 0.425 ± 0.035",
        "CAGrad | Adam | 0.001 | 1 | 1.000 | 0.839 | 1.000 | 1.000 | 100 | 0.500",
      ])
  }

  @Test("tell each task's share with its interval")
  func tasks() throws {
    let table = try #require(report.tables(named: "success-by-task").first)
    #expect(table.grid.headings.map(\.text) == ["task", "EW", "CAGrad"])
    #expect(table.grid.rows[1] == ["push", "0.40 (0.22–0.61)", "1.00 (0.72–1.00)"])
  }

  @Test("name the conditions and the measurement that counts", arguments: ["success", "success-by-task"])
  func conditions(id: String) throws {
    let caption = try #require(report.tables(named: id).first).caption
    #expect(caption.contains("Measured with evaluation episodes 10, horizon 150, rewards v2."))
    #expect(caption.contains("the last measurement on the test data"))
  }

  @Test("name conditions and rule with every table of results")
  func allTables() throws {
    let tables = report.tables
    #expect(tables.contains { $0.id == "results" } && tables.count > 4)
    for table in tables {
      #expect(
        table.caption.contains("Measured with evaluation episodes 10, horizon 150, rewards v2."),
        "\(table.id)")
      #expect(table.caption.contains("the last measurement on the test data"), "\(table.id)")
    }
    let labelled = ReportFixture.report(of: [RecordBuilder().record(epochs: [[1, 1]])])
    #expect(
      labelled.tables.allSatisfy {
        !$0.caption.contains("Measured with") && !$0.caption.contains("What counts")
      })
  }

  /// A run of the second task's or the first's conditions.
  private func run(_ conditions: [String: String]?, seed: Int) -> RunRecord {
    var builder = RecordBuilder(problem: "arms", tasks: Self.tasks)
    builder.conditions = conditions
    return builder.record(seed: seed, epochs: [[0, 1, 0.2, 3], [1, 9, 0.4, 5]])
  }

  @Test("are refused where runs were tried under different conditions")
  func mixture() throws {
    let error = try #require(throws: RunError.self) {
      try ReportFixture.checkedReport(of: [run(["rewards": "v1"], seed: 0), run(["rewards": "v2"], seed: 1)])
    }
    #expect(
      error.description
        == "/runs/ew-adam-0.001-all/0 and /runs/ew-adam-0.001-all/1 cannot stand in one table: rewards is v1 in one and v2 in "
        + "the other")
  }

  @Test("leave out a paper's rows that were measured under other conditions, and say so")
  func published() throws {
    let report = ReportFixture.report(
      of: [run(["rewards": "v2", "goals": "1"], seed: 0)],
      published: try PublishedTables.table(named: "metaworld-mt10"))
    #expect(report.tables(named: "published").isEmpty)
    #expect(
      report.problems[0].absences.contains {
        $0.hasPrefix("The rows of metaworld-mt10 are not shown because")
          && $0.contains("horizon is not told in one and 150")
      })
  }

  @Test("tell what only later runs recorded, and both values of what may differ")
  func union() throws {
    let report = ReportFixture.report(of: [
      run(["rewards": "v2", "reward_scale": "1"], seed: 0),
      run(["rewards": "v2", "reward_scale": "0.1", "evaluation_goals": "training"], seed: 1),
    ])
    let caption = try #require(report.tables(named: "success").first).caption
    #expect(caption.contains("Measured with evaluation goals training, reward scale 0.1 or 1, rewards v2."))
  }

  @Test("draw success over steps, for all tasks and for each")
  func curves() throws {
    let figure = try #require(report.figures.first { $0.id == "success-curves" })
    #expect(figure.views.map(\.name) == ["all tasks", "success of each task", "return of each task"])
    let all = try #require(figure.views[0].chart as? LineChart)
    #expect(all.series.map(\.x) == [[50, 100], [50, 100]])
    #expect(all.series[0].y.map { ($0 * 1000).rounded() } == [200, 650])
    let each = try #require(figure.views[1].chart as? MultiplesChart)
    #expect(each.panels.map(\.title) == ["reach", "push"])
    #expect(each.legend.map(\.name) == ["EW", "CAGrad"])
  }

  @Test("say why there is no conflict over training where none was measured")
  func conflict() {
    #expect(report.figures.allSatisfy { $0.id != "conflict-curves" })
    #expect(
      report.problems[0].absences.contains(
        "There is no conflict over training because the runs did not measure it (conflict_every)."))
  }

  @Test("are silent about success where labelled data is learned")
  func labelled() {
    let report = ReportFixture.report(of: [RecordBuilder().record(epochs: [[1, 1]])])
    #expect(report.tables(named: "success").isEmpty)
    #expect(report.problems[0].absences.allSatisfy { !$0.contains("conflict over training") })
  }
}
