import TruceData
public import TruceTasks

/// The problems that Truce brings: the one list from which commands, help and documentation derive.
public enum ProblemCatalogue {
  /// The entries, in the order in which help texts show them.
  public static let entries: [ProblemEntry] = [
    .multiDigit(.fashionAndMNIST), .multiDigit(.mnist), .multiDigit(.fashion),
    .digitClusters(.bySource), .digitClusters(.byClass), .digitClusters(.byChance),
    .rooms, .nyuv2, .cityscapes, .celebA, .qm9, .twoUnits, .scaledTanh, .table, .folders, .domains,
  ]
}
