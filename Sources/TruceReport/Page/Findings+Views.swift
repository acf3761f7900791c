import TruceRun
import TruceStudy

// MARK: Further views

extension Findings {
  var pareto: Finding? {
    let rows = results.paretoCount().rows
    guard rows.count > 1, results.runs.count > 2 else { return nil }
    let counts = rows.map { row in
      "\(row.fullPool == 0 ? "none" : "\(row.fullPool)") of \(Counted.text(row.runs, "run")) with \(row.optimizer)"
    }
    return Finding(
      text: "\(Words.sentence(Words.list(counts))) are Pareto optimal over all metrics.",
      evidence: .table("pareto-counts"))
  }

  var equalTime: Finding? {
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

  var conflict: Finding? {
    let summaries = results.records.similarities()
    guard let tasks = meanSimilarity(summaries, .interTask, .cosine),
      let samples = meanSimilarity(summaries, .interSample, .cosine)
    else { return nil }
    let direction = """
      Of all comparisons of gradients (in \(Words.count(tasks.steps, "step"))), \(NumberText.fixed(100 * tasks.negative, decimals: 0))% between tasks and \
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
  ) -> (mean: Double, negative: Double, steps: Int)? {
    guard let summary = summaries.first(where: { $0.kind == kind && $0.measure == measure }) else {
      return nil
    }
    let count = Double(summary.epochs.reduce(0) { $0 + $1.values.count })
    guard count > 0 else { return nil }
    let weigh = { (value: (SimilaritySummary.Epoch) -> Double) in
      summary.epochs.reduce(0) { $0 + value($1) * Double($1.values.count) } / count
    }
    return (weigh { $0.values.mean }, weigh(\.negativeShare), summary.epochs.reduce(0) { $0 + $1.steps })
  }
}
