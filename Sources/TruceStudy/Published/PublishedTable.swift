public import TruceFiles
public import TruceRun

/// A table of results as a paper printed it, with its source.
///
/// A new table is one file in `Published/Tables` and one line in ``PublishedTables/all``.
public struct PublishedTable: Sendable {
  /// How a table's Δm is computed.
  public enum Form: Sendable, Equatable {
    /// Over all metrics; lower is better.
    case byMetric
    /// By tasks, with the other sign: higher is better, Δp of LibMTL and those that use it.
    case byTaskHigherIsBetter
  }

  /// What a reader must know about a printed number that does not follow from the other printed numbers.
  public struct Remark: Sendable, Equatable {
    /// The number in question.
    public enum Column: Sendable, Equatable { case deltaM, meanRank }
    /// The method.
    public let row: String
    /// The number in question.
    public let column: Column
    /// What is the matter.
    public let text: String
  }

  /// The name used on command lines and in files.
  public let name: String
  /// The data, the network and the protocol.
  public let title: String
  /// The paper, its table and its arXiv number.
  public let source: String
  /// What was measured, with directions and units.
  public let metrics: [ResultMetric]
  /// The row of single-task networks; nil where the table prints none.
  public let baseline: String?
  /// How its Δm is computed.
  public let form: Form
  /// Whether the table's printed rows are all here, so that its mean ranks can be recomputed.
  public let isWhole: Bool
  /// Under which conditions its agents were tried; nil for labelled data.
  public let conditions: TrialConditions?
  /// What a reader should know about the table.
  public let notes: [String]
  /// Printed numbers that do not follow from the others.
  public let remarks: [Remark]
  private let text: String

  /// Creates a table.
  ///
  /// - Parameters:
  ///   - name: The name used on command lines and in files.
  ///   - title: The data, the network and the protocol.
  ///   - source: The paper, its table and its arXiv number.
  ///   - metrics: What was measured.
  ///   - baseline: The row of single-task networks.
  ///   - form: How its Δm is computed.
  ///   - isWhole: Whether all rows of the printed table are here.
  ///   - conditions: Under which conditions its agents were tried.
  ///   - notes: What a reader should know.
  ///   - remarks: Printed numbers that do not follow from the others.
  ///   - rows: Lines of separated values under a heading: `method`, the metrics' names, `Δm` and `MR`. One text, since it
  ///     compiles at once.
  public init(
    name: String, title: String, source: String, metrics: [ResultMetric] = [], baseline: String? = nil,
    form: Form = .byMetric, isWhole: Bool = false, conditions: TrialConditions? = nil, notes: [String] = [],
    remarks: [Remark] = [],
    rows: String
  ) {
    self.name = name
    self.title = title
    self.source = source
    self.metrics = metrics
    self.baseline = baseline
    self.form = form
    self.isWhole = isWhole
    self.conditions = conditions
    self.notes = notes
    self.remarks = remarks
    text = rows
  }

  /// The rows.
  ///
  /// - Throws: `FileFault` where the text of a table does not hold what its description says.
  public func results() throws(FileFault) -> ResultTable {
    try ResultReader(path: name, known: metrics).table(of: text.utf8)
  }
}

extension PublishedTable {
  /// Throws where agents of some runs were tried under other conditions than the table's.
  ///
  /// - Throws: `RunError.mixedConditions(_:)`.
  public func checkConditions(of records: [RunRecord]) throws(RunError) {
    try conditions?.check(records, besideTable: name)
  }
}

extension PublishedTable.Remark {
  /// A printed Δm that does not follow from the printed metrics.
  static func deltaM(of row: String, _ text: String) -> Self { Self(row: row, column: .deltaM, text: text) }
  /// A printed mean rank that does not follow from the printed metrics.
  static func meanRank(of row: String, _ text: String) -> Self {
    Self(row: row, column: .meanRank, text: text)
  }
}

// MARK: What follows from the printed numbers

