/// Results of some methods: what a paper's table or a file of results holds.
public struct ResultTable: Sendable, Equatable {
  /// A number as it was written.
  public struct Value: Sendable, Equatable {
    /// The number, which need not be finite.
    public let number: Double
    /// The standard deviation beside it; nil where there is none.
    public let deviation: Double?
    /// The decimals it was written with.
    public let decimals: Int

    /// Creates a value.
    public init(_ number: Double, deviation: Double? = nil, decimals: Int) {
      self.number = number
      self.deviation = deviation
      self.decimals = decimals
    }
  }

  /// The results of one method.
  public struct Row: Sendable, Equatable {
    /// The method.
    public let name: String
    /// One value for each metric; nil where nothing was measured.
    public let values: [Value?]
    /// Δm as the table gives it; nil where it does not.
    public let deltaM: Value?
    /// The mean rank as the table gives it; nil where it does not.
    public let meanRank: Value?

    /// Creates a row.
    public init(_ name: String, _ values: [Value?], deltaM: Value? = nil, meanRank: Value? = nil) {
      self.name = name
      self.values = values
      self.deltaM = deltaM
      self.meanRank = meanRank
    }

    /// The numbers, where all were measured and are finite; nil otherwise.
    public var numbers: [Double]? {
      let numbers = values.compactMap { $0?.number }.filter(\.isFinite)
      return numbers.count == values.count && !numbers.isEmpty ? numbers : nil
    }
  }

  /// What was measured.
  public let metrics: [ResultMetric]
  /// The methods, in the table's order.
  public let rows: [Row]

  /// Creates a table.
  public init(metrics: [ResultMetric], rows: [Row]) {
    precondition(rows.allSatisfy { $0.values.count == metrics.count }, "a value for each metric")
    self.metrics = metrics
    self.rows = rows
  }

  /// The row of a name, however it is spelled; nil where there is none.
  public func row(_ name: String) -> Row? {
    rows.first { $0.name == name } ?? rows.first { LooseName.areEqual($0.name, name) }
  }

  /// The most decimals that a metric's values are written with.
  public func decimals(of metric: Int) -> Int {
    rows.compactMap { $0.values[metric]?.decimals }.max() ?? 0
  }
}
