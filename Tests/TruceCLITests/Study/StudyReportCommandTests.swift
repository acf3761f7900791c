import Foundation
import Testing
import TruceTestSupport

@Suite("truce study report and table", .enabled(if: StudyBench.hasPython, "the stand-in needs python3"))
struct StudyReportCommandTests {
  /// A finished study, with a file in place of the plotting library.
  private func finished(_ options: String = "") throws -> StudyBench {
    let bench = try StudyBench(options, seeds: [0, 1])
    bench.further["TRUCE_PLOTLY"] = try bench.folder.file("plotly.js", "// draws nothing")
    let run = try bench.study(
      "run", bench.file, "--output", bench.output, "--worker", StudyBench.worker, "--jobs", "2")
    #expect(run.status == 0, "\(run.errors)")
    return bench
  }

  private func text(_ bench: StudyBench, _ path: String) throws -> String {
    try String(contentsOfFile: "\(bench.output)/\(path)", encoding: .utf8)
  }

  @Test("The report is a folder with a page, and is written again in place")
  func report() throws {
    let bench = try finished()
    let result = try bench.study("report", bench.output)
    #expect(result.status == 0, "\(result.errors)")
    let counts = /^.*\/runs\/report\/index.html: \d+ figures, \d+ tables\n$/
    #expect(result.output.wholeMatch(of: counts) != nil, "\(result.output)")
    let page = try text(bench, "report/index.html")
    for part in ["Does it hold?", "truce study run bench.yaml", "left accuracy", "seeds: [0, 1]"] {
      #expect(page.contains(part), "\(part)")
    }
    #expect(try text(bench, "report/data/results.md").contains("| EW | Adam | 0.2 | 0.8387"))
    try "".write(toFile: bench.output + "/report/data/gone.csv", atomically: true, encoding: .utf8)
    #expect(try bench.study("report", bench.output).status == 0)
    #expect(!FileManager.default.fileExists(atPath: bench.output + "/report/data/gone.csv"))
  }

  @Test(
    "A study that may be read and not written is reported elsewhere, and says so where it is to be written",
    .enabled(if: BuiltCommand.canRunUnprivileged, "needs a user without rights, or setpriv to become one"))
  func readOnly() throws {
    let bench = try finished()
    let elsewhere = bench.folder.path("elsewhere")
    try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
    try bench.folder.setPermissions(0o555, below: bench.output)
    defer { try? bench.folder.setPermissions(0o755, below: bench.output) }
    for path in [bench.folder.location.path, elsewhere] {
      try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
    }
    func study(_ arguments: String...) throws -> BuiltCommand.Result {
      try BuiltCommand("truce").runUnprivileged(["study"] + arguments, environment: bench.environment)
    }
    let page = try study("report", bench.output, "--output", elsewhere + "/page")
    #expect(page.status == 0, "\(page.errors)")
    #expect(FileManager.default.fileExists(atPath: elsewhere + "/page/index.html"))
    #expect(try study("table", bench.output).status == 0)
    #expect(try study("status", bench.output).output.contains("4 finished"))
    let refused = try study("report", bench.output)
    #expect(refused.status == 74 && !refused.errors.contains("delete the index"), "\(refused.errors)")
  }

  @Test("The index alone is enough")
  func indexAlone() throws {
    let bench = try finished()
    let copy = bench.folder.path("copy")
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    _ = try bench.study("index", bench.output)
    for name in ["study.sqlite", "study.sqlite-wal"]
    where FileManager.default.fileExists(
      atPath: "\(bench.output)/\(name)")
    {
      try FileManager.default.copyItem(atPath: "\(bench.output)/\(name)", toPath: "\(copy)/\(name)")
    }
    let table = try bench.study("table", copy, "--format", "csv")
    #expect(table.output == (try bench.study("table", bench.output, "--format", "csv")).output)
    #expect(table.output.hasPrefix("method,optimizer,learning rate,left accuracy"))
    #expect(try bench.study("report", copy, "--output", bench.folder.path("page")).status == 0)
  }

