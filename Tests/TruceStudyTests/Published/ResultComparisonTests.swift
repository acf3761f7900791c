import Testing
import TruceStudy

@Suite("Results side by side")
struct ResultComparisonTests {
  private func table(_ text: String) throws -> ResultTable {
    try ResultReader(path: "r.csv").table(of: text.utf8)
  }

  private func compare(
    _ text: String, published: String? = nil, baseline: String? = nil
  ) throws -> ResultComparison {
    let paper = try published.map { try PublishedTables.table(named: $0) }
    let own = try ResultReader(path: "r.csv", known: paper?.metrics ?? []).table(of: text.utf8)
    return try ResultComparison(own: own, published: paper, baseline: baseline)
  }

  private func fault(_ body: () throws -> ResultComparison) -> String {
    do {
      _ = try body()
      return "none"
    } catch let fault as ResultFault { return "\(fault)|\(fault.help)" } catch { return "\(error)" }
  }

  @Test("Δm in both forms and mean ranks with ties, against the row called single-task")
  func numbers() throws {
    let result = try compare(
      "method,s/a:higher,s/b:higher,d:lower\nsingle-task,1,1,1\nx,1.1,1.1,2\ny,1.1,0.5,1\n")
    #expect(result.baseline?.name == "single-task" && result.hasTaskForm && result.notes.isEmpty)
    let close = { (value: Double?, expected: Double) in abs((value ?? .nan) - expected) < 1e-9 }
    #expect(close(result.rows[1].deltaM, (-10 - 10 + 100) / 3.0))
    #expect(close(result.rows[1].taskDeltaM, (-10 + 100) / 2.0))
    #expect(result.rows[0].deltaM == 0 && result.rows[0].meanRank == nil)
    #expect(result.rows[1].meanRank == (1.5 + 1 + 2) / 3 && result.rows[2].meanRank == (1.5 + 2 + 1) / 3)
  }

