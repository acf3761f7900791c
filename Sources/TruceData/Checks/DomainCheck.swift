public import TruceFiles

/// Everything that can be found out about pictures in folders by domain and class before training.
public struct DomainCheck: Sendable {
  /// What a sound folder holds.
  public struct Contents: Codable, Equatable, Sendable {
    /// The domains, in order.
    public let domains: [Domain]
    /// The classes that all of them have.
    public let classes: [String]
  }

  /// What a domain holds.
  public struct Domain: Codable, Equatable, Sendable {
    /// Its name, and that of its task.
    public let name: String
    /// The number of pictures in each split that has any, by the split's name.
    public let examples: [String: Int]
    /// The number of pictures of the classes that no split takes.
    public let leftOut: Int
    /// The share of the training pictures that the most frequent class has, which a network has to beat.
    public let mostFrequent: Double
  }

  /// The folder.
  public let path: String
  /// The first faults.
  public let faults: [FileFault]
  /// The number of faults.
  public let faultCount: Int
  /// What the folder holds; nil where it has a fault.
  public let contents: Contents?

  /// Reads every picture of a folder.
  ///
  /// - Parameters:
  ///   - path: The folder of the domains.
  ///   - choice: Which pictures are taken.
  ///   - limit: The number of faults that are kept.
  public init(
    of path: String, choice: DomainFolders.Choice = DomainFolders.Choice(), keeping limit: Int = 100
  ) {
    self.path = path
    (contents, faults, faultCount) = FaultList.collecting(keeping: limit) { faults in
      DomainFolders(path, choice, noting: faults).flatMap { Self.contents($0, faults) }
    }
  }

  private static func contents(_ folders: DomainFolders, _ faults: FaultList) -> Contents? {
    let domains = folders.domains.map { domain in
      for split in Split.allCases { read(folders.samples(of: split, in: domain, side: 1), faults) }
      return Domain(domain, in: folders)
    }
    return faults.isEmpty ? Contents(domains: domains, classes: folders.classes) : nil
  }

  private static func read(_ samples: DomainSamples, _ faults: FaultList) {
    for position in 0..<samples.count {
      faults.attempting { () throws(FileFault) in _ = try PictureFile.read(samples.name(ofSample: position)) }
    }
  }
}

extension DomainCheck.Domain {
  fileprivate init(_ domain: DomainFolders.Domain, in folders: DomainFolders) {
    name = domain.name
    let counts = Split.allCases.map { ($0.rawValue, domain.count(of: $0)) }.filter { $0.1 > 0 }
    examples = Dictionary(uniqueKeysWithValues: counts)
    leftOut = domain.leftOut
    let training = folders.samples(of: .training, in: domain, side: 1)
    let classes = (0..<training.count).map(training.label(ofSample:))
    let most = Dictionary(classes.map { ($0, 1) }, uniquingKeysWith: +).values.max() ?? 0
    mostFrequent = training.count == 0 ? 0 : Double(most) / Double(training.count)
  }
}
