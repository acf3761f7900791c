import Truce

/// Two-task sets of pictures that show two images each: MultiMNIST, Multi-Fashion and Multi-Fashion+MNIST.
///
/// 120,000 training and 20,000 test pictures of 36×36, inputs of shape [count, 1, 36, 36]. The task `left` asks
/// for the class of the image in the top-left corner, `right` for the one in the bottom-right corner. How the
/// pictures are made, and from which papers, is told at ``OverlayBuilder``.
public struct MultiDigit: DatasetSource {
  /// The name on the command line and in study files.
  public let name: String
  /// The name in prose.
  public let title: String
  private let first: OriginalCollection
  private let second: OriginalCollection
  private let builder = OverlayBuilder()

  /// Clothes in the top-left corner, digits in the bottom-right corner.
  public static let fashionAndMNIST = MultiDigit(
    name: "multi-fashion-mnist", title: "Multi-Fashion+MNIST", first: .fashionMNIST, second: .mnist)
  /// Digits in both corners.
  public static let mnist = MultiDigit(
    name: "multi-mnist", title: "MultiMNIST", first: .mnist, second: .mnist)
  /// Clothes in both corners.
  public static let fashion = MultiDigit(
    name: "multi-fashion", title: "Multi-Fashion", first: .fashionMNIST, second: .fashionMNIST)

  /// What the set is, in one sentence.
  public var summary: String {
    "36×36 pictures of a \(first.title) image (top left) and a \(second.title) image (bottom right)"
  }

  /// The two tasks.
  public var tasks: [TaskSummary] {
    [
      TaskSummary(name: "left", title: "\(first.title), top left", classCount: 10),
      TaskSummary(name: "right", title: "\(second.title), bottom right", classCount: 10),
    ]
  }

  /// The published files the set is made from.
  public var originals: [OriginalCollection] {
    first.name == second.name ? [first] : [first, second]
  }

  /// Makes the set from the published files, whose contents are checked.
  ///
  /// - Throws: ``DataError`` where a file is missing or unusable.
  /// - Complexity: O(pixels of the result); about a second with optimisation, 180 MB.
  public func build(from dataFolders: DataFolders, seed: UInt64) throws(DataError) -> DatasetSplits {
    DatasetSplits(
      training: try dataset(.training, from: dataFolders, seed: seed),
      test: try dataset(.test, from: dataFolders, seed: seed))
  }

  /// Makes one half of the set.
  func dataset(
    _ half: MNISTHalf, from dataFolders: DataFolders, seed: UInt64
  ) throws(DataError) -> Dataset {
    let firstImages = try first.images(half, in: dataFolders)
    let secondImages =
      first.name == second.name ? firstImages : try second.images(half, in: dataFolders)
    var source = RandomSource(seed: seed, for: half == .training ? .buildTraining : .buildTest)
    let pictures = try builder.pictures(of: firstImages, over: secondImages, using: &source)
    let labels = [pictures.firstLabels, pictures.secondLabels]
    return try Dataset(
      input: pictures.pixels,
      targets: zip(tasks, labels).map { TaskTarget(task: $0.name, values: $1) })
  }
}

/// The two halves of MNIST and of its relatives.
enum MNISTHalf {
  case training
  case test
}

extension OriginalCollection {
  /// One half of the collection.
  func images(
    _ half: MNISTHalf, in dataFolders: DataFolders
  ) throws(DataError) -> LabelledImages {
    let names: (images: MNISTFile, labels: MNISTFile) =
      half == .training ? (.trainingImages, .trainingLabels) : (.testImages, .testLabels)
    let folder = try folder(in: dataFolders)
    return try LabelledImages(
      images: array(names.images.rawValue, in: folder), from: folder + "/" + names.images.rawValue,
      labels: array(names.labels.rawValue, in: folder), from: folder + "/" + names.labels.rawValue,
      classCount: 10)
  }
}
