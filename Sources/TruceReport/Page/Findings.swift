import TruceRun
import TruceStudy

/// A sentence of the answer with the figure or table it rests on.
struct Finding: Equatable, Sendable {
  /// The sentence.
  var text: String
  /// Where the evidence is.
  var evidence: Evidence

  /// A figure or table of the page, without the prefix of its problem.
  enum Evidence: Equatable, Sendable {
    case table(String)
    case figure(String)

    /// The name of the figure or table.
    var id: String {
      switch self {
      case .table(let id), .figure(let id): id
      }
    }
  }
}

/// Says in plain words what the numbers of a study say, and no more than they do.
///
/// Each rule below makes one finding or none. A difference is called reliable only where the corrected paired t-test is
/// below 0.05; else the sentence says that chance may explain it.
struct Findings {
  let material: ReportMaterial
  private let best: [BestConfiguration]

  init(_ material: ReportMaterial) {
    self.material = material
    best = material.results.ranking().rows.map(\.configuration)
  }

  private var results: StudyResults { material.results }

  /// The p-value below which a difference is called reliable.
  private static let significance = 0.05

  /// All findings, in the order of the answer.
  var all: [Finding] {
    lossScales
      + [
        bestResult, againstSingleTask, methodsAgainstReference, optimizerChoice, chance, pareto, equalTime,
        conflict,
      ]
      .compactMap { $0 }
  }
}

// MARK: Which is best

extension Findings {
  private var bestResult: Finding? {
    guard let first = best.first, let score = first.score else { return nil }
    var text = """
      \(name(first)) at learning rate \(NumberText.plain(first.variant.learningRate)) has the lowest mean \
      \(results.scoreName), \(written(score)).
      """
    if let second = best.dropFirst().first, let next = second.score {
      text += " \(name(second)) follows with \(written(next)). " + separation(first, second)
    }
    return Finding(text: text, evidence: .table("results"))
  }

  private func name(_ configuration: BestConfiguration) -> String {
    results.optimizers.count > 1 ? configuration.variant.setup.description : configuration.variant.method
  }

  private func written(_ score: SampleSummary) -> String {
    let mean = NumberText.signed(score.mean, decimals: 2) + "%"
    return score.standardDeviation.map { "\(mean) (std \(NumberText.fixed($0, decimals: 2)))" } ?? mean
  }

  private func separation(_ a: BestConfiguration, _ b: BestConfiguration) -> String {
    let shared = a.runs.compactMap { run in
      b.runs.first { $0.seed == run.seed }.flatMap { run.difference(to: $0) }
    }
    guard let test = PairedTTest(differences: shared) else {
      return
        "With \(Words.count(shared.count, "shared seed")) it cannot be said whether that is more than chance."
    }
    let p = NumberText.pValue(test.pValue)
    return test.pValue < Self.significance
      ? "The seeds agree on the order (paired t-test, p \(relation(p)), not corrected for having picked the top two)."
      : "Over the seeds the two cannot be told apart (paired t-test, p \(relation(p)))."
  }

  private func relation(_ p: String) -> String { p.hasPrefix("<") ? p : "= \(p)" }

  private var againstSingleTask: Finding? {
    guard results.hasDeltaM, !best.isEmpty else { return nil }
    let better = best.filter { Score.difference($0.deltaM?.mean ?? 0, 0) < 0 }
    let text =
      switch better.count {
      case 0: "No configuration matches one network a task on average: every mean Δm is above zero."
      case best.count:
        "Every configuration is better on average than one network a task: every mean Δm is below zero."
      default:
        "\(Words.sentence(Words.count(better.count, "configuration"))) of \(best.count) "
          + "\(better.count == 1 ? "is" : "are") better on average than one network a task (Δm below zero)."
      }
    return Finding(text: text, evidence: .table("results"))
  }
}

// MARK: Methods and optimizers

extension Findings {
  private var methodsAgainstReference: Finding? {
    guard let reference = material.referenceMethod else { return nil }
    let rows = results.comparisons(toMethod: reference).rows
    let tested = rows.filter { $0.adjustedPValue != nil }
    guard !tested.isEmpty else { return nil }
    let reliable = tested.filter { ($0.adjustedPValue ?? 1) < Self.significance }
    let better = reliable.filter { ($0.difference?.mean ?? 0) < 0 }.map { name($0.configuration) }
    let worse = reliable.filter { ($0.difference?.mean ?? 0) > 0 }.map { name($0.configuration) }
    var sentences: [String] = []
    if !better.isEmpty { sentences.append("reliably better than \(reference): \(Words.list(better))") }
    if !worse.isEmpty { sentences.append("reliably worse: \(Words.list(worse))") }
    let text =
      sentences.isEmpty
      ? "None of \(Words.count(tested.count, "comparison")) with \(reference) under the same optimizer stands after "
        + "correction; with \(material.seedWords) that is weak evidence either way."
      : "Against \(reference) with the same optimizer, after correction for \(Words.count(tested.count, "comparison")): "
        + sentences.joined(separator: "; ") + "."
    return Finding(text: text, evidence: .table("method-tests"))
  }

