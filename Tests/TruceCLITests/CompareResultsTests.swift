import Foundation
import Testing
import TruceTestSupport

@Suite("truce compare with files and published tables")
struct CompareResultsTests {
  private func compare(_ csv: String, _ arguments: String...) throws -> BuiltCommand.Result {
    let folder = try TemporaryFolder()
    _ = try folder.file("r.csv", csv)
    return try BuiltCommand("truce").run(["compare", "r.csv"] + arguments, in: folder.location)
  }

  private let results =
    "method,mIoU,Pix Acc,Abs Err,Rel Err\nSTL,74,93,.0125,27\nmine & co,75,93.5,.0126,28\n"

  @Test("A CSV file in all four forms")
  func formats() throws {
    let text = try compare(results)
    #expect(text.status == 0 && text.errors.isEmpty)
    #expect(
      text.output.hasPrefix(
        "method     mIoU (%) ↑  Pix Acc (%) ↑  Abs Err ↓  Rel Err ↓  Δm (%) ↓  mean rank ↓\nSTL "))
    let row = try #require(text.output.split(separator: "\n").first { $0.hasPrefix("mine & co") })
    #expect(row.split(separator: " ").dropFirst(3) == ["75", "93.5", "0.0126", "28", "+0.65", "–"])
    #expect(text.output.contains("Metrics are taken as those of cityscapes-cagrad, by their names."))
    let markdown = try compare(results, "--format", "markdown").output
    #expect(markdown.contains("| mine &amp; co | 75 | 93.5 | 0.0126 | 28 | +0.65 | – |"))
    let latex = try compare(results, "--format", "latex").output
    #expect(
      latex.contains("\\toprule")
        && latex.contains("    mine \\& co & 75 & 93.5 & 0.0126 & 28 & +0.65 & -- \\\\"))
    #expect(latex.contains("Pix Acc (\\%) $\\uparrow$") && latex.contains("\n% There is no mean rank"))
    let data = try compare(results, "--format", "csv")
    #expect(data.errors.contains("truce: There is no mean rank"), "notes are no lines of data")
    #expect(
      data.output.hasPrefix(
        "method,segmentation/mIoU (%) ↑,segmentation/Pix Acc (%) ↑,depth/Abs Err ↓,depth/Rel Err ↓,Δm (%) ↓,")
    )
  }

  @Test("What is written as CSV is read again, and gives the same")
  func roundTrip() throws {
    let first = try compare(results + "other,70,90,.02,30\n", "--format", "csv")
    let second = try compare(first.output, "--format", "csv")
    #expect(second.status == 0 && first.output == second.output)
  }

  @Test("Published rows are marked in each form, with the source below")
  func published() throws {
    let text = try compare(results, "--published", "cityscapes-cagrad", "--baseline", "published")
    #expect(text.status == 0)
    #expect(text.output.contains("\nMGDA †") && !text.output.contains("mine & co †"))
    #expect(text.output.contains("9.63 (printed)"))
    let words = text.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      words.contains("† published, not measured here: Cityscapes")
        && words.contains("arXiv 2110.14048, appendix."))
    let latex = try compare(results, "--published", "cityscapes-cagrad", "--format", "latex").output
    #expect(latex.contains("MGDA $\\dagger$ &") && latex.contains("$\\dagger$ published, not measured here"))
    let data = try compare(results, "--published", "cityscapes-cagrad", "--format", "csv").output
    let lines = data.split(separator: "\r\n")
    #expect(lines.filter { $0.hasSuffix(",own") }.count == 2)
    #expect(lines.filter { $0.hasSuffix(",published: cityscapes-cagrad") }.count == 7)
  }

  @Test("A published table alone, and the list of all")
  func listing() throws {
    let list = try truce("compare", "--list-published")
    #expect(list.output == (try truce("published").output) && list.output.contains("\nqm9-nash-mtl  "))
    let table = try truce("published", "nyuv2-nash-mtl")
    #expect(table.output.contains("Δm of IMTL-G (the printed metrics give −0.60)"))
    #expect(try truce("compare", "--published", "nyuv2-nash-mtl").output.hasPrefix("method    mIoU (%) ↑"))
    try truce("published", "nash").expectFailure(
      64, "unknown published table 'nash'",
      help: "known are "
        + list.output.split(separator: "\n").dropFirst().prefix(24)
        .map { $0.prefix { $0 != " " } }.joined(separator: ", "))
  }

  @Test("Faults name file, line and fix")
  func faults() throws {
    try compare("method,a\nx,1\n").expectFailure(
      65, "r.csv:1:8: nothing says whether a higher or a lower 'a' is better",
      help: "write 'a:higher' or 'a:lower' in the heading, or leave the column out with --metrics")
    try compare("").expectFailure(
      65, "r.csv: there is nothing in it", help: "write a heading 'method' with metrics, and a row each")
    try compare(results, "--baseline", "min & co").expectFailure(
      64, "no row is called 'min & co'", help: "did you mean 'mine & co'?")
    try compare(results, "--published", "cityscape-cagrad").expectFailure(
      64, "unknown published table 'cityscape-cagrad'", help: "did you mean 'cityscapes-cagrad'?")
    try truce("compare").expectFailure(
      64, "nothing to compare",
      help: "name folders of runs, a study, or a CSV file; `truce compare --help` has examples")
    try truce("compare", "none.csv").expectFailure(66, "none.csv: does not exist", help: "check the path")
    try truce("compare", "a.csv", "runs/a").expectFailure(
      64, "a.csv: results from a file stand alone",
      help: "put all rows into one CSV file, or name folders of runs only")
  }
}
