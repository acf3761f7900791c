import Testing
import TruceFiles
import TruceOptions
import TruceStudy

@Suite("Published tables")
struct PublishedTableTests {
  @Test("Names are distinct, and what a table says of itself holds")
  func descriptions() throws {
    let tables = PublishedTables.all
    #expect(Set(tables.map(\.name)).count == tables.count)
    for table in tables {
      let results = try table.results()
      #expect(results.metrics.map(\.name) == table.metrics.map(\.name), "\(table.name)")
      #expect(!results.rows.isEmpty && !table.source.isEmpty)
      if let name = table.baseline {
        let baseline = try #require(results.rows.first { $0.name == name }, "\(table.name)")
        #expect(baseline.numbers != nil && baseline.deltaM == nil, "\(table.name)")
      }
    }
  }

  @Test(
    "Δm and mean ranks follow from the printed metrics, but for the numbers that are named",
    arguments: PublishedTables.all.map(\.name))
  func recomputed(name: String) throws {
    let table = try PublishedTables.table(named: name)
    let wrong = try table.checks().filter { !$0.holds }
    #expect(
      Set(wrong.map { "\($0.row) \($0.column)" }) == Set(table.remarks.map { "\($0.row) \($0.column)" }),
      "\(wrong.map { "\($0.row) \($0.column): printed \($0.printed), computed \($0.computed), \($0.possible)" })"
    )
  }

  @Test("Enough is recomputed to mean something")
  func counts() throws {
    let checks = try PublishedTables.all.flatMap { try $0.checks() }
    #expect(checks.count { $0.column == .deltaM } > 70)
    #expect(checks.count { $0.column == .meanRank } > 50)
    // Rounding cannot hide a value that is wrong in its second digit.
    let nyuv2 = try PublishedTables.table(named: "nyuv2-nash-mtl").checks()
    for check in nyuv2 where check.column == .deltaM {
      #expect(check.possible.upperBound - check.possible.lowerBound < 0.1)
    }
  }

  @Test("An unknown table is refused with the closest name")
  func unknown() {
    #expect(throws: OptionError.self) { try PublishedTables.table(named: "nyuv2-cagrd") }
    do { _ = try PublishedTables.table(named: "nyuv2-cagrd") } catch {
      #expect("\(error)" == "unknown published table 'nyuv2-cagrd'")
      #expect(error.help == "did you mean 'nyuv2-cagrad'?")
    }
  }
}
