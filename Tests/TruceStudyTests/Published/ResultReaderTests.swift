import Testing
import TruceFiles
import TruceStudy

@Suite("Files of results")
struct ResultReaderTests {
  private func read(
    _ text: String, known: [ResultMetric] = [], of table: String? = nil, wanted: [String]? = nil
  ) throws(FileFault) -> ResultTable {
    try ResultReader(path: "r.csv", known: known, of: table, wanted: wanted).table(of: text.utf8)
  }

  private func numbers(_ table: ResultTable) -> [[Double?]] {
    table.rows.map { $0.values.map { $0?.number } }
  }

  @Test("Headings give direction, task and unit in several spellings")
  func headings() throws {
    let table = try read(
      "method,seg/mIoU ↑,Abs Err:lower,Mean (°) (lower is better),Δm (%) ↓,MR\nEW,0.5,.25,1e1±0.5,3,1.5\n")
    #expect(table.metrics.map(\.name) == ["mIoU", "Abs Err", "Mean"])
    #expect(table.metrics.map(\.task) == ["seg", "Abs Err", "Mean"])
    #expect(table.metrics.map(\.higherIsBetter) == [true, false, false])
    #expect(table.metrics.map(\.unit) == [nil, nil, "°"])
    #expect(numbers(table) == [[0.5, 0.25, 10]])
    #expect(table.rows[0].values.map { $0?.decimals } == [1, 2, 0])
    #expect(table.rows[0].values[2]?.deviation == 0.5)
    #expect(table.rows[0].deltaM?.number == 3 && table.rows[0].meanRank?.number == 1.5)
  }

  @Test("Gaps, infinities and what is no number at all are told apart; tabs and comments are read")
  func cells() throws {
    let table = try read("# mine\nmethod\ta:higher\nx\t\ny\t–\nz\tn/a\nu\tnan\nv\t-∞\n\nw\t−2\n")
    let values = numbers(table).map { $0[0] }
    #expect(values[..<3].allSatisfy { $0 == nil })
    #expect(values[3]?.isNaN == true && values[4] == -.infinity && values[5] == -2)
  }

  @Test("The long form and the wide form of the same results are the same")
  func longForm() throws {
    let wide = try read("method,s/a:higher,b:lower\nx,1,2\ny,3,\n")
    let long = try read(
      "task,method,metric,value,direction\ns,x,a,1,higher\n,x,b,2,↓\ns,y,a,3,higher\n")
    #expect(numbers(wide) == numbers(long) && wide.metrics.map(\.task) == long.metrics.map(\.task))
    #expect(wide.metrics.map(\.higherIsBetter) == long.metrics.map(\.higherIsBetter))
  }

  @Test("Lines of one method with seeds are averaged")
  func seeds() throws {
    let table = try read("method,seed,a:higher\nx,0,1\ny,0,5\nx,1,3\n")
    #expect(table.rows.map(\.name) == ["x", "y"] && numbers(table) == [[2], [5]])
    #expect(table.rows[0].values[0]?.deviation == 2.0.squareRoot())
  }

  @Test(
    "Faults name the line, the column and the fix",
    arguments: [
      ("", "r.csv: there is nothing in it", "write a heading 'method' with metrics, and a row each"),
      ("method,a:higher\n", "r.csv:1: a heading and no results", "write a row for each method below it"),
      (
        "method,a\nx,1\n", "r.csv:1:8: nothing says whether a higher or a lower 'a' is better",
        "write 'a:higher' or 'a:lower' in the heading, or leave the column out with --metrics"
      ),
      (
        "method,a:higher,b:lower\nx,1\n", "r.csv:2:1: a row of 2 cells under a heading of 3",
        "give each column a cell; leave it empty, or write –, where nothing was measured"
      ),
      (
        "method,a:higher\nx,1\ny,abc\n", "r.csv:3:3: 'abc' is no number",
        "write one with a decimal point, such as 0.5 or 0.5±0.1; leave the cell empty where nothing was measured"
      ),
      (
        "method,a:higher\nx,1\nX ,2\n", "r.csv:3:1: 'X' stands on line 2 already",
        "name them apart, or add a column 'seed' to have the lines of a method averaged"
      ),
      (
        "method,seed,a:higher\nx,0,1\nx,0,2\n",
        "r.csv:3:1: 'x' stands on line 2 already, with the same seed",
        "give each line of a method another seed"
      ),
      (
        "method,metric,value,direction\nx,a,1,higher\nx,a,2,higher\n",
        "r.csv:3:1: 'x' stands on line 2 already",
        "name them apart, or add a column 'seed' to have the lines of a method averaged"
      ),
      (
        "method,a:higher,A:higher\nx,1,2\n", "r.csv:1:17: the metric 'A' stands there twice",
        "give each a task in front, such as 'left/A' and 'right/A'"
      ),
      (
        "method,a:higher\n,1\n", "r.csv:2:1: a row without a method", "name the method in the first column"
      ),
      (
        "method\nx\n", "r.csv:1: no metric is read from it",
        "name a column after each metric, such as 'mIoU:higher'; --metrics chooses among them"
      ),
    ])
  func faults(text: String, reason: String, help: String) {
    do {
      _ = try read(text)
      Issue.record("no fault in \(text)")
    } catch {
      #expect("\(error)" == reason)
      #expect(error.help == help)
    }
  }

  @Test("Beside a published table, its metrics need no direction, and others are refused")
  func known() throws {
    let metrics = try PublishedTables.table(named: "cityscapes-cagrad").metrics
    let table = try read("method,miou,depth/Abs_Err\nx,70,.01\n", known: metrics, of: "cityscapes-cagrad")
    #expect(table.metrics.map(\.higherIsBetter) == [true, false])
    #expect(table.metrics.map(\.task) == ["segmentation", "depth"])
    #expect(
      fault("method,Pixl Acc:higher\nx,1\n", metrics)
        == "r.csv:1:8: cityscapes-cagrad has no metric 'Pixl Acc'|did you mean 'Pix Acc'?; --metrics leaves columns out"
    )
    #expect(
      fault("method,mIoU:lower\nx,1\n", metrics)
        == "r.csv:1:8: 'mIoU' is marked as better when lower, and cityscapes-cagrad has it the other way round|take the "
        + "direction out of the heading, or name the metric otherwise")
    #expect(try read("method,foo,mIoU\nx,1,2\n", known: metrics, wanted: ["mIoU"]).metrics.count == 1)
  }

  private func fault(_ text: String, _ known: [ResultMetric]) -> String {
    do {
      _ = try read(text, known: known, of: "cityscapes-cagrad")
      return "none"
    } catch { return "\(error)|\(error.help)" }
  }
}
