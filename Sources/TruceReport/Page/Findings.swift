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
  let best: [BestConfiguration]

  init(_ material: ReportMaterial) {
    self.material = material
    best = material.results.ranking().rows.map(\.configuration)
  }

  var results: StudyResults { material.results }

  /// The p-value below which a difference is called reliable.
  static let significance = 0.05

  /// All findings, in the order of the answer.
  var all: [Finding] {
    lossScales
      + [
        trials, bestResult, atChance, againstSingleTask, methodsAgainstReference, optimizerChoice, chance,
        pareto,
        equalTime,
        conflict,
      ]
      .compactMap { $0 }
  }
}

// MARK: Which is best

extension Findings {
  /// The best configuration in the tasks' own metrics, then in the score, then how far ahead it is.
  private var bestResult: Finding? {
    guard let first = best.first else { return nil }
    let rate = NumberText.plain(first.variant.learningRate)
    var text = "\(name(first)) at learning rate \(rate) comes first\(merit(first)): \(metrics(of: first))."
    if let second = best.dropFirst().first {
      text += " \(name(second)) follows\(merit(second)): \(metrics(of: second)). " + separation(first, second)
    }
    return Finding(text: text, evidence: .table("results"))
  }

  /// By what a configuration stands where it does.
  private func merit(_ configuration: BestConfiguration) -> String {
    if let deltaM = configuration.deltaM { return " by Δm, \(written(deltaM))" }
    let rank = results.ranking().rows.first { $0.configuration.variant == configuration.variant }?.meanRank
    return rank.map { " by mean rank, \(NumberText.plain($0))" } ?? ""
  }

  /// The first metric of each task, as many as a sentence bears.
  private func metrics(of configuration: BestConfiguration) -> String {
    var seen: Set<String> = []
    let first = results.metrics.indices.filter { seen.insert(results.metrics[$0].task).inserted }
    let shown = first.prefix(4).map { index in
      "\(results.metrics[index].title) \(text(of: configuration.metrics[index], metric: index))"
    }
    let more = first.count > 4 ? ["\(Words.count(first.count - 4, "further task"))"] : []
    return Words.list(shown + more)
  }

  private func text(of summary: SampleSummary, metric: Int) -> String {
    let decimals = NumberText.decimals(for: best.map { $0.metrics[metric].mean })
    let mean = NumberText.fixed(summary.mean, decimals: decimals)
    return summary.standardDeviation.map {
      "\(mean) (std \(NumberText.fixed($0, decimals: decimals)))"
    } ?? mean
  }

  func name(_ configuration: BestConfiguration) -> String {
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
    if !shared.isEmpty, shared.allSatisfy({ $0 == 0 }) { return "The two are level." }
    guard let test = PairedTTest(differences: shared) else {
      return
        "With \(Words.count(shared.count, "shared seed")) it cannot be said whether that is more than chance."
    }
    let p = NumberText.pValue(test.pValue)
    return test.pValue < Self.significance
      ? "The seeds agree on the order (paired t-test of \(results.scoreName), p \(relation(p)), not corrected for having "
        + "picked the top two)."
      : "Over the seeds the two cannot be told apart (paired t-test of \(results.scoreName), p \(relation(p)))."
  }

  private func relation(_ p: String) -> String { p.hasPrefix("<") ? p : "= \(p)" }

  /// Configurations whose result says nothing, by name and number.
  private var atChance: Finding? {
    let stuck = best.compactMap { configuration -> String? in
      let metrics = results.metricsAtChance(of: configuration)
      guard !metrics.isEmpty else { return nil }
      let values = metrics.compactMap { metric in
        results.metrics.firstIndex(of: metric).map {
          "\(metric.title) \(text(of: configuration.metrics[$0], metric: $0))"
        }
      }
      return "\(configuration.variant.setup) (\(Words.list(values)))"
    }
    guard !stuck.isEmpty else { return nil }
    return Finding(
      text: """
        At or near chance, and so kept out of what follows about methods and optimizers: \(Words.list(stuck)).
        """, evidence: .table("best-configurations"))
  }