  @Test("A table in each format")
  func table() throws {
    let bench = try finished()
    let plain = try bench.study("table", bench.output).output.split(separator: "\n")
    #expect(plain[0].hasPrefix("method  optimizer  learning rate  left accuracy ↑  mean rank ↓"))
    #expect(plain[1].hasPrefix("EW      Adam                 0.2  0.8387"))
    #expect(!plain[2...].joined(separator: " ").contains("bold"))
    let markdown = try bench.study("table", bench.output, "--format", "markdown").output
    #expect(markdown.contains("| --- | --- | ---: |"))
    let latex = try bench.study("table", bench.output, "--kind", "runs", "--format", "latex").output
    #expect(latex.contains("\\toprule"))
    let csv = try bench.study("table", bench.output, "--kind", "runs", "--format", "csv").output
    #expect(csv.split(separator: "\r\n").count == 5)
  }

  @Test("What is wrong is named in one line with a fix")
  func badInput() throws {
    let bench = try finished()
    try bench.study("report", "nowhere").expectFailure(
      66, "nowhere: no study here", help: "`truce study run FILE` starts one; give the folder it names")
    let kinds = "results, best-configurations, pareto-counts, training, runs"
    try bench.study("table", bench.output, "--kind", "result").expectFailure(
      64, "this study has no table 'result'", help: "did you mean 'results'? it has \(kinds)")
    try bench.study("report", bench.output, "--output", bench.folder.path("")).expectFailure(
      64, "\(bench.folder.path("").dropLast()): holds files that are not a report",
      help: "choose another folder, or give --force to write among them")
    #expect(!bench.folder.names.contains("index.html"))
    let forced = try bench.study("report", bench.output, "--output", bench.folder.path(""), "--force")
    #expect(forced.status == 0 && bench.folder.names.contains("bench.yaml"))
    let taken = try bench.folder.file("taken", "")
    try bench.study("report", bench.output, "--output", taken + "/report").expectFailure(
      74, "\(taken)/report/data: cannot be written: not a directory",
      help: "check the folder's owner and permissions, or choose another folder")
    bench.further["TRUCE_PLOTLY"] = "/nowhere/plotly.js"
    try bench.study("report", bench.output).expectFailure(
      66, "plotly.min.js is not there: looked for /nowhere/plotly.js",
      help: "run `Scripts/setup plotly` in the source folder, or name a copy with TRUCE_PLOTLY=<file>")
  }

  @Test("Before a run has finished there is nothing to report")
  func nothingYet() throws {
    let bench = try StudyBench("exit_code: 66")
    _ = try bench.study("run", bench.file, "--output", bench.output, "--worker", StudyBench.worker)
    for command in ["report", "table"] {
      try bench.study(command, bench.output).expectFailure(
        66, "\(bench.output): no run has finished yet",
        help: "`truce study status \(bench.output)` shows how it stands")
    }
    #expect(!FileManager.default.fileExists(atPath: bench.output + "/report"))
  }

  @Test("The toy has its own table and its paths on the map")
  func toy() throws {
    let bench = try StudyBench()
    bench.further["TRUCE_PLOTLY"] = try bench.folder.file("plotly.js", "// draws nothing")
    let file = try bench.folder.file(
      "toy.yaml",
      """
      name: toy
      problem: toy
      problem_options: {iterations: 800}
      methods: [ew]
      optimizers: [sgd, adam]
      learning_rates: [1, 10]
      seeds: [0, 1, 2]
      """)
    _ = try bench.study("run", file, "--output", bench.output, "--jobs", "2", "-q")
    let table = try bench.study("table", bench.output, "--kind", "toy", "--format", "csv").output
    let object = try truce(
      "toy", "--method", "ew", "--optimizer", "adam", "--learning-rate", "1", "--iterations", "800",
      "--format", "json"
    ).object()
    let steps = try #require(object["iterations_to_global_minimum"] as? [NSNumber]).map(\.intValue).max()
    let rows = table.split(separator: "\r\n")
    #expect(rows[0] == "method,optimizer,lr 10,lr 1")
    #expect(rows[1].hasPrefix("EW,Adam,") && rows[1].hasSuffix(",\(steps ?? 0)"), "\(table)")
    #expect(try bench.study("report", bench.output).status == 0)
    let path = try text(bench, "report/data/toy-1.csv").split(separator: "\r\n")
    #expect(path.first == "path,number,point,x₁,x₂")
    #expect(path[1] == "EW,0,0,-8.5,7.5")
  }
}
