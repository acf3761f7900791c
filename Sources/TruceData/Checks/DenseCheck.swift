import Torch
public import TruceFiles

/// Everything that can be found out about a folder of pictures and maps before training.
public struct DenseCheck: Sendable {
  /// What a sound folder holds.
  public struct Contents: Codable, Equatable, Sendable {
    /// The number of examples of each half, by its folder.
    public let examples: [String: Int]
    /// Height and width of a picture.
    public let size: [Int]
    /// The maps, in task order.
    public let maps: [Map]
  }

  /// What the maps of a task say, over all examples of both halves.
  public struct Map: Codable, Equatable, Sendable {
    /// The task.
    public let task: String
    /// `classes`, `depth` or `normals`.
    public let kind: String
    /// The share of pixels that have a label.
    public let labelled: Double
    /// The share of labelled pixels of each class, by its name; none for other maps.
    public let classes: [String: Double]
    /// The smallest and the largest value of labelled pixels; none for classes.
    public let range: [Double]
  }

  /// The folder.
  public let path: String
  /// The layout that was looked for.
  public let layout: DenseLayout
  /// The first faults.
  public let faults: [FileFault]
  /// The number of faults.
  public let faultCount: Int
  /// What the folder holds; nil where it has a fault.
  public let contents: Contents?

  /// Reads every file of a folder.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - layout: Which maps it should have; nil for the one it seems to have.
  ///   - limit: The number of faults that are kept.
  public init(of path: String, layout: DenseLayout? = nil, keeping limit: Int = 100) {
    let layout = layout ?? DenseFolder.likelyLayout(of: path)
    (self.path, self.layout) = (path, layout)
    (contents, faults, faultCount) = FaultList.collecting(keeping: limit) { faults in
      DenseFolder(path, layout, noting: faults).flatMap { Self.contents($0, faults) }
    }
  }

  private static func contents(_ folder: DenseFolder, _ faults: FaultList) -> Contents? {
    var tallies = folder.layout.maps.map { MapTally($0) }
    folder.compare(noting: faults)
    var sizes: [[Int]] = []
    var examples: [String: Int] = [:]
    for part in DenseFolder.Part.allCases {
      // The halves' sizes are compared already.
      var size: [Int]?
      let samples = folder.samples(of: part)
      examples[part.rawValue] = samples.count
      for position in 0..<samples.count {
        faults.attempting { () throws(FileFault) in
          let sample = try samples.checkedSample(at: position)
          let found = Array(sample.inputs[0].values.shape.dropFirst())
          try checkSize(found, &size, path: samples.name(ofSample: position))
          for place in tallies.indices { tallies[place].add(sample.targets[place].values) }
        }
      }
      sizes += size.map { [$0] } ?? []
    }
    guard faults.isEmpty, let size = sizes.first else { return nil }
    return Contents(examples: examples, size: size, maps: tallies.map(\.map))
  }

  private static func checkSize(_ found: [Int], _ size: inout [Int]?, path: String) throws(FileFault) {
    guard let expected = size else { return size = found }
    guard found != expected else { return }
    throw FileFault(
      path: path,
      reason: "a picture of \(found[0]) × \(found[1]), the first one is \(expected[0]) × \(expected[1])",
      help: "bring all pictures to one size")
  }
}

/// Counts what the maps of a task say.
private struct MapTally {
  private let description: DenseMap
  private var pixels = 0
  private var labelled = 0
  private var classes: [Int]
  private var range: (low: Float, high: Float) = (.infinity, -.infinity)

  init(_ description: DenseMap) {
    self.description = description
    classes =
      if case .classes(let names) = description.content { Array(repeating: 0, count: names.count) } else {
        []
      }
  }

  mutating func add(_ values: HostArray) {
    let tensor = Tensor(host: values)
    if classes.isEmpty {
      add(numbers: tensor.to(.float32))
    } else {
      let counts = (tensor + 1).flattened().bincount(minimumLength: classes.count + 1).toArray(as: Int.self)
      pixels += counts.reduce(0, +)
      labelled += counts.dropFirst().reduce(0, +)
      for place in classes.indices { classes[place] += counts[place + 1] }
    }
  }

  private mutating func add(numbers: Tensor) {
    let isLabelled = numbers.notEqual(0).any(0)
    pixels += isLabelled.count
    let count = isLabelled.sum().integerItem()
    labelled += count
    guard count > 0 else { return }
    let counted = numbers.maskedSelect(isLabelled.unsqueezed(0).expanded(numbers.shape))
    range = (min(range.low, Float(counted.amin().item())), max(range.high, Float(counted.amax().item())))
  }

  var map: DenseCheck.Map {
    let (kind, names): (String, [String]) =
      switch description.content {
      case .classes(let names): ("classes", names)
      case .depth: ("depth", [])
      case .normals: ("normals", [])
      }
    let shares = zip(names, classes).map { ($0, labelled == 0 ? 0 : Double($1) / Double(labelled)) }
    return DenseCheck.Map(
      task: description.task, kind: kind, labelled: pixels == 0 ? 0 : Double(labelled) / Double(pixels),
      classes: Dictionary(uniqueKeysWithValues: shares),
      range: names.isEmpty && labelled > 0 ? [Double(range.low), Double(range.high)] : [])
  }
}

extension Tensor {
  /// A copy of an array in host memory.
  convenience init(host array: HostArray) {
    switch array.dtype {
    case .int64: self.init(array.elements(as: Int64.self), shape: array.shape)
    case .bool: self.init(array.elements(as: Bool.self), shape: array.shape)
    case .float64: self.init(array.elements(as: Double.self), shape: array.shape)
    default: self.init(array.elements(as: Float.self), shape: array.shape)
    }
  }
}