  private var againstSingleTask: Finding? {
    guard results.hasDeltaM, !best.isEmpty else { return nil }
    let better = best.filter { Score.difference($0.deltaM?.mean ?? 0, 0) < 0 }
    let text =
      switch better.count {
      case 0 where best.count == 1:
        "It does not match one network a task on average: its mean Δm is not below zero."
      case 0: "No configuration beats one network a task on average: no mean Δm is below zero."
      case best.count where best.count == 1:
        "It is better on average than one network a task: its mean Δm is below zero."
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
    let stuck = Set(best.filter { !results.metricsAtChance(of: $0).isEmpty }.map(\.variant))
    let rows = results.comparisons(toMethod: reference).rows.filter {
      !stuck.contains($0.configuration.variant) && !stuck.contains($0.reference.variant)
    }
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
      ? "\(Self.noneStands(tested.count, reference)); with \(material.seedWords) that is weak evidence either way."
      : "Against \(reference) with the same optimizer\(Self.correction(tested.count)): "
        + sentences.joined(separator: "; ") + "."
    return Finding(text: text, evidence: .table("method-tests"))
  }

  private static func noneStands(_ count: Int, _ reference: String) -> String {
    count == 1
      ? "The one comparison with \(reference) under the same optimizer shows no reliable difference"
      : "None of \(Words.count(count, "comparison")) with \(reference) under the same optimizer stands after correction"
  }

  private static func correction(_ count: Int) -> String {
    count == 1 ? "" : ", after correction for \(Words.count(count, "comparison"))"
  }

  private var optimizerChoice: Finding? {
    let slopes = results.allSlopes(isMeaningful: true)
    guard let slope = slopes.first(where: { $0.slopes.count > 1 }) ?? slopes.first else { return nil }
    let gains = slope.slopes.count { $0.change < 0 }
    let losses = slope.slopes.count { $0.change > 0 }
    let count = slope.slopes.count
    var text: String
    switch gains {
    case 0 where losses == 0: text = "\(slope.left) and \(slope.right) are level for \(Self.all(count))"
    case 0 where losses < count:
      text =
        "\(slope.left) is better than \(slope.right) for \(losses) of \(count) methods, level for the others"
    case 0: text = "\(slope.left) is better than \(slope.right) for \(Self.all(count))"
    case count: text = "\(slope.right) is better than \(slope.left) for \(Self.all(count))"
    default:
      text =
        "\(slope.right) is better than \(slope.left) for \(gains) of \(count) methods, so the better optimizer "
        + "depends on the method"
    }
    if let change = slope.meanAbsoluteChange {
      text +=
        "; the change moves \(results.scoreName) by \(NumberText.fixed(change, decimals: 2)) points on average"
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
      The standard deviation of \(results.scoreName) is \(NumberText.fixed(within, decimals: 2)) between seeds and \
      \(NumberText.fixed(methods, decimals: 2)) between methods with the same optimizer
      """
    guard let optimizers = spread.betweenOptimizers else {
      let verdict =
        methods > 2 * within
        ? "methods differ by more than chance alone would give" : "much of the differences may be chance"
      return Finding(text: "\(numbers): \(verdict).", evidence: .table("best-configurations"))
    }
    return Finding(
      text: """
        \(numbers), against \(NumberText.fixed(optimizers, decimals: 2)) between optimizers with the same method: \
        \(whatMattersMore(optimizers: optimizers, methods: methods)).
        """, evidence: .table("best-configurations"))
  }

  private func whatMattersMore(optimizers: Double, methods: Double) -> String {
    let untuned = results.untunedOptimizers
    if !untuned.isEmpty {
      return """
        with one learning rate for \(Words.list(untuned)) that says nothing about which choice matters more
        """
    }
    if (optimizers - methods).magnitude <= 0.1 * max(optimizers, methods) {
      return "here both choices matter about as much"
    }
    return optimizers > methods
      ? "here the choice of optimizer matters more than the choice of method"
      : "here the choice of method matters more than the choice of optimizer"
  }
}
