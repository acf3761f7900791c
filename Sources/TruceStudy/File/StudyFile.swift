/// What a study asks, how its runs are compared and what it may cost: its file without the cells.
public struct StudyFile: Equatable, Sendable, Codable {
  /// The study's name, which is also its folder's.
  public let name: String
  /// The question in the words of its author.
  public let question: String?
  /// Remarks that a reader of the results should know, such as what the data are a part of.
  public let notes: [String]
  /// Words by which the study is found among others.
  public let tags: [String]
  /// Which measurement of a run counts.
  public let rule: ReportingRule
  /// The split that is reported; nil for `test`, or the only one that was measured.
  public let split: String?
  /// The published table whose rows the report shows beside its own; nil for none.
  public let published: String?
  /// What the study may cost.
  public let budget: StudyBudget
  /// How often a run that crashed is tried again.
  public let retries: Int
}

extension StudyFile {
  /// Decodes what an index holds; one that an earlier version made knows no tags and no published table.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      question: try container.decodeIfPresent(String.self, forKey: .question),
      notes: try container.decode([String].self, forKey: .notes),
      tags: try container.decodeIfPresent([String].self, forKey: .tags) ?? [],
      rule: try container.decode(ReportingRule.self, forKey: .rule),
      split: try container.decodeIfPresent(String.self, forKey: .split),
      published: try container.decodeIfPresent(String.self, forKey: .published),
      budget: try container.decode(StudyBudget.self, forKey: .budget),
      retries: try container.decode(Int.self, forKey: .retries))
  }
}

/// What a study may cost.
public struct StudyBudget: Equatable, Sendable, Codable {
  /// After this many seconds a runner starts no further run; nil for no limit.
  public let maxSeconds: Double?
  /// More cells than this are refused, which catches a product that grew by mistake; nil for ``usualCells``.
  public let maxCells: Int?

  /// The number of cells that a study may have unless its file says otherwise.
  public static let usualCells = 10_000

  /// Creates a budget.
  public init(maxSeconds: Double? = nil, maxCells: Int? = nil) {
    self.maxSeconds = maxSeconds
    self.maxCells = maxCells
  }
}
