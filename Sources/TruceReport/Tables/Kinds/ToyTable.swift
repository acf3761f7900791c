import TruceRun
import TruceStudy

/// The steps that methods take to the toy's global minimum, by learning rate.
enum ToyTable: TableKind {
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table] {
    let results = material.results
    guard results.problem == ToyWorker.problem, !results.trials.isEmpty else { throw .unremarkable }
    let rates = Set(results.trials.map(\.variant.learningRate)).sorted(by: >)
    let columns =
      [Table.Column("method"), .init("optimizer")]
      + rates.map {
        Table.Column("lr \(NumberText.plain($0))", .lowerIsBetter, rankedWith: "steps", decimals: 0)
      }
    let setups = Dictionary(grouping: results.trials, by: \.variant.setup).values.sorted {
      ($0[0].variant.optimizer, $0[0].variant) < ($1[0].variant.optimizer, $1[0].variant)
    }
    return [
      Table(
        id: "toy", title: "Steps to the global minimum",
        caption: """
          The largest number of steps over the starts until the mean loss is within 0.1 of its global minimum. A dash: \
          from some start it was not reached. The shape of Table 1 of Elich et al. (arXiv 2311.04698).
          """, columns: columns,
        rows: setups.map { trials in
          Table.Row(
            [.text(trials[0].variant.method), .text(trials[0].variant.optimizer)]
              + rates.map { rate in cell(of: trials.filter { $0.variant.learningRate == rate }.map(\.record))
              })
        })
    ]
  }

  private static func cell(of records: [RunRecord]) -> Table.Cell {
    let steps = records.map { $0.epochCurves[ToyWorker.stepsToMinimum]?.last?.value }
    guard !steps.isEmpty, !steps.contains(nil), let most = steps.compactMap(\.self).max() else {
      return .missing
    }
    return .number(most)
  }
}
