public import TruceOptions

/// The tables of papers that Truce ships.
public enum PublishedTables {
  /// All tables, by data set.
  public static let all: [PublishedTable] = [
    .nyuv2CAGrad,
    .nyuv2NashMTL,
    .nyuv2NTKMTL,
    .nyuv2SegNetMTAN,
    .nyuv2DeepLab,
    .nyuv2SegNetElich,
    .nyuv2DeepLabElich,
    .cityscapesCAGrad,
    .cityscapesNashMTL,
    .cityscapesSegNetMTAN,
    .cityscapesDeepLab,
    .cityscapesSegNetElich,
    .cityscapesDeepLabElich,
    .celebA,
    .celebAErrors,
    .multiMNIST,
    .qm9NashMTL,
    .qm9,
    .qm9NTKMTL,
    .qm9DBMTL,
    .office31,
    .officeHome,
    .metaworldCAGrad,
    .metaworldMT10,
  ]

  /// The table of a name.
  ///
  /// - Throws: `OptionError` with the closest known name.
  public static func table(named name: String) throws(OptionError) -> PublishedTable {
    if let table = all.first(where: { $0.name == name }) { return table }
    let known = all.map(\.name)
    throw .unknownName(
      kind: "published table", name: name, closest: closestName(to: name, among: known), known: known)
  }
}
