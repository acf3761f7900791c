import TruceStudy

/// Methods by optimizers: the best learning rate and its score.
enum BestConfigurationTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let results = material.results
    let best = results.bestConfigurations()
    guard !best.isEmpty else { throw .unremarkable }
    let columns =
      [Table.Column("method")]
      + results.optimizers.map {
        Table.Column($0, .lowerIsBetter, rankedWith: "score", decimals: 2, isSigned: true)
      }
    let rows = results.methods.map { method in
      Table.Row(
        [.text(method)]
          + results.optimizers.map { optimizer in
            cell(
              of: best.first { $0.variant.method == method && $0.variant.optimizer == optimizer }, results)
          })
    }
    return [
      Table(
        id: "best-configurations", title: "Best configuration of each method and optimizer",
        caption: """
          \(Words.sentence(results.scoreName)) (%) on the \(results.split) data, lower is better, with the learning rate. \
          \(material.spreadWords). Marks are over the whole table.\(remarks(on: best, results))
          """, columns: columns, rows: rows)
    ]
  }

  private static func remarks(on best: [BestConfiguration], _ results: StudyResults) -> String {
    var text = ""
    if results.choosesLearningRates {
      text +=
        results.selectsOnReportedSplit
        ? " Learning rates were chosen on the same \(results.split) data, so all values are optimistic."
        : " Learning rates were chosen on the \(results.selectionSplit) data."
    }
    if best.contains(where: { $0.edge != nil }) {
      text += " A star says that the learning rate is the smallest or largest of those tried."
    }
    if best.contains(where: { !results.metricsAtChance(of: $0).isEmpty }) {
      text += " “Chance” says that an answer without a look at the input would do as well."
    }
    return text
  }

  private static func cell(of configuration: BestConfiguration?, _ results: StudyResults) -> Table.Cell {
    guard let configuration, let score = configuration.score else { return .missing }
    let star = configuration.edge == nil ? "" : "*"
    let chance = results.metricsAtChance(of: configuration).isEmpty ? "" : ", chance"
    return .number(
      score.mean, deviation: score.standardDeviation,
      remark: "lr \(NumberText.plain(configuration.variant.learningRate))\(star)\(chance)")
  }
}
