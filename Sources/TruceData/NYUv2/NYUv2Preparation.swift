import Foundation
import Torch

/// Makes NYUv2 in the layout of the release of MTAN from its pictures, depths and labels.
///
/// Pictures are resized by the mean of the pixels that a new one covers; labels, depths and normals are those of the
/// pixel under its centre. Normals are fitted to the depths by ``NormalFit``.
public struct NYUv2Preparation: Sendable {
  /// Metres for each step of a depth's eight bits.
  private static let depthStep = 10.0 / 255
  /// The step at which depths end, where the surface is further away.
  private static let farthest = 255

  private let originals: NYUv2Originals
  private let size: (height: Int, width: Int)
  private let fit = NormalFit(depthStep: depthStep)

  /// Prepares to make pictures of a size.
  public init(_ originals: NYUv2Originals, height: Int = 288, width: Int = 384) {
    self.originals = originals
    size = (height, width)
  }

  /// Makes the folder with all cores, or goes on with one that was stopped.
  ///
  /// - Parameters:
  ///   - folder: The folder to make.
  ///   - replacing: Whether one that is there is made anew.
  ///   - note: Told how many examples are there, after each; from one thread at a time.
  /// - Returns: The number of examples of each half.
  /// - Throws: ``DataError``.
  public func run(
    into folder: String, replacing: Bool, note: @Sendable (_ done: Int, _ total: Int) -> Void
  ) throws(DataError) -> [DenseFolder.Part: Int] {
    let counts = originals.numbers.mapValues(\.count)
    let preparation = try DensePreparation(
      into: folder, .nyuv2, record(counts), camera: camera, replacing: replacing)
    let numbers = originals.numbers
    try preparation.write(note: note) { (part, place) throws(DataError) in
      try example((numbers[part] ?? [])[place])
    }
    try preparation.finish()
    return counts
  }

  private var camera: Camera { .nyuv2.scaled(toHeight: size.height, width: size.width) }

  private func record(_ counts: [DenseFolder.Part: Int]) -> PreparationRecord {
    PreparationRecord(
      dataset: DenseLayout.nyuv2.name, size: [size.height, size.width],
      examples: Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) }),
      sources: originals.sources,
      notes: [
        "pictures 0 to 1; 13 classes from 0 on, -1 for none; depth in metres, 0 for none",
        "normals fitted to the depths: windows of radius \(fit.radii) pixels of the depth, reach \(fit.reach), "
          + "flatness \(fit.flatness), share \(fit.share), neighbourhood \(fit.neighbourhood), turn \(fit.turn)",
      ])
  }

  /// Makes the example of a number; threads may make different ones at once.
  public func example(_ number: Int) throws(DataError) -> DensePreparation.Example {
    let picture = try originals.picture(number).resized(height: size.height, width: size.width)
    let (depth, labels) = (try originals.depth(number), try originals.labels(number))
    return DensePreparation.Example(
      image: picture.samples.map { Float($0) / 255 },
      maps: [
        sampled(labels).map { Float(originals.classes[Int($0)]) },
        sampled(depth).map { Float(Double($0) * Self.depthStep) }, normals(depth),
      ])
  }

  private func sampled(_ picture: Picture<UInt8>) -> [UInt8] {
    let columns = Self.middles(size.width, of: picture.width)
    return Self.middles(size.height, of: picture.height).flatMap { row in
      columns.map { picture.samples[row * picture.width + $0] }
    }
  }

  private func normals(_ depth: Picture<UInt8>) -> [Float] {
    let metres = depth.samples.map { Int($0) < Self.farthest ? Float(Double($0) * Self.depthStep) : 0 }
    let normals = fit.normals(
      of: Tensor(metres, shape: [depth.height, depth.width]),
      camera: .nyuv2.scaled(toHeight: depth.height, width: depth.width),
      rows: Self.middles(size.height, of: depth.height), columns: Self.middles(size.width, of: depth.width))
    return normals.permuted([1, 2, 0]).toArray(as: Float.self)
  }

  /// For each of so many new pixels, the old one under its centre.
  static func middles(_ count: Int, of total: Int) -> [Int] {
    (0..<count).map { (2 * $0 + 1) * total / (2 * count) }
  }
}
