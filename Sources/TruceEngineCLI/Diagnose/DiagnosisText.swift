import TruceRun
import TruceShell
import TruceTraining

/// A diagnosis for people: what was measured, then what it means.
struct DiagnosisText {
  private let diagnosis: Diagnosis

  init(_ diagnosis: Diagnosis) {
    self.diagnosis = diagnosis
  }

  func text(on terminal: Terminal) -> String {
    let comparisons = [
      section("Between tasks, for the same sample", diagnosis.betweenTasks, on: terminal),
      section("Between samples, for the same task", diagnosis.betweenSamples, on: terminal),
      diagnosis.byLayer.map { layers($0, on: terminal) },
    ]
    let words = [terminal.bold("In plain words")] + sentences.map { terminal.wrapped("  " + $0, indent: 2) }
    let parts = [subject] + comparisons.compactMap { $0 } + [words.joined(separator: "\n")]
    return (parts + [advice(on: terminal)].compactMap { $0 }).joined(separator: "\n\n")
  }

  /// What was measured, in one line.
  private var subject: String {
    let network = diagnosis.checkpoint.map { "the network of \($0)" } ?? "a fresh network"
    let place = diagnosis.layers.map { " of \($0.joined(separator: ", "))" } ?? ""
    return """
      \(diagnosis.problem), \(network): \(diagnosis.batches) × \(diagnosis.samples) training samples, \
      \(NumberText.grouped(diagnosis.parameters)) shared parameters\(place)
      """
  }

  // MARK: Tables

  private func section(
    _ title: String, _ comparisons: [Diagnosis.Comparison], on terminal: Terminal
  ) -> String? {
    guard !comparisons.isEmpty else { return nil }
    var table = TextTable([
      ("", .left), ("cosine", .left), ("magnitude", .left), ("conflicting parameters", .left),
      ("in conflict", .right),
    ])
    for row in comparisons {
      let spreads = [row.cosine, row.magnitude, row.conflicting].map(Self.words)
      table.append([row.tasks.joined(separator: " ~ ")] + spreads + [Self.percent(row.conflictShare)])
    }
    return [title + ": mean (2.5 … 97.5 percentile)", table.plain(on: terminal)].joined(separator: "\n")
  }

  /// Each layer's means over all pairs of tasks, and over the samples of all tasks.
  private func layers(_ layers: [Diagnosis.Layer], on terminal: Terminal) -> String {
    var table = TextTable([
      ("", .left), ("parameters", .right), ("cosine", .right), ("in conflict", .right), ("magnitude", .right),
      ("samples' cosine", .right), ("in conflict", .right), ("magnitude", .right),
    ])
    for layer in layers {
      table.append(
        [layer.name, NumberText.grouped(layer.parameters)] + Self.means(layer.betweenTasks)
          + Self.means(layer.betweenSamples))
    }
    return ["Layer by layer, between tasks and between samples: means", table.plain(on: terminal)]
      .joined(separator: "\n")
  }

  private static func means(_ comparison: Diagnosis.Comparison?) -> [String] {
    guard let comparison else { return ["–", "–", "–"] }
    return [
      NumberText.fixed(comparison.cosine.mean, 2), percent(comparison.conflictShare),
      NumberText.fixed(comparison.magnitude.mean, 2),
    ]
  }

  private static func words(_ spread: SimilarityMeasurement.Spread) -> String {
    let numbers = [spread.mean, spread.low, spread.high].map { NumberText.fixed($0, 2) }
    return "\(numbers[0]) (\(numbers[1]) … \(numbers[2]))"
  }

  private static func percent(_ share: Double) -> String { "\(NumberText.fixed(share * 100, 0)) %" }

  // MARK: Words

  private var sentences: [String] {
    let verdicts = diagnosis.verdicts
    guard !verdicts.isEmpty else {
      return [
        diagnosis.betweenSamples.count > 1
          ? "No sample has labels for two tasks, so no tasks could be compared."
          : "There is one task only, so nothing can conflict but its samples."
      ]
    }
    return verdicts.flatMap { [Self.direction($0), Self.size($0)].compactMap { $0 } }
  }

  private static func direction(_ verdict: Verdict) -> String {
    let samples = verdict.sampleConflictShare.map(percent) ?? ""
    let yardstick =
      switch verdict.evidence.comparison {
      case .none: ""
      case .some(0):
        ", about as often as two samples of one task do (\(samples)): this is not special to the tasks"
      case .some(..<0):
        ", less often than two samples of one task do (\(samples)): this is not special to the tasks"
      case .some: ", more often than two samples of one task do (\(samples))"
      }
    return ConflictSentence.direction(
      of: verdict.tasks, share: verdict.conflictShare, isTrouble: verdict.troubles.contains(.direction),
      remark: yardstick)
  }

  private static func size(_ verdict: Verdict) -> String? {
    guard let larger = verdict.larger, let ratio = verdict.lengthRatio else { return nil }
    return ConflictSentence.size(
      of: verdict.tasks, larger: larger, ratio: ratio, isTrouble: verdict.troubles.contains(.size))
  }

  // MARK: Methods

  private func advice(on terminal: Terminal) -> String? {
    guard !diagnosis.verdicts.isEmpty else { return nil }
    return Advice.text(diagnosis.advice, on: terminal)
  }
}