extension PublishedTable {
  /// A number of a table beside the same number computed from the others.
  public struct Check: Sendable, Equatable {
    /// The method.
    public let row: String
    /// The number in question.
    public let column: Remark.Column
    /// As printed.
    public let printed: Double
    /// The numbers that round to the printed metrics give some number in this range.
    public let possible: ClosedRange<Double>
    /// The number computed from the metrics as printed.
    public let computed: Double

    /// Whether the printed number can be the outcome.
    public var holds: Bool { possible.contains(printed) }
  }

  /// Every printed Δm and mean rank that can be computed from the metrics, beside what they give.
  ///
  /// Δm may be off by what rounding of its inputs and of itself can do; a mean rank by half-decided ties, which the rounding
  /// made, and by one in its last digit, since some papers cut digits off instead of rounding.
  public func checks() throws(FileFault) -> [Check] {
    let table = try results()
    return deltaChecks(of: table) + (isWhole ? rankChecks(of: table) : [])
  }

  private func deltaChecks(of table: ResultTable) -> [Check] {
    guard let base = baseline.flatMap(table.row), let bottom = base.numbers else { return [] }
    return table.rows.compactMap { row in
      guard let printed = row.deltaM, let numbers = row.numbers else { return nil }
      let computed = deltaM(of: numbers, against: bottom)
      let slack = slack(of: row, against: base) + printed.halfUnit
      return Check(
        row: row.name, column: .deltaM, printed: printed.number,
        possible: (computed - slack)...(computed + slack), computed: computed)
    }
  }

  private func deltaM(of numbers: [Double], against baseline: [Double]) -> Double {
    switch form {
    case .byMetric:
      TruceRun.deltaM(numbers, baseline: baseline, higherIsBetter: metrics.map(\.higherIsBetter))
    case .byTaskHigherIsBetter: -(TaskGroups(metrics).deltaM(numbers, baseline: baseline))
    }
  }

  /// What the rounding of a row and of the baseline can do to Δm: the metrics' slacks, weighted as Δm weighs them.
  private func slack(of row: ResultTable.Row, against base: ResultTable.Row) -> Double {
    let slacks = zip(row.values, base.values).map { value, base in
      guard let value, let base else { return 0.0 }
      let bottom = base.number.magnitude
      return (value.halfUnit + value.number.magnitude * base.halfUnit / bottom) / bottom
    }
    // As changes of metrics that are 1 and should be low, the slacks are weighted like any other change.
    let one = [Double](repeating: 1, count: slacks.count)
    let risen = slacks.map { 1 + $0 }
    let falling = metrics.map { ResultMetric($0.name, of: $0.task, higherIsBetter: false) }
    return form == .byMetric
      ? TruceRun.deltaM(risen, baseline: one, higherIsBetter: falling.map(\.higherIsBetter))
      : TaskGroups(falling).deltaM(risen, baseline: one)
  }

  private func rankChecks(of table: ResultTable) -> [Check] {
    let rows = table.rows.filter { $0.name != baseline && $0.numbers != nil }
    let numbers = rows.compactMap(\.numbers)
    let directions = metrics.map(\.higherIsBetter)
    let best = meanRanks(numbers, higherIsBetter: directions, ties: .competition)
    let middle = meanRanks(numbers, higherIsBetter: directions)
    return rows.indices.compactMap { index in
      guard let printed = rows[index].meanRank else { return nil }
      // Ties lie between the best place and as far above the middle one.
      let worst = 2 * middle[index] - best[index]
      return Check(
        row: rows[index].name, column: .meanRank, printed: printed.number,
        possible: (best[index] - 2 * printed.halfUnit)...(worst + printed.halfUnit),
        computed: middle[index])
    }
  }
}

extension ResultTable.Value {
  /// Half a unit of the last digit.
  var halfUnit: Double {
    (0..<decimals).reduce(0.5) { unit, _ in unit / 10 }
  }
}