  private var optimizerChoice: Finding? {
    let slopes = results.allSlopes()
    guard let slope = slopes.first(where: { $0.slopes.count > 1 }) ?? slopes.first else { return nil }
    let gains = slope.slopes.filter { $0.change < 0 }.count
    let count = slope.slopes.count
    var text: String
    switch gains {
    case 0: text = "\(slope.left) is better than \(slope.right) for \(Self.all(count))"
    case count: text = "\(slope.right) is better than \(slope.left) for \(Self.all(count))"
    default:
      text =
        "\(slope.right) is better than \(slope.left) for \(gains) of \(count) methods, so the better optimizer "
        + "depends on the method"
    }
    if let change = slope.meanAbsoluteChange {
      text +=
        "; the change moves the mean score by \(NumberText.fixed(change, decimals: 2)) points on average"
    }
    return Finding(text: text + ".", evidence: .figure("optimizer-slopes"))
  }

  private static func all(_ count: Int) -> String {
    switch count {
    case 1: "the one method that was run with both"
    case 2: "both methods"
    default: "all \(Words.count(count, "method"))"
    }
  }

  private var chance: Finding? {
    guard let spread = results.seedSpread(), let methods = spread.betweenMethods else { return nil }
    let within = spread.withinVariants
    let numbers = """
      The standard deviation of the score is \(NumberText.fixed(within, decimals: 2)) between seeds and \
      \(NumberText.fixed(methods, decimals: 2)) between methods with the same optimizer
      """
    guard let optimizers = spread.betweenOptimizers else {
      let verdict =
        methods > 2 * within
        ? "methods differ by more than chance alone would give" : "much of the differences may be chance"
      return Finding(text: "\(numbers): \(verdict).", evidence: .table("best-configurations"))
    }
    let verdict =
      optimizers > methods
      ? "here the choice of optimizer matters more than the choice of method"
      : "here the choice of method matters more than the choice of optimizer"
    return Finding(
      text: """
        \(numbers), against \(NumberText.fixed(optimizers, decimals: 2)) between optimizers with the same method: \
        \(verdict).
        """, evidence: .table("best-configurations"))
  }
}

// MARK: Further views

extension Findings {
  private var pareto: Finding? {
    let rows = results.paretoCount().rows
    guard rows.count > 1, results.runs.count > 2 else { return nil }
    let counts = rows.map { row in
      "\(row.fullPool == 0 ? "none" : "\(row.fullPool)") of \(row.runs) runs with \(row.optimizer)"
    }
    return Finding(
      text: "\(Words.sentence(Words.list(counts))) are Pareto optimal over all metrics.",
      evidence: .table("pareto-counts"))
  }

  private var equalTime: Finding? {
    guard let clock = results.equalWallClock(), clock.rows.count > 1,
      let byEpochs = clock.rows.min(by: { $0.atEqualEpochs.mean < $1.atEqualEpochs.mean }),
      let byTime = clock.rows.filter({ $0.atEqualTime != nil }).min(by: {
        ($0.atEqualTime?.mean ?? .infinity) < ($1.atEqualTime?.mean ?? .infinity)
      })
    else { return nil }
    let time = NumberText.duration(clock.seconds)
    let isSame = byTime.configuration.variant == byEpochs.configuration.variant
    let text =
      isSame
      ? "After equal time (\(time)), \(name(byTime.configuration)) is ahead as well."
      : """
      After equal time (\(time)), \(name(byTime.configuration)) has the lowest mean Δm instead of \
      \(name(byEpochs.configuration)): part of the lead at equal epochs is paid for in time.
      """
    return Finding(text: text, evidence: .table("equal-time"))
  }

  private var conflict: Finding? {
    let summaries = results.records.similarities()
    guard let tasks = meanSimilarity(summaries, .interTask, .cosine),
      let samples = meanSimilarity(summaries, .interSample, .cosine)
    else { return nil }
    let direction = """
      Of all comparisons of gradients, \(NumberText.fixed(100 * tasks.negative, decimals: 0))% between tasks and \
      \(NumberText.fixed(100 * samples.negative, decimals: 0))% between samples of one task are in conflict
      """
    let verdict =
      samples.negative >= tasks.negative
      ? ", so conflict in direction is not special to several tasks here" : ""
    var text = direction + verdict + "."
    if let taskSize = meanSimilarity(summaries, .interTask, .magnitude),
      let sampleSize = meanSimilarity(summaries, .interSample, .magnitude)
    {
      text += """
         Gradients of tasks are \(taskSize.mean < sampleSize.mean ? "less" : "no less") alike in size than those of \
        samples (magnitude similarity \(NumberText.fixed(taskSize.mean, decimals: 2)) and \
        \(NumberText.fixed(sampleSize.mean, decimals: 2))).
        """
    }
    return Finding(text: text, evidence: .figure("similarity"))
  }

  private func meanSimilarity(
    _ summaries: [SimilaritySummary], _ kind: SimilarityKey.Kind, _ measure: SimilarityKey.Measure
  ) -> (mean: Double, negative: Double)? {
    guard let summary = summaries.first(where: { $0.kind == kind && $0.measure == measure }) else {
      return nil
    }
    let count = Double(summary.epochs.reduce(0) { $0 + $1.values.count })
    guard count > 0 else { return nil }
    let weigh = { (value: (SimilaritySummary.Epoch) -> Double) in
      summary.epochs.reduce(0) { $0 + value($1) * Double($1.values.count) } / count
    }
    return (weigh { $0.values.mean }, weigh(\.negativeShare))
  }
}
