import TruceFiles

/// A domain as its folder is called, and as its task is.
struct DomainName: Equatable, Sendable {
  let folder: String

  init(_ folder: String) { self.folder = folder }

  /// The folder's name with an underscore for each space: `Real_World`.
  var task: String { String(folder.map { $0.isWhitespace ? "_" : $0 }) }
}

/// Pictures in folders by domain and class, found and divided; the pixels are read when asked for.
///
/// Each folder of the root is a domain, and each folder in it a class: `amazon/mug/1.jpg`. Where a domain holds nothing
/// but a folder `images`, the classes are in that one, as in Office-31: `amazon/images/mug/frame_0001.jpg`. A folder that
/// holds neither folders nor pictures but other files, such as lists, is no domain.
public struct DomainFolders: Sendable {
  /// How the pictures of each domain are divided.
  public enum Division: Equatable, Sendable {
    /// Shares of them, drawn at random from a seed.
    case ratio(SplitRatio)
    /// Lists in a folder that name the pictures of each domain and split: `amazon_train.txt`.
    case lists(String)
  }

  /// Which pictures are taken.
  public struct Choice: Equatable, Sendable {
    /// The domains by their folders' names; nil for all.
    public var domains: [String]?
    /// How the pictures are divided.
    public var division: Division
    /// What becomes of classes that not all domains have, and of names in lists without a picture.
    public var unmatched: FoldersSpecification.Unmatched

    /// Creates a choice.
    public init(
      domains: [String]? = nil, division: Division = .ratio(Self.usualShares(seed: 0)),
      unmatched: FoldersSpecification.Unmatched = .refuse
    ) {
      self.domains = domains
      self.division = division
      self.unmatched = unmatched
    }

    /// Six pictures of ten to learn from, two to choose by and two to report on, as LibMTL divides Office-31 and
    /// Office-Home.
    public static func usualShares(seed: UInt64) -> SplitRatio {
      SplitRatio(shares: [.training: 0.6, .validation: 0.2, .test: 0.2], seed: seed)
    }
  }

  /// A domain with the split of each of its pictures.
  public struct Domain: Sendable {
    /// Its name, and that of its task.
    public let name: String
    let pictures: ClassFolders
    let splits: [Split?]

    /// The number of pictures in a split.
    public func count(of split: Split) -> Int { splits.count { $0 == split } }

    /// The number of pictures that no split takes.
    public var leftOut: Int { splits.count { $0 == nil } }
  }

  /// The folder of the domains.
  public let root: String
  /// The domains, in the order of their names' bytes.
  public let domains: [Domain]
  /// The classes that all domains have, in the order of their names' bytes.
  public let classes: [String]

  /// Finds the pictures.
  ///
  /// - Parameters:
  ///   - root: The folder of the domains.
  ///   - choice: Which pictures are taken.
  ///   - faults: Receives everything that is wrong.
  /// - Returns: Nil where anything is.
  public init?(_ root: String, _ choice: Choice = Choice(), noting faults: FaultList) {
    let finder = DomainFinder(root: root, choice: choice, faults: faults)
    guard let found = finder.pictures(), let classes = finder.shared(found), faults.isEmpty else {
      return nil
    }
    self.root = root
    self.classes = classes
    domains = found.map { finder.domain($0.name, $0.pictures, keeping: Set(classes)) }
    guard faults.isEmpty else { return nil }
  }

  /// Finds the pictures.
  ///
  /// - Throws: ``DataError/faults(_:total:)`` with everything that is wrong.
  public init(_ root: String, _ choice: Choice = Choice()) throws(DataError) {
    let faults = FaultList()
    guard let found = DomainFolders(root, choice, noting: faults) else {
      throw .faults(faults.faults, total: faults.total)
    }
    self = found
  }

  /// Whether a folder looks like one of domains: folders in it that hold folders, and no `train` or `val`.
  public static func looksLikeOne(_ path: String) -> Bool {
    let content = FolderContent(path)
    return content.folders.contains { !FolderContent("\(path)/\($0)").folders.isEmpty }
      && DenseFolder.Part.allCases.allSatisfy { !content.folders.contains($0.rawValue) }
  }

  /// How classes became numbers.
  public var encoding: TableEncoding {
    TableEncoding(
      features: [], tasks: domains.map { TableEncoding.Task(name: $0.name, label: .classes(classes)) })
  }

  /// Looks at the first and the last bytes of each picture of some splits, which takes no decoding.
  ///
  /// Files that are missing, empty, of another format or cut short are found so. What is damaged inside is found by
  /// ``DomainCheck``, which decodes every picture, or when it is learned from.
  ///
  /// - Parameters:
  ///   - splits: The splits.
  ///   - domains: The domains.
  /// - Throws: ``DataError/faults(_:total:)`` with everything that is wrong.
  public func glance(at splits: [Split], of domains: [Domain]) throws(DataError) {
    let faults = FaultList()
    for domain in domains {
      for (place, split) in domain.splits.enumerated() {
        guard let split, splits.contains(split) else { continue }
        faults.attempting { () throws(FileFault) in try PictureFile.glance(at: domain.pictures.path(place)) }
      }
    }
    try faults.check()
  }

  /// The pictures of a domain in a split.
  ///
  /// - Parameters:
  ///   - split: The split.
  ///   - domain: The domain.
  ///   - side: The height and width that pictures are brought to, whatever their shape.
  public func samples(of split: Split, in domain: Domain, side: Int) -> DomainSamples {
    let numbers = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, Int64($0)) })
    let pictures = domain.splits.indices.filter { domain.splits[$0] == split }.map { place in
      DomainSamples.Picture(
        path: domain.pictures.path(place), label: numbers[domain.pictures.pictures[place].className] ?? 0)
    }
    return DomainSamples(
      task: domain.name, pictures: pictures,
      shape: FoldersSpecification.Shape(height: side, width: side, channels: 3, fit: .stretch))
  }
}
