import Torch
import Truce

/// One classification task of ten classes whose pictures come from two clusters, in pairs of one picture each.
///
/// An example is a pair [2, 36, 36] of 28×28 images with a margin of 4, and has the class of each: the targets are
/// named after the clusters, but the question is the same one, so that a network with one head for both learns
/// a single task. How unlike the clusters are is a choice: digits and clothes that share their class numbers, digits
/// of the lower and of the upper five classes, or digits divided by chance, for comparison.
///
/// Each image is in one pair at most, and the pairs are drawn anew for each seed.
///
/// - Source: The question whether samples of one task, if they are diverse enough, conflict as tasks do is asked by
///   C. Elich et al., "Examining Common Paradigms in Multi-Task Learning", GCPR 2024, arXiv 2311.04698, figure 3.
public struct DigitClusters: DatasetSource {
  /// What tells the clusters apart.
  enum Rule: Sendable {
    /// The collection: digits or clothes.
    case source
    /// The class: below five or not.
    case label
    /// Nothing.
    case chance
  }

  /// The name on the command line and in study files.
  public let name: String
  /// The name in prose.
  public let title: String
  /// What the set is, in one sentence.
  public let summary: String
  /// The clusters, as if each were a task.
  public let tasks: [TaskSummary]
  private let rule: Rule

  private init(name: String, _ rule: Rule, title: String, summary: String, clusters: [(String, String)]) {
    self.name = name
    self.rule = rule
    self.title = title
    self.summary = summary
    tasks = clusters.map { TaskSummary(name: $0.0, title: $0.1, classCount: 10) }
  }

  /// Digits and clothes with the same ten class numbers.
  public static let bySource = DigitClusters(
    name: "digits-by-source", .source, title: "Digits and clothes under one head",
    summary: "One task of ten classes, each a digit and a garment, in pairs of a digit and a garment",
    clusters: [("digits", "the class, of a digit"), ("clothes", "the class, of a garment")])
  /// Digits below five and from five on.
  public static let byClass = DigitClusters(
    name: "digits-by-class", .label, title: "Low and high digits under one head",
    summary: "One task of ten digits, in pairs of a digit below five and one from five on",
    clusters: [("low", "the digit, below five"), ("high", "the digit, from five on")])
  /// Digits in two random halves.
  public static let byChance = DigitClusters(
    name: "digits-by-chance", .chance, title: "Digits in random halves under one head",
    summary: "One task of ten digits, in pairs of two digits, for comparison with clusters that differ",
    clusters: [("one", "the digit, of one half"), ("other", "the digit, of the other half")])

  /// The published files the set is made from.
  public var originals: [OriginalCollection] { rule == .source ? [.mnist, .fashionMNIST] : [.mnist] }

  /// Makes the set from the published files, whose contents are checked.
  ///
  /// - Throws: ``DataError`` where a file is missing or unusable.
  public func build(from dataFolders: DataFolders, seed: UInt64) throws(DataError) -> DatasetSplits {
    var training = RandomSource(seed: seed, for: .buildTraining)
    var test = RandomSource(seed: seed, for: .buildTest)
    return DatasetSplits(
      training: try dataset(images(.training, in: dataFolders), using: &training),
      test: try dataset(images(.test, in: dataFolders), using: &test))
  }

  private func images(
    _ half: MNISTHalf, in dataFolders: DataFolders
  ) throws(DataError) -> [LabelledImages] {
    var images: [LabelledImages] = []
    for collection in originals { images.append(try collection.images(half, in: dataFolders)) }
    return images
  }

  /// Pairs the images of one or two collections.
  func dataset(
    _ collections: [LabelledImages], using source: inout RandomSource
  ) throws(DataError) -> Dataset {
    let clusters = clusters(of: collections, using: &source)
    let count = clusters.map(\.positions.count).min() ?? 0
    let pairs = clusters.map { $0.images.examples(at: Array($0.positions.prefix(count))) }
    return try Dataset(
      input: Tensor.concatenated(pairs.map(\.pixels), axis: 1).padded([4, 4, 4, 4]),
      targets: zip(tasks, pairs).map { TaskTarget(task: $0.name, values: $1.labels) })
  }

  /// The images of each cluster in random order.
  private func clusters(
    of collections: [LabelledImages], using source: inout RandomSource
  ) -> [(images: LabelledImages, positions: [Int])] {
    let orders = collections.map { source.order(of: $0.count) }
    let (images, order) = (collections[0], orders[0])
    switch rule {
    case .source: return Array(zip(collections, orders)).map { (images: $0, positions: $1) }
    case .label:
      return [
        (images, order.filter { images.labels[$0] < 5 }), (images, order.filter { images.labels[$0] >= 5 }),
      ]
    case .chance:
      let half = order.count / 2
      return [(images, Array(order[..<half])), (images, Array(order[half...]))]
    }
  }
}

extension LabelledImages {
  /// Some images as bytes [count, 1, height, width], and their classes.
  fileprivate func examples(at positions: [Int]) -> (pixels: Tensor, labels: Tensor) {
    let chosen = Tensor(positions)
    return (
      tensor.indexSelect(0, chosen), Tensor(labels, dtype: .int64).indexSelect(0, chosen)
    )
  }
}
