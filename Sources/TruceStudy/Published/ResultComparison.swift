import TruceRun

/// Results side by side, one's own and a paper's, with Δm against one baseline and mean ranks among all rows.
public struct ResultComparison: Sendable {
  /// Whose results a row holds.
  public enum Origin: Sendable, Equatable {
    /// One's own, measured or read from a file.
    case own
    /// A paper's.
    case published
  }

  /// The results of one method.
  public struct Row: Sendable {
    /// The method.
    public let name: String
    /// Whose results they are.
    public let origin: Origin
    /// One value for each metric; nil where nothing was measured.
    public let values: [ResultTable.Value?]
    /// Whether the row is a reference, a single-task network, that is not ranked.
    public fileprivate(set) var isReference = false
    /// Δm over all metrics, in percent; nil where the baseline or a value is missing.
    public fileprivate(set) var deltaM: Double?
    /// Δm by tasks, in percent.
    public fileprivate(set) var taskDeltaM: Double?
    /// The rank averaged over the metrics; nil where a value is missing, and for references.
    public fileprivate(set) var meanRank: Double?
    /// What the paper prints as Δm; of one's own, what a file gives where there are no metrics to compute it from.
    public fileprivate(set) var printedDeltaM: ResultTable.Value?
    /// What the paper prints as mean rank.
    public let printedMeanRank: Double?

    fileprivate init(_ row: ResultTable.Row, _ origin: Origin, values: [ResultTable.Value?]) {
      name = row.name
      self.origin = origin
      self.values = values
      printedDeltaM = origin == .published ? row.deltaM : nil
      printedMeanRank = origin == .published ? row.meanRank?.number : nil
    }

    fileprivate var numbers: [Double]? { ResultTable.Row(name, values).numbers }
  }

  /// What is compared.
  public let metrics: [ResultMetric]
  /// The decimals of each metric.
  public let decimals: [Int]
  /// The rows: first those of one's own, then the paper's.
  public private(set) var rows: [Row]
  /// The paper's table, where there is one.
  public let published: PublishedTable?
  /// What Δm is measured against; nil where nothing is.
  public private(set) var baseline: (name: String, origin: Origin)?
  /// What a reader must know to trust the numbers.
  public private(set) var notes: [String] = []

  /// Whether Δm by tasks says something else than Δm over the metrics.
  public var hasTaskForm: Bool { TaskGroups(metrics).matters }

  /// Lays results side by side.
  ///
  /// - Parameters:
  ///   - own: One's own results; nil for the paper's table alone.
  ///   - published: The paper's table; nil for none.
  ///   - baseline: The row against which Δm is measured, or `published` for the paper's single-task row; nil for the row
  ///     that is called single-task among one's own, else the paper's.
  /// - Throws: ``ResultFault`` where metrics do not match, or no row bears the baseline's name.
  public init(own: ResultTable?, published: PublishedTable? = nil, baseline: String? = nil) throws {
    let printed = try published?.results()
    let pairing = try MetricPairing(own: own, published: published, printed: printed)
    self.published = published
    metrics = pairing.metrics
    decimals = pairing.decimals
    let mine = own?.rows.map { Self.ownRow($0, pairing) } ?? []
    let others = printed?.rows.map { Row($0, .published, values: pairing.publishedValues(of: $0)) } ?? []
    rows = mine + others
    notes = pairing.notes
    try chooseBaseline(named: baseline)
    measure()
    rank()
  }
}

// MARK: The baseline

extension ResultComparison {
  private static func ownRow(_ row: ResultTable.Row, _ pairing: MetricPairing) -> Row {
    var mine = Row(row, .own, values: pairing.ownValues(of: row))
    // Where there is nothing to compute Δm from, what a file says of it is all there is.
    if pairing.metrics.isEmpty { mine.printedDeltaM = row.deltaM }
    return mine
  }

  private static let singleTaskNames: Set<String> = [
    "stl", "singletask", "single", "independent", "singletasklearning", "singletasknetworks", "stlbaseline",
  ]

  /// Whether a row is called what papers call single-task networks.
  private static func isSingleTask(_ name: String) -> Bool { singleTaskNames.contains(LooseName.key(name)) }

  private var publishedBaseline: Int? {
    guard let name = published?.baseline else { return nil }
    return rows.firstIndex { $0.origin == .published && $0.name == name }
  }

