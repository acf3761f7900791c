import Testing
import TruceRun

/// NYUv2 rows as published with their Δm (CAGrad, Nash-MTL, FAMO, FairGrad, NTKMTL, GO4Align, DB-MTL, SDMGrad).
@Suite("Δm and mean rank")
struct DeltaMTests {
  static let baseline = [38.30, 63.76, 0.6754, 0.2780, 25.01, 19.21, 30.14, 57.20, 69.15]
  static let higherIsBetter = [true, true, false, false, false, false, true, true, true]

  @Test(arguments: [
    ("MTAN", [39.29, 65.33, 0.5493, 0.2263, 28.15, 23.96, 22.09, 47.50, 61.08], 5.59),
    ("MGDA", [30.47, 59.90, 0.6070, 0.2555, 24.88, 19.45, 29.18, 56.88, 69.36], 1.38),
    ("PCGrad", [38.06, 64.64, 0.5550, 0.2325, 27.41, 22.80, 23.86, 49.83, 63.14], 3.97),
    ("GradDrop", [39.39, 65.12, 0.5455, 0.2279, 27.48, 22.96, 23.38, 49.44, 62.87], 3.58),
    ("CAGrad", [39.79, 65.49, 0.5486, 0.2250, 26.31, 21.58, 25.61, 52.36, 65.58], 0.20),
    ("Nash-MTL", [40.13, 65.93, 0.5261, 0.2171, 25.26, 20.08, 28.40, 55.47, 68.15], -4.04),
    ("FAMO", [38.88, 64.90, 0.5474, 0.2194, 25.06, 19.57, 29.21, 56.61, 68.98], -4.10),
    ("FairGrad", [39.74, 66.01, 0.5377, 0.2236, 24.84, 19.60, 29.26, 56.58, 69.16], -4.66),
    ("NTKMTL", [39.68, 65.43, 0.5296, 0.2168, 24.24, 18.63, 30.74, 58.72, 70.78], -6.99),
    ("GO4Align", [40.42, 65.37, 0.5492, 0.2167, 24.76, 18.94, 30.54, 57.87, 69.84], -6.08),
    ("DB-MTL", [41.42, 66.45, 0.5251, 0.2160, 25.03, 19.50, 28.72, 56.17, 68.73], -5.36),
    ("SDMGrad", [40.47, 65.90, 0.5225, 0.2084, 25.07, 19.99, 28.54, 55.74, 68.53], -4.84),
  ])
  func publishedRows(name: String, row: [Double], printed: Double) {
    let value = deltaM(row, baseline: Self.baseline, higherIsBetter: Self.higherIsBetter)
    #expect(abs(value - printed) <= 0.015, "\(name): \(value)")
  }

  @Test func metricsAreMatchedByName() {
    func metric(_ task: String, _ value: Double, _ higherIsBetter: Bool) -> MetricValue {
      MetricValue(task: task, name: "m", split: "test", value: value, higherIsBetter: higherIsBetter)
    }
    let values = [metric("a", 0.9, true), metric("b", 3, false)]
    let baseline = [metric("b", 2, false), metric("a", 0.8, true)]
    let expected = 100 * (-0.1 / 0.8 + 1.0 / 2) / 2
    #expect(abs((deltaM(values, baseline: baseline) ?? .nan) - expected) < 1e-12)
    #expect(deltaM(values, baseline: [metric("a", 0.8, true)]) == nil)
    #expect(deltaM([], baseline: baseline) == nil)
  }

  @Test func aLossBelowZeroThatFallsIsBetter() {
    #expect(deltaM([-15], baseline: [-10], higherIsBetter: [false]) == -50)
    #expect(deltaM([-5], baseline: [-10], higherIsBetter: [false]) == 50)
  }

  @Test func equalValuesShareTheirRanks() {
    let rows: [[Double]] = [[0.9, 2], [0.9, 1], [0.5, 3]]
    #expect(meanRanks(rows, higherIsBetter: [true, false]) == [1.75, 1.25, 3])
  }
}
