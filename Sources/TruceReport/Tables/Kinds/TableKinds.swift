/// A kind of table: what it needs from the material and what it says.
///
/// A new kind is one file with a conforming type and one line in ``TableKinds/all``.
public protocol TableKind: Sendable {
  /// Makes the tables of this kind.
  ///
  /// - Throws: ``Absence`` with the reason where the material does not hold what the table shows; without a reason where
  ///   no reader would miss it.
  static func tables(of material: ReportMaterial) throws(Absence) -> [Table]
}

/// The kinds of tables, in the order of the page.
public enum TableKinds {
  /// All kinds.
  public static let all: [any TableKind.Type] = [
    ToyTable.self,
    TrialTable.self,
    TrialTaskTable.self,
    RankingTable.self,
    PublishedRowsTable.self,
    BestConfigurationTable.self,
    ParetoCountTable.self,
    MethodComparisonTable.self,
    OptimizerComparisonTable.self,
    EqualTimeTable.self,
    TrainingTable.self,
    InvarianceTable.self,
    RobustnessTable.self,
    SimilarityTable.self,
    BaselineTable.self,
    RunTable.self,
    UnscoredTable.self,
  ]
}
