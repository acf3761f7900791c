import Testing
import Torch
import TruceData
import TruceTasks

@Suite("R²")
struct CoefficientOfDeterminationTests {
  private func value(_ outputs: [Double], _ targets: [Double], in parts: [Range<Int>]) -> Double {
    var metric = CoefficientOfDetermination()
    for part in parts {
      let column = { (numbers: [Double]) in Tensor(Array(numbers[part]), shape: [part.count, 1]) }
      metric.update(output: column(outputs), target: TaskTarget(task: "t", values: column(targets)))
    }
    return metric.values[0]
  }

  @Test("is 1 − the error over the spread about the mean, whatever the batches")
  func definition() {
    // Σ (y − ŷ)² = 1.5 and Σ (y − ȳ)² = 29.1875: the example of scikit-learn's r2_score.
    let (outputs, targets) = ([2.5, 0, 2, 8], [3.0, -0.5, 2, 7])
    for parts in [[0..<4], [0..<1, 1..<4], [0..<2, 2..<3, 3..<4]] {
      #expect(abs(value(outputs, targets, in: parts) - (1 - 1.5 / 29.1875)) < 1e-12)
    }
    #expect(value([3, 3], [2, 4], in: [0..<2]) == 0)
    #expect(value([4, 2], [2, 4], in: [0..<2]) == -3)
  }

  @Test("keeps its digits where the targets are far from zero")
  func offset() {
    let far = [1e8 + 2.5, 1e8, 1e8 + 2, 1e8 + 8]
    #expect(
      abs(value(far, [1e8 + 3, 1e8 - 0.5, 1e8 + 2, 1e8 + 7], in: [0..<2, 2..<4]) - (1 - 1.5 / 29.1875)) < 1e-7
    )
  }

  @Test("is not a number where the targets do not differ")
  func constant() {
    #expect(value([1, 2], [5, 5], in: [0..<2]).isNaN)
  }
}
