import Testing
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
    DiagnosisText(diagnosis).text(on: Terminal(hasColour: false, width: 240))
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

        Methods to try, the one that most speaks for first (K tasks)
          1. uw-o (UW-O, 1 backward pass) divides each loss by itself, so that its scale does not matter (the gradients of \
        a are 3.0 times as long as those of b).

        """))
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

  @Test("advises no special method where tasks conflict as samples do")
  func nothingSpecial() {
    for (tasks, samples) in [(0.45, 0.4), (0.2, 0.5), (0.05, 0)] {
      #expect(diagnosis(between: tasks, samples: samples).advice.isEmpty)
    }
    let special = diagnosis(between: 0.45, samples: 0.3).advice
    #expect(special.map(\.name) == ["cagrad", "upgrad", "pcgrad"])
    #expect(
      special[0].reasons == [
        "lifts the task that gains least and stays near the average gradient (a and b oppose each other for 45 % of "
          + "the samples, samples of one task for 30 %)"
      ])
  }

  @Test("says so where there is nothing to reconcile or to compare")
  func nothing() {
    let peace = text(of: diagnosis(between: 0, samples: 0.5))
    #expect(
      peace.hasSuffix("are of like size. Equal weighting (ew) does with one backward pass."))
    let strangers = text(of: diagnosis(between: nil, samples: 0.5))
    #expect(strangers.hasSuffix("No sample has labels for two tasks, so no tasks could be compared."))
  }
}
