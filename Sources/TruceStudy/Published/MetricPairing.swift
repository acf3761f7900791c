import TruceFiles
import TruceOptions
import TruceRun

/// Which of one's own metrics is which of a published table's.
struct MetricPairing {
  /// What both have; all of the one there is.
  let metrics: [ResultMetric]
  /// The decimals of each metric.
  let decimals: [Int]
  /// What a reader must know.
  let notes: [String]
  private let own: [(index: Int, factor: Double)]
  private let others: [Int]

  /// Pairs the metrics, in the published table's order.
  ///
  /// - Throws: ``ResultFault`` for a metric that does not match.
  init(own: ResultTable?, published: PublishedTable?, printed: ResultTable?) throws(ResultFault) {
    guard let own else {
      self.init(alone: printed ?? ResultTable(metrics: [], rows: []), isOwn: false)
      return
    }
    guard let published, let printed else {
      self.init(alone: own, isOwn: true)
      return
    }
    guard !published.metrics.isEmpty else {
      self.init(
        metrics: own.metrics, decimals: own.metrics.indices.map(own.decimals),
        notes: own.metrics.isEmpty
          ? []
          : [
            "\(published.name) prints no metrics, only Δm: over metrics and against single-task networks of its own."
          ], own: own.metrics.indices.map { ($0, 1) }, others: [])
      return
    }
    var partners: [Int: Int] = [:]
    for (index, metric) in own.metrics.enumerated() {
      let partner = try Self.partner(of: metric, in: published)
      if let other = partners[partner] {
        throw .sameMetric(
          place: metric.place, name: metric.name, other: own.metrics[other].name, table: published.name,
          metric: published.metrics[partner].name)
      }
      partners[partner] = index
    }
    let common = published.metrics.indices.compactMap { p in partners[p].map { (own: $0, published: p) } }
    try Self.refuseShares(common, own: own, published: published)
    self.init(
      metrics: common.map { published.metrics[$0.published] },
      decimals: common.map { pair in
        let usual = printed.decimals(of: pair.published)
        return Self.isMeasured(own.metrics[pair.own]) ? usual : max(usual, own.decimals(of: pair.own))
      },
      notes: Self.notes(onMissing: published.metrics.indices.filter { partners[$0] == nil }, in: published),
      own: common.map { pair in
        let factor = published.metrics[pair.published].measured?.factor ?? 1
        return (pair.own, Self.isMeasured(own.metrics[pair.own]) ? factor : 1)
      },
      others: common.map(\.published))
  }

  private init(
    metrics: [ResultMetric], decimals: [Int], notes: [String], own: [(index: Int, factor: Double)],
    others: [Int]
  ) {
    self.metrics = metrics
    self.decimals = decimals
    self.notes = notes
    self.own = own
    self.others = others
  }

  private init(alone table: ResultTable, isOwn: Bool) {
    let all = Array(table.metrics.indices)
    self.init(
      metrics: table.metrics, decimals: all.map(table.decimals), notes: [],
      own: isOwn ? all.map { ($0, 1) } : [], others: isOwn ? [] : all)
  }

  private static func notes(onMissing missing: [Int], in table: PublishedTable) -> [String] {
    guard !missing.isEmpty else { return [] }
    let names = missing.map { table.metrics[$0].title }.joined(separator: ", ")
    return [
      "Left out, since the own results do not have them: \(names); Δm and mean rank run over the others."
    ]
  }

  /// A metric whose values are as Truce's runs record them.
  private static func isMeasured(_ metric: ResultMetric) -> Bool {
    metric.measured?.factor == 1 && metric.place == nil
  }

  private static func partner(of metric: ResultMetric, in table: PublishedTable) throws(ResultFault) -> Int {
    let names = table.metrics.map(\.name)
    let byTask = table.metrics.firstIndex { other in
      other.isCalled(metric.name) && other.task == metric.task
    }
    let short = metric.measured?.name ?? metric.name
    guard let index = byTask ?? table.metrics.firstIndex(where: { $0.isCalled(short) }) else {
      throw .foreignMetric(
        place: metric.place, name: metric.name, table: table.name,
        closest: closestName(to: metric.measured?.name ?? metric.name, among: names), known: names)
    }
    if table.metrics[index].isOverTasks, metric.measured != nil {
      throw .oneTask(name: metric.name, table: table.name, metric: table.metrics[index].name)
    }
    guard table.metrics[index].higherIsBetter == metric.higherIsBetter else {
      throw .otherDirection(
        place: metric.place, name: metric.name, isHigher: metric.higherIsBetter, table: table.name)
    }
    return index
  }

  /// A share beside percent would be a hundredfold worse, and go unseen in a mean of nine metrics.
  private static func refuseShares(
    _ pairs: [(own: Int, published: Int)], own: ResultTable, published: PublishedTable
  ) throws(ResultFault) {
    for pair in pairs where published.metrics[pair.published].unit == "%" {
      let metric = own.metrics[pair.own]
      guard !isMeasured(metric) else { continue }
      let numbers = own.rows.compactMap { $0.values[pair.own]?.number }.filter(\.isFinite)
      guard let largest = numbers.max(), largest > 0, largest <= 1 else { continue }
      throw .shares(place: metric.place, name: metric.name, largest: largest, table: published.name)
    }
  }

  /// A row's values in the unit and the order of ``metrics``.
  func ownValues(of row: ResultTable.Row) -> [ResultTable.Value?] {
    own.map { index, factor in
      row.values[index].map { value in
        ResultTable.Value(
          value.number * factor, deviation: value.deviation.map { $0 * factor }, decimals: value.decimals)
      }
    }
  }

  /// A published row's values in the order of ``metrics``.
  func publishedValues(of row: ResultTable.Row) -> [ResultTable.Value?] {
    others.isEmpty ? metrics.map { _ in nil } : others.map { row.values[$0] }
  }
}
