public import Torch

/// How often each class was taken for each other: exact counts, whatever their size.
public struct Confusion: Codable, Equatable, Sendable {
  /// The number of classes C.
  public let classCount: Int
  /// C × C counts: the row is the label, the column the prediction.
  public private(set) var counts: [Int]

  /// Creates a table of zeros.
  ///
  /// - Precondition: There is a class.
  public init(classCount: Int) {
    precondition(classCount > 0, "a confusion needs a class")
    self.classCount = classCount
    counts = Array(repeating: 0, count: classCount * classCount)
  }

  /// Counts elements whose label is a class; any other label, such as -1, stands for none.
  ///
  /// - Parameters:
  ///   - labels: Whole numbers of any shape.
  ///   - predictions: Classes of the same shape.
  public mutating func add(labels: Tensor, predictions: Tensor) {
    add(found(labels: labels, predictions: predictions).toArray(as: Int.self))
  }

  /// The C · C counts of some elements, row by row.
  func found(labels: Tensor, predictions: Tensor) -> Tensor {
    let isLabelled = labels.greaterOrEqual(0).and(labels.less(classCount))
    let pairs = (labels * classCount + predictions).maskedSelect(isLabelled)
    return pairs.bincount(minimumLength: counts.count)
  }

  /// Adds what ``found(labels:predictions:)`` counted.
  mutating func add(_ found: [Int]) {
    for place in counts.indices { counts[place] += found[place] }
  }

  /// Adds the other's counts.
  public mutating func merge(_ other: Confusion) {
    for place in counts.indices { counts[place] += other.counts[place] }
  }

  /// The number of elements counted.
  public var total: Int { counts.reduce(0, +) }

  /// The share of elements whose prediction is their label; not a number where there are none.
  public var accuracy: Double {
    let correct = (0..<classCount).reduce(0) { $0 + counts[$1 * (classCount + 1)] }
    return Double(correct) / Double(total)
  }

  /// For each class the intersection of labels and predictions over their union; nil for a class in neither.
  public var intersectionsOverUnions: [Double?] {
    (0..<classCount).map { label in
      let row = counts[(label * classCount)..<((label + 1) * classCount)].reduce(0, +)
      let column = (0..<classCount).reduce(0) { $0 + counts[$1 * classCount + label] }
      let both = counts[label * (classCount + 1)]
      let union = row + column - both
      return union == 0 ? nil : Double(both) / Double(union)
    }
  }

  /// The mean intersection over union of the classes that occur; not a number where none does.
  public var meanIntersectionOverUnion: Double {
    let known = intersectionsOverUnions.compactMap { $0 }
    return known.reduce(0, +) / Double(known.count)
  }

  /// The same mean as the published code of CAGrad, Nash-MTL and FAMO takes it: not a number as soon as a class occurs
  /// in neither labels nor predictions.
  public var publishedMeanIntersectionOverUnion: Double {
    intersectionsOverUnions.contains(nil) ? .nan : meanIntersectionOverUnion
  }
}
