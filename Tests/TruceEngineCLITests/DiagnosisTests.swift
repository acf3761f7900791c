import Testing
import Truce
import TruceShell
import TruceTraining

@testable import TruceEngineCLI

@Suite("A diagnosis")
struct DiagnosisTests {
  private func comparison(_ tasks: String..., conflicts: Double) -> SimilarityMeasurement.Comparison {
    let spread = SimilarityMeasurement.Spread(mean: 0.25, low: -0.5, high: 1)
    return SimilarityMeasurement.Comparison(
      tasks: tasks, count: 20, cosine: spread, magnitude: spread, conflicting: spread,
      conflictShare: conflicts)
  }

  private func diagnosis(
    between tasks: Double?, samples: Double, lengths: [String: Double] = ["a": 1, "b": 1]
  ) -> Diagnosis {
    Diagnosis(
      SimilarityMeasurement(
        parameterCount: 22210, sampleCount: 8, batchCount: 4,
        betweenTasks: tasks.map { [comparison("a", "b", conflicts: $0)] } ?? [],
        betweenSamples: [comparison("a", conflicts: samples), comparison("b", conflicts: samples)],
        lengths: lengths),
      problem: "multi-mnist", checkpoint: nil, layers: ["trunk.conv1"])
  }

  private func text(of diagnosis: Diagnosis) -> String {
    DiagnosisText(diagnosis).text(on: Terminal(hasColour: false, width: 200))
  }

  @Test("says what was measured, what it means and what helps")
  func wholeText() {
    let text = text(of: diagnosis(between: 0.4, samples: 0.45, lengths: ["a": 6, "b": 2]))
    #expect(
      text.hasPrefix(
        """
        multi-mnist, a fresh network: 4 × 8 training samples, 22,210 shared parameters of trunk.conv1

        Between tasks, for the same sample: mean (2.5 … 97.5 percentile)
               cosine               magnitude            conflicting parameters  in conflict
        a ~ b  0.25 (-0.50 … 1.00)  0.25 (-0.50 … 1.00)  0.25 (-0.50 … 1.00)            40 %

        Between samples, for the same task: mean (2.5 … 97.5 percentile)
           cosine               magnitude            conflicting parameters  in conflict
        a  0.25 (-0.50 … 1.00)  0.25 (-0.50 … 1.00)  0.25 (-0.50 … 1.00)            45 %
        b  0.25 (-0.50 … 1.00)  0.25 (-0.50 … 1.00)  0.25 (-0.50 … 1.00)            45 %

        In plain words
          a and b conflict in direction for 40 % of the samples, about as often as two samples of one task do (45 %): \
        this is not special to the tasks.
          a and b conflict in size: the gradients of a are 3.0 times as long as those of b.

        Methods that address this (K tasks, P shared parameters); `truce methods <name>` tells more

        """))
    #expect(text.contains("\nnash-mtl  Nash-MTL  K"))
  }

  @Test(
    "compares tasks with samples",
    arguments: [
      (
        0.4, 0.1,
        "conflict in direction for 40 % of the samples, more often than two samples of one task do (10 %)."
      ),
      (
        0.2, 0.5,
        "conflict in direction for 20 % of the samples, less often than two samples of one task do (50 %): "
          + "this is not special to the tasks."
      ),
      (0.05, 0.5, "agree in direction: their gradients oppose each other for 5 % of the samples."),
    ])
  func yardstick(tasks: Double, samples: Double, words: String) {
    #expect(text(of: diagnosis(between: tasks, samples: samples)).contains("a and b " + words))
  }

  @Test("names the methods whose declared properties address what was found, and no others")
  func remedies() {
    func names(_ properties: MethodProperty...) -> Set<String> {
      Set(
        Catalogue.entries.map(\.about).filter { !$0.properties.isDisjoint(with: properties) }.map(\.name))
    }
    let direction = diagnosis(between: 0.4, samples: 0.1).remedies
    #expect(Set(direction.map(\.name)) == names(.nonConflicting))
    let size = diagnosis(between: 0, samples: 0.1, lengths: ["a": 1, "b": 2]).remedies
    #expect(Set(size.map(\.name)) == names(.taskScaleInvariant))
    #expect(size.first?.backwardPasses == "1")
    let both = diagnosis(between: 0.4, samples: 0.1, lengths: ["a": 1, "b": 2]).remedies
    #expect(Set(both.map(\.name)) == names(.nonConflicting, .taskScaleInvariant))
    #expect(both.first?.addresses == [.direction, .size])
  }

  @Test("says so where there is nothing to reconcile or to compare")
  func nothing() {
    let peace = text(of: diagnosis(between: 0, samples: 0.5))
    #expect(
      peace.hasSuffix("There is nothing to reconcile: equal weighting (ew) does with one backward pass."))
    let strangers = text(of: diagnosis(between: nil, samples: 0.5))
    #expect(strangers.hasSuffix("No sample has labels for two tasks, so no tasks could be compared."))
  }
}