  private mutating func chooseBaseline(named name: String?) throws(ResultFault) {
    if let index = publishedBaseline { rows[index].isReference = true }
    let own = rows.firstIndex { $0.origin == .own && Self.isSingleTask($0.name) }
    let chosen =
      try name.map { name throws(ResultFault) in try index(ofBaseline: name) } ?? own ?? publishedBaseline
    guard let chosen else {
      if metrics.isEmpty { return }
      notes.append(
        "There is no Δm without single-task results: --baseline names their row, a row called STL is taken as them."
      )
      return
    }
    rows[chosen].isReference = true
    baseline = (rows[chosen].name, rows[chosen].origin)
  }

  private func index(ofBaseline name: String) throws(ResultFault) -> Int {
    if name == "published" {
      guard let index = publishedBaseline else { throw .noPublishedBaseline(published?.name) }
      return index
    }
    let found =
      rows.firstIndex { $0.name == name } ?? rows.firstIndex { LooseName.areEqual($0.name, name) }
    guard let found else { throw .unknownBaseline(name, known: rows.map(\.name)) }
    return found
  }

  private var baselineRow: Row? {
    baseline.flatMap { baseline in rows.first { $0.name == baseline.name && $0.origin == baseline.origin } }
  }
}

// MARK: Δm and mean rank

extension ResultComparison {
  private mutating func measure() {
    keepWhatIsPrinted()
    guard !metrics.isEmpty, let base = baselineRow else { return }
    guard let bottom = base.numbers else {
      let gaps = gaps(of: base)
      notes.append("There is no Δm: \(base.name), the baseline, has no finite \(gaps).")
      return
    }
    let zeros = metrics.indices.filter { j in
      !Meaning.isDenominator(bottom[j], among: rows.compactMap { $0.values[j]?.number })
    }
    guard zeros.isEmpty else {
      notes.append(
        "There is no Δm: \(zeros.map { metrics[$0].title }.joined(separator: ", ")) of \(base.name), the baseline, is "
          + "zero, and no change is relative to it; --metrics leaves a metric out.")
      return
    }
    let directions = metrics.map(\.higherIsBetter)
    let groups = TaskGroups(metrics)
    for index in rows.indices {
      guard let numbers = rows[index].numbers else { continue }
      rows[index].deltaM = deltaM(numbers, baseline: bottom, higherIsBetter: directions)
      rows[index].taskDeltaM = groups.deltaM(numbers, baseline: bottom)
    }
  }

  /// Printed Δm is comparable only where Δm here is measured against the same row, over the same metrics.
  private mutating func keepWhatIsPrinted() {
    let isAlike = baseline?.origin == .published && metrics.count == published?.metrics.count
    let isAllThereIs = published?.metrics.isEmpty == true
    guard !isAlike, !isAllThereIs else { return }
    for index in rows.indices { rows[index].printedDeltaM = nil }
    let empty = rows.count { $0.origin == .published && $0.values.allSatisfy { $0 == nil } }
    guard empty > 0 else { return }
    rows.removeAll { $0.origin == .published && $0.values.allSatisfy { $0 == nil } }
    notes.append(
      "Left out: \(Counted.text(empty, "published row")) without metrics, whose Δm is printed against other single-task "
        + "networks or over more metrics than here.")
  }

  private mutating func rank() {
    let ranked = rows.indices.filter { !rows[$0].isReference && rows[$0].numbers != nil }
    if ranked.count > 1 {
      let ranks = meanRanks(
        ranked.compactMap { rows[$0].numbers }, higherIsBetter: metrics.map(\.higherIsBetter))
      for (index, rank) in zip(ranked, ranks) { rows[index].meanRank = rank }
    } else if !metrics.isEmpty {
      notes.append("There is no mean rank: it needs two methods with all metrics.")
    }
    let partial = rows.filter { $0.numbers == nil && !$0.isReference && $0.values.contains { $0 != nil } }
    for row in partial {
      notes.append("\(row.name) has no Δm and no rank: no finite \(gaps(of: row)).")
    }
  }

  private func gaps(of row: Row) -> String {
    metrics.indices.filter { row.values[$0]?.number.isFinite != true }.map { metrics[$0].title }
      .joined(separator: ", ")
  }
}
