public import TruceFiles

/// Everything that can be found out about a folder of QM9 before training.
public struct QM9Check: Sendable {
  /// What a sound folder holds.
  public struct Contents: Codable, Equatable, Sendable {
    /// The number of molecules.
    public let molecules: Int
    /// Whether the files are those that the package publishes, byte for byte.
    public let isPublished: Bool
    /// The tasks.
    public let tasks: [Task]
  }

  /// What a task asks, over all molecules.
  public struct Task: Codable, Equatable, Sendable {
    /// The task's name.
    public let name: String
    /// The unit of its values.
    public let unit: String
    /// The mean.
    public let mean: Double
    /// The deviation; 0 for a single molecule.
    public let deviation: Double
  }

  /// The folder.
  public let path: String
  /// The first faults.
  public let faults: [FileFault]
  /// The number of faults.
  public let faultCount: Int
  /// What the folder holds; nil where it has a fault.
  public let contents: Contents?

  /// Reads every molecule of a folder.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - limit: The number of faults that are kept.
  public init(of path: String, keeping limit: Int = 100) {
    self.path = path
    (contents, faults, faultCount) = FaultList.collecting(keeping: limit) { faults in
      QM9Folder(path, noting: faults).map { Contents($0.molecules, in: path) }
    }
  }
}

extension QM9Check.Contents {
  fileprivate init(_ molecules: Molecules, in folder: String) {
    self.molecules = molecules.count
    let collection = OriginalCollection.qm9
    isPublished = collection.files.allSatisfy { file in
      (try? collection.verify(file, at: "\(folder)/\(file.name)")) != nil
    }
    tasks = QM9Target.allCases.map { QM9Check.Task($0, molecules) }
  }
}

extension QM9Check.Task {
  fileprivate init(_ target: QM9Target, _ molecules: Molecules) {
    let all = Array(0..<molecules.count)
    let property = try? molecules.property(target, over: all)
    (name, unit) = (target.taskName, target.unit)
    mean = property?.mean ?? molecules.value(of: target, at: 0)
    deviation = property?.deviation ?? 0
  }
}
