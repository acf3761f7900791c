import TruceRun
import TruceStudy

/// How often agents succeeded: at the end, at their best, over the whole training.
enum TrialTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let successes = material.results.trialSuccesses()
    guard !successes.isEmpty else { throw .unremarkable }
    let columns: [Table.Column] = [
      .init("method"), .init("optimizer"), .learningRate, .init("seeds", decimals: 0),
      .init("final", .higherIsBetter, decimals: 3), .init("95% from", decimals: 3),
      .init("95% to", decimals: 3), .init("best of means", .higherIsBetter, decimals: 3),
      .init("at step", decimals: 0), .init("area", .higherIsBetter, decimals: 3),
    ]
    return [
      Table(
        id: "success", title: "Share of tasks solved", caption: caption(material), columns: columns,
        rows: successes.map(row))
    ]
  }

  private static func caption(_ material: ReportMaterial) -> String {
    """
    \(material.spreadWords). Final is \(SetupFacts(material.results).rule), over all tasks, with Wilson's interval \
    for the number of episodes behind it; episodes of one goal are alike, so it is too narrow where goals are few. Best \
    of means is the highest mean over tasks and seeds of any one evaluation, as the CAGrad paper reports it: a maximum \
    over many noisy numbers, and too high. Area is the mean over the whole training. \(material.conditionWords)\
    \(Table.explanationOfMarks)
    """
  }

  private static func row(of success: TrialSuccess) -> Table.Row {
    let (variant, interval) = (success.configuration.variant, success.all?.interval)
    return Table.Row([
      .text(variant.method), .text(variant.optimizer), .number(variant.learningRate),
      .number(Double(success.configuration.runs.count)), cell(success.final),
      .optional(interval?.lowerBound), .optional(interval?.upperBound), cell(success.best.mean),
      .number(Double(success.best.step)), cell(success.area),
    ])
  }

  private static func cell(_ summary: SampleSummary) -> Table.Cell {
    .number(summary.mean, deviation: summary.standardDeviation)
  }
}

/// How often each task succeeded, method by method.
enum TrialTaskTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let successes = material.results.trialSuccesses().filter { $0.tasks != nil }
    guard let names = successes.first?.tasks?.map(\.name) else { throw .unremarkable }
    let columns = successes.map { success in
      Table.Column(material.name(of: success.configuration.variant.setup), decimals: 2)
    }
    return [
      Table(
        id: "success-by-task", title: "Share of episodes solved, task by task",
        caption: """
          Over \(material.seedWords): \(SetupFacts(material.results).rule), with Wilson's interval at 95%. \
          \(material.conditionWords)
          """, columns: [.init("task")] + columns,
        rows: names.indices.map { place in
          Table.Row(
            [.text(names[place])] + successes.map { cell(of: $0.tasks?[place].rate) })
        })
    ]
  }

  private static func cell(of rate: SuccessRate?) -> Table.Cell {
    guard let rate else { return .missing }
    return .number(rate.share, remark: rate.intervalTexts.joined(separator: "–"))
  }
}

extension SuccessRate {
  /// The ends of the interval in figures.
  var intervalTexts: [String] {
    [interval.lowerBound, interval.upperBound].map { NumberText.fixed($0, decimals: 2) }
  }
}

/// What every table of agents says in its caption.
struct TrialSentence {
  /// The sentence.
  let text: String
  /// The part of it that other sentences may have.
  let fact: String
}

extension ReportMaterial {
  /// Under which conditions agents were tried, as a sentence; empty where none were.
  var conditionWords: String {
    let conditions = TrialConditions.text(of: results.records)
    return conditions.isEmpty ? "" : "Measured with \(conditions)."
  }

  /// The conditions and which measurement counts; none where labelled data is learned.
  var trialWords: [TrialSentence] {
    guard !conditionWords.isEmpty else { return [] }
    let rule = SetupFacts(results).rule
    return [
      TrialSentence(text: conditionWords, fact: conditionWords),
      TrialSentence(text: "What counts is \(rule).", fact: rule),
    ]
  }
}