  @Test("A zero baseline, gaps and infinities leave out what they make unknown, and say so")
  func degenerate() throws {
    let zero = try compare("method,a:higher,b:lower\nSTL,0,1\nx,1,1\ny,2,1\n")
    #expect(zero.rows.allSatisfy { $0.deltaM == nil } && zero.rows[2].meanRank == 1.25)
    #expect(
      zero.notes == [
        "There is no Δm: a of STL, the baseline, is zero, and no change is relative to it; --metrics leaves a metric out."
      ])
    let gaps = try compare("method,a:higher,b:lower\nSTL,1,1\nx,1,\ny,nan,∞\nz,2,1\n")
    #expect(gaps.rows.map { $0.deltaM == nil } == [false, true, true, false])
    #expect(
      gaps.notes == [
        "There is no mean rank: it needs two methods with all metrics.",
        "x has no Δm and no rank: no finite b.", "y has no Δm and no rank: no finite a, b.",
      ])
    let broken = try compare("method,a:higher\nSTL,\nx,1\ny,2\n")
    #expect(broken.notes == ["There is no Δm: STL, the baseline, has no finite a."])
    let alone = try compare("method,a:higher\nx,1\n")
    #expect(alone.rows[0].deltaM == nil && alone.rows[0].meanRank == nil)
    #expect(alone.notes.count == 2 && alone.notes[0].contains("--baseline names their row"))
  }

  @Test("A metric of one task is refused beside a mean over all tasks")
  func singleTask() throws {
    let paper = try PublishedTables.table(named: "metaworld-mt10")
    let metric = ResultMetric(
      "reach success", of: "reach", higherIsBetter: true, measured: .init("reach", "success"))
    let own = ResultTable(metrics: [metric], rows: [.init("cagrad", [.init(0.9, decimals: 4)])])
    #expect(
      fault { try ResultComparison(own: own, published: paper) }
        == "'reach success' is one task's, and 'success' of metaworld-mt10 is the mean over all|put the means over the tasks "
        + "into a CSV file with a column 'success'")
    let means = try compare("method,success\nmine,0.8\n", published: "metaworld-mt10")
    #expect(means.rows.first?.values.first??.number == 0.8 && means.rows.count == 15)
  }

  @Test("Published rows stand behind one's own, and Δm is against one baseline throughout")
  func besidePublished() throws {
    let text = "method,mIoU,Pix Acc,Abs Err,Rel Err\nmine,75,93.5,.0126,28\n"
    let result = try compare(text, published: "cityscapes-cagrad")
    #expect(result.baseline?.name == "Independent" && result.baseline?.origin == .published)
    #expect(
      result.rows.first?.origin == .own && result.rows.dropFirst().allSatisfy { $0.origin == .published })
    #expect(result.rows.last?.printedDeltaM?.number == 9.63, "as printed, against the same row")
    let own = try compare(
      text + "alone,74,93,.0125,27\n", published: "cityscapes-cagrad", baseline: "alone")
    #expect(own.rows.allSatisfy { $0.printedDeltaM == nil } && own.rows.count == 9)
    #expect(own.notes.contains { $0.hasPrefix("Left out: 9 published rows without metrics") })
    let published = try #require(own.rows.first { $0.name == "MGDA" })
    #expect(published.deltaM != result.rows.first { $0.name == "MGDA" }?.deltaM)
    let part = try compare("method,Abs Err,mIoU\nmine,.01,70\n", published: "cityscapes-cagrad")
    #expect(part.metrics.map(\.name) == ["mIoU", "Abs Err"] && part.rows[0].values[0]?.number == 70)
    #expect(
      part.notes[0].hasPrefix("Left out, since the own results do not have them: Pix Acc (%), Rel Err;"))
  }

  @Test("What Truce's runs record is paired by task and name, in the table's unit")
  func runs() throws {
    let metrics = [("depth", "absolute_error", false), ("segmentation", "mean_iou", true)].map {
      ResultMetric("\($0) \($1)", of: $0, higherIsBetter: $2, measured: .init($0, $1))
    }
    let own = ResultTable(
      metrics: metrics, rows: [.init("run", [.init(0.0126, decimals: 4), .init(0.75, decimals: 4)])])
    let paper = try PublishedTables.table(named: "cityscapes-cagrad")
    let result = try ResultComparison(own: own, published: paper)
    #expect(result.rows[0].values.map { $0?.number } == [75, 0.0126] && result.decimals == [2, 4])
    let foreign = ResultTable(
      metrics: [ResultMetric("s mean_io", of: "s", higherIsBetter: true, measured: .init("s", "mean_io"))],
      rows: [.init("run", [nil])])
    #expect(
      fault { try ResultComparison(own: foreign, published: paper) }
        == "cityscapes-cagrad has no metric 's mean_io'|it has mIoU, Pix Acc, Abs Err, Rel Err; --metrics leaves a metric "
        + "out")
  }

  @Test("Beside a table that prints Δm only, one's own metrics or one's own Δm stand alone")
  func onlyDeltaM() throws {
    let metrics = try compare("method,a:higher\nSTL,1\nx,2\ny,3\n", published: "celeba")
    #expect(metrics.rows[1].deltaM == -100 && metrics.rows[2].meanRank == 1)
    #expect(metrics.rows.last?.printedDeltaM?.number == 14.85 && metrics.rows.last?.values == [nil])
    #expect(metrics.notes.count == 1 && metrics.notes[0].hasPrefix("celeba prints no metrics, only Δm"))
    let given = try compare("method,Δm\nx,1.5\n", published: "celeba")
    #expect(given.rows[0].printedDeltaM?.number == 1.5 && given.notes.isEmpty)
  }

  @Test("What cannot be laid side by side is refused with the fix")
  func refusals() throws {
    let text = "method,mIoU\nmine,75\n"
    #expect(
      fault { try compare(text, published: "cityscapes-cagrad", baseline: "minn") }
        == "no row is called 'minn'|did you mean 'mine'?")
    #expect(
      fault { try compare("method,a:higher\nx,1\n", baseline: "published") }
        == "there is no published table to take a baseline from|name one with --published, or another row with --baseline"
    )
    #expect(
      fault { try compare("method,mIoU\nmine,.75\n", published: "cityscapes-cagrad") }
        == "r.csv:1:8: 'mIoU' is at most 0.75, which is a share; cityscapes-cagrad has percent|multiply it by 100"
    )
    #expect(
      fault { try compare("method,mIoU,x/m IoU\nmine,75,75\n", published: "cityscapes-cagrad") }
        == "r.csv:1:13: 'm IoU' and 'mIoU' are both 'mIoU' of cityscapes-cagrad|leave one of them out with --metrics"
    )
  }
}
