import Truce

/// All data sets that can be asked for by name.
public enum DatasetCatalogue {
  /// The entries, in the order in which lists show them.
  public static let entries: [any DatasetSource] = [
    MultiDigit.fashionAndMNIST, MultiDigit.mnist, MultiDigit.fashion,
    DigitClusters.bySource, DigitClusters.byClass, DigitClusters.byChance,
  ]

  /// Returns the data set with this name.
  ///
  /// - Throws: ``DataError/unknownDataset(name:closest:)`` with the closest known name.
  public static func entry(named name: String) throws(DataError) -> any DatasetSource {
    if let entry = entries.first(where: { $0.name == name }) { return entry }
    throw .unknownDataset(name: name, closest: closestName(to: name, among: entries.map(\.name)))
  }

  /// Returns the published files meant by the name of a collection or of a data set made from some.
  ///
  /// - Throws: ``DataError/unknownDataset(name:closest:)`` with the closest known name.
  public static func originals(named name: String) throws(DataError) -> [OriginalCollection] {
    if let collection = OriginalCollection.all.first(where: { $0.name == name }) { return [collection] }
    if let entry = entries.first(where: { $0.name == name }) { return entry.originals }
    let known = OriginalCollection.all.map(\.name) + entries.map(\.name)
    throw .unknownDataset(name: name, closest: closestName(to: name, among: known))
  }
}
