import Foundation
import Testing
import TruceRun

@testable import TruceStudy

/// The recorded values of SciPy; `Tools/reference-values/statistics.py` writes them.
struct StatisticsReference: Decodable, Sendable {
  struct Beta: Decodable, Sendable {
    let a, b, x, value: Double
  }
  struct T: Decodable, Sendable {
    let degreesOfFreedom, t, cumulative, twoTailed: Double
  }
  struct HalfWidth: Decodable, Sendable {
    let degreesOfFreedom, confidence, value: Double
  }
  struct Normal: Decodable, Sendable {
    let x, cumulative: Double
  }
  struct Summary: Decodable, Sendable {
    let values: [Double]
    let mean, standardDeviation: Double
    let interval90: [Double]?
    let percentiles: [String: Double]
  }
  struct Paired: Decodable, Sendable {
    let differences: [Double]
    let t, tPValue: Double?
    let positiveRankSum, wilcoxonPValue: Double
  }
  struct Correction: Decodable, Sendable {
    let pValues, holm, benjaminiHochberg: [Double]
  }

  let incompleteBeta: [Beta]
  let studentT: [T]
  let halfWidths: [HalfWidth]
  let normal: [Normal]
  let summaries: [Summary]
  let pairedTests: [Paired]
  let corrections: [Correction]

  static func load() throws -> Self {
    let url = try #require(
      Bundle.module.url(forResource: "statistics", withExtension: "json", subdirectory: "ReferenceValues"))
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: url))
  }
}

/// Whether two numbers agree to a relative error, or are both as good as zero.
func agree(_ a: Double, _ b: Double, relative: Double = 1e-10) -> Bool {
  (a - b).magnitude <= relative * max(a.magnitude, b.magnitude) + 1e-290
}

@Suite("Statistics against SciPy")
struct StatisticsTests {
  let reference: StatisticsReference

  init() throws { reference = try .load() }

  @Test func incompleteBeta() {
    for row in reference.incompleteBeta {
      let value = regularizedIncompleteBeta(row.x, a: row.a, b: row.b)
      #expect(agree(value, row.value), "I(\(row.x); \(row.a), \(row.b)) is \(value), not \(row.value)")
    }
    #expect(regularizedIncompleteBeta(0, a: 2, b: 3) == 0)
    #expect(regularizedIncompleteBeta(1, a: 2, b: 3) == 1)
  }

  @Test func studentT() {
    for row in reference.studentT {
      let distribution = StudentT(degreesOfFreedom: row.degreesOfFreedom)
      #expect(agree(distribution.twoTailed(row.t), row.twoTailed), "two-tailed \(row)")
      #expect(agree(distribution.cumulative(row.t), row.cumulative), "cumulative \(row)")
    }
  }

  @Test func intervalWidths() {
    for row in reference.halfWidths {
      let distribution = StudentT(degreesOfFreedom: row.degreesOfFreedom)
      #expect(agree(distribution.halfWidth(confidence: row.confidence), row.value), "\(row)")
    }
  }

  @Test func normalDistribution() {
    for row in reference.normal { #expect(agree(StandardNormal.cumulative(row.x), row.cumulative)) }
  }

  @Test func summaries() throws {
    for row in reference.summaries {
      let summary = try #require(SampleSummary(row.values))
      #expect((summary.mean - row.mean).magnitude < 1e-12)
      #expect((try #require(summary.standardDeviation) - row.standardDeviation).magnitude < 1e-12)
      if let expected = row.interval90 {
        let interval = try #require(summary.confidenceInterval(0.9))
        #expect(agree(interval.lowerBound, expected[0]) && agree(interval.upperBound, expected[1]))
      }
      for (percent, value) in row.percentiles {
        let computed = Double(percent).flatMap { TruceRun.percentile($0, of: row.values) }
        #expect((try #require(computed) - value).magnitude < 1e-12)
      }
    }
  }

  @Test func smallSamplesHaveNoSpread() {
    #expect(SampleSummary([]) == nil)
    #expect(percentile(50, of: []) == nil)
    let single = SampleSummary([3])
    #expect(single?.mean == 3)
    #expect(single?.standardDeviation == nil)
    #expect(single?.confidenceInterval() == nil)
  }

  @Test func pairedTTest() throws {
    for row in reference.pairedTests {
      let test = PairedTTest(differences: row.differences)
      guard let t = row.t, let pValue = row.tPValue else {
        #expect(test == nil, "equal differences have no t statistic")
        continue
      }
      #expect(agree(try #require(test).statistic, t))
      #expect(agree(try #require(test).pValue, pValue))
    }
    #expect(PairedTTest(differences: [1]) == nil)
  }

  @Test func wilcoxonSignedRank() throws {
    for row in reference.pairedTests {
      let test = try #require(WilcoxonSignedRank(differences: row.differences))
      #expect(test.positiveRankSum == row.positiveRankSum)
      #expect(agree(test.pValue, row.wilcoxonPValue), "\(row.differences): \(test.pValue)")
      #expect(test.isExact == (test.count <= 50))
    }
    #expect(WilcoxonSignedRank(differences: [0, 0]) == nil)
  }

  @Test func threePairsNeverReachFivePercent() throws {
    #expect(WilcoxonSignedRank.smallestPValue(count: 3) == 0.25)
    #expect(try #require(WilcoxonSignedRank(differences: [1, 2, 3])).pValue == 0.25)
    #expect(WilcoxonSignedRank.smallestPValue(count: 6) < 0.05)
  }

  @Test func corrections() {
    for row in reference.corrections {
      #expect(zip(MultipleTesting.holm.adjusted(row.pValues), row.holm).allSatisfy { agree($0, $1) })
      let adjusted = MultipleTesting.benjaminiHochberg.adjusted(row.pValues)
      #expect(zip(adjusted, row.benjaminiHochberg).allSatisfy { agree($0, $1) })
    }
    #expect(MultipleTesting.holm.adjusted([]).isEmpty)
  }

  @Test func tiesShareTheirMeanRank() {
    #expect(averageRanks(of: [10, 20, 10, 5]) == [2.5, 4, 2.5, 1])
    #expect(averageRanks(of: []).isEmpty)
  }
}
