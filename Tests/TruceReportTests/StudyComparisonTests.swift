import Testing
import TruceRun
import TruceRunTestSupport
import TruceStudy

@testable import TruceReport

@Suite("Two studies side by side")
struct StudyComparisonTests {
  @Test func eachSetupHasARowForEitherStudy() throws {
    let builder = RecordBuilder()
    let short = ReportFixture.report(of: [
      builder.record(epochs: [[0.5, 0.5]]), builder.record("uw", epochs: [[0.6, 0.5]]),
    ])
    let long = ReportFixture.report(of: [builder.record(epochs: [[0.5, 0.5], [0.7, 0.5]])])
    let comparison = StudyComparison(short, long)
    let table = try #require(comparison.tables.first)
    let name = short.study.name
    #expect(
      table.grid.rows.map { Array($0.prefix(3)) } == [
        ["EW", "Adam", "\(name) (A)"], ["EW", "Adam", "\(name) (B)"], ["UW", "Adam", "\(name) (A)"],
      ])
    #expect(table.grid.rows.map { $0[5] } == ["0.5000", "0.7000", "0.6000"])
    #expect(comparison.notes.contains("epochs: 1 in \(name) (A), 2 in \(name) (B)"))
    let elsewhere = ReportFixture.report(of: [RecordBuilder(problem: "other").record(epochs: [[1, 1]])])
    let none = StudyComparison(short, elsewhere)
    #expect(none.tables.isEmpty && none.notes.count == 2)
  }

  @Test func runsTellTheirHardwareAndStudiesTheirTags() throws {
    let records = [RecordBuilder().record(epochs: [[0.5, 0.5]])]
    let runs = try #require(ReportFixture.report(of: records).tables(named: "runs").first)
    #expect(runs.grid.rows[0].contains("example") && runs.grid.rows[0].contains("cpu"))
    let tagged = try StudyReport(
      records: records, study: StudyDescription(name: "a", tags: ["first <try>"]), date: ReportFixture.date)
    #expect(tagged.files["index.html"]?.contains("<li class=\"tag\">first &lt;try&gt;</li>") == true)
  }
}
