import Foundation
import Torch
public import TruceFiles
import TruceRun

/// Everything that can be found out about a user's data before training.
public struct DataCheck: Sendable {
  /// Which kind of specification a file holds.
  public enum Kind: String, Codable, Sendable {
    /// Rows and columns.
    case table
    /// Pictures in folders.
    case folders
  }

  /// What a sound data set holds.
  public struct Contents: Equatable, Codable, Sendable {
    /// The number of examples of each split that has any, by the split's name.
    public let examples: [String: Int]
    /// The number of examples that no split takes.
    public let leftOut: Int
    /// The lengths of an input's axes.
    public let inputShape: [Int]
    /// The tasks, in order.
    public let tasks: [Task]
  }

  /// What a task asks, and how many labels there are.
  public struct Task: Equatable, Codable, Sendable {
    /// The task's name.
    public let name: String
    /// `regression`, `binary` or `classes`.
    public let kind: String
    /// The number of outputs of its head.
    public let outputCount: Int
    /// The number of labels in each split, by its name.
    public let labels: [String: Int]
    /// The number of training labels of each class, or of no and yes; none for a regression.
    public let classes: [String: Int]
  }

  /// The specification.
  public let path: String
  /// Its kind.
  public let kind: Kind
  /// The first faults.
  public let faults: [FileFault]
  /// The number of faults.
  public let faultCount: Int
  /// What the data hold; nil where they have a fault.
  public let contents: Contents?

  /// Reads a specification and every file that it names, pictures too.
  ///
  /// - Parameters:
  ///   - path: The YAML file. One that names `images` or a `preset` is of pictures, any other of a table.
  ///   - limit: The number of faults that are kept.
  public init(of path: String, keeping limit: Int = 100) {
    let kind = Self.kind(of: path)
    (self.path, self.kind) = (path, kind)
    (contents, faults, faultCount) = FaultList.collecting(keeping: limit) { faults in
      kind == .table ? Self.table(path, faults) : Self.folders(path, faults)
    }
  }

  private static func kind(of path: String) -> Kind {
    let node = try? ConfigurationNode(contentsOf: URL(fileURLWithPath: path))
    let keys = ((try? node?.entries()) ?? []).map(\.key)
    return keys.contains("images") || keys.contains("preset") ? .folders : .table
  }

  private static func table(_ path: String, _ faults: FaultList) -> Contents? {
    guard let data = TableData(contentsOf: path, noting: faults) else { return nil }
    let splits: [(Split, Dataset?)] = [
      (.training, data.splits.training), (.validation, data.splits.validation), (.test, data.splits.test),
    ]
    let parts = splits.compactMap { split, dataset in
      dataset.map { (split: split, count: $0.count, targets: $0.targets) }
    }
    return Contents(
      parts, leftOut: data.leftOut, inputShape: [data.encoding.inputCount], encoding: data.encoding)
  }

  private static func folders(_ path: String, _ faults: FaultList) -> Contents? {
    guard let data = FoldersData(contentsOf: path, noting: faults) else { return nil }
    let parts = Split.allCases.compactMap { split in
      let samples = data.samples(of: split)
      for sample in samples { faults.attempting { () throws(FileFault) in try data.pixels(of: sample) } }
      return samples.isEmpty ? nil : (split: split, count: samples.count, targets: data.targets(of: samples))
    }
    guard faults.isEmpty else { return nil }
    let shape = data.specification.shape
    return Contents(
      parts, leftOut: data.leftOut, inputShape: [shape.channels, shape.height, shape.width],
      encoding: data.encoding)
  }
}

extension DataCheck.Contents {
  fileprivate init(
    _ parts: [(split: Split, count: Int, targets: [TaskTarget])], leftOut: Int, inputShape: [Int],
    encoding: TableEncoding
  ) {
    examples = Dictionary(uniqueKeysWithValues: parts.map { ($0.split.rawValue, $0.count) })
    self.leftOut = leftOut
    self.inputShape = inputShape
    tasks = encoding.tasks.enumerated().map { position, task in
      DataCheck.Task(task, parts.map { ($0.split, $0.targets[position]) })
    }
  }
}

extension DataCheck.Task {
  fileprivate init(_ task: TableEncoding.Task, _ targets: [(split: Split, target: TaskTarget)]) {
    name = task.name
    outputCount = task.label.outputCount
    labels = Dictionary(uniqueKeysWithValues: targets.map { ($0.split.rawValue, $0.target.labelCount) })
    let training = targets.first { $0.split == .training }?.target
    switch task.label {
    case .regression: (kind, classes) = ("regression", [:])
    case .binary: (kind, classes) = ("binary", training?.counts(of: ["no", "yes"]) ?? [:])
    case .classes(let words): (kind, classes) = ("classes", training?.counts(of: words) ?? [:])
    }
  }
}

extension TaskTarget {
  /// The number of examples that have a target.
  fileprivate var labelCount: Int {
    mask.map { $0.toArray(as: Bool.self).count { $0 } } ?? (values.shape.first ?? 0)
  }

  /// How often each word, by its position, is a target.
  fileprivate func counts(of words: [String]) -> [String: Int] {
    let positions = values.flattened(from: 0).toArray(as: Int.self)
    let isThere = mask?.toArray(as: Bool.self)
    var counts = Dictionary(uniqueKeysWithValues: words.map { ($0, 0) })
    for (index, position) in positions.enumerated() where isThere?[index] ?? true {
      counts[words[position]]? += 1
    }
    return counts
  }
}
