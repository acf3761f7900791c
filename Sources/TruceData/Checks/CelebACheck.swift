public import TruceFiles

/// Everything that can be found out about a folder of CelebA before training.
public struct CelebACheck: Sendable {
  /// What a sound folder holds.
  public struct Contents: Codable, Equatable, Sendable {
    /// The number of pictures in each split, by the split's name.
    public let examples: [String: Int]
    /// The attributes in their official order.
    public let attributes: [Attribute]
  }

  /// How often a question is answered with yes.
  public struct Attribute: Codable, Equatable, Sendable {
    /// The attribute's task.
    public let task: String
    /// The share of yes among the training pictures.
    public let share: Double
  }

  /// The folder.
  public let path: String
  /// The first faults.
  public let faults: [FileFault]
  /// The number of faults.
  public let faultCount: Int
  /// What the folder holds; nil where it has a fault.
  public let contents: Contents?

  /// Reads both lists and every picture that they name.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - limit: The number of faults that are kept.
  public init(of path: String, keeping limit: Int = 100) {
    self.path = path
    (contents, faults, faultCount) = FaultList.collecting(keeping: limit) { faults in
      CelebAFolder(path, noting: faults).flatMap { Self.contents($0, faults) }
    }
  }

  private static func contents(_ folder: CelebAFolder, _ faults: FaultList) -> Contents? {
    let parts = Split.allCases.map { ($0, folder.samples(of: $0, attributes: nil, side: 1)) }
    for (_, samples) in parts { read(samples, faults) }
    guard faults.isEmpty else { return nil }
    return Contents(
      examples: Dictionary(uniqueKeysWithValues: parts.map { ($0.rawValue, $1.count) }),
      attributes: parts.first { $0.0 == .training }?.1.shares ?? [])
  }

  private static func read(_ samples: CelebASamples, _ faults: FaultList) {
    for position in 0..<samples.count {
      faults.attempting { () throws(FileFault) in _ = try PictureFile.read(samples.name(ofSample: position)) }
    }
  }
}

extension CelebASamples {
  /// How often each attribute is a yes.
  fileprivate var shares: [CelebACheck.Attribute] {
    attributes.map { attribute in
      let count = faces.count { $0.answers >> UInt64(attribute) & 1 == 1 }
      return CelebACheck.Attribute(
        task: CelebAFolder.taskName(of: CelebAFolder.attributes[attribute]),
        share: faces.isEmpty ? 0 : Double(count) / Double(faces.count))
    }
  }
}
