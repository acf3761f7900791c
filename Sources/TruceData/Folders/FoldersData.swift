import Foundation
import Torch
public import TruceFiles

/// Pictures and labels as a specification describes them, found and checked; the pixels are read when asked for.
///
/// Pixels are whole numbers 0 … 255, [channels, height, width]. The targets are those of ``TableData``.
public struct FoldersData {
  /// A picture with its place in the data.
  public struct Sample: Equatable, Sendable {
    /// The file.
    public let path: String
    /// Its row among the labels of all pictures.
    let row: Int
  }

  /// What the files mean.
  public let specification: FoldersSpecification
  /// How the labels became numbers.
  public let encoding: TableEncoding
  private let encoder: TableEncoder
  private let index: PictureIndex

  /// Finds the pictures and reads their labels.
  ///
  /// - Parameters:
  ///   - path: The specification.
  ///   - faults: Receives everything that is wrong with it and with the files of labels.
  /// - Returns: Nil where anything is.
  public init?(contentsOf path: String, noting faults: FaultList) {
    guard let specification = FoldersSpecification(contentsOf: path, noting: faults),
      let reader = FoldersReader(specification, faults: faults), faults.isEmpty
    else { return nil }
    encoder = TableEncoder(
      reader.content, tasks: specification.tasks.map(\.table), path: path, faults: faults)
    guard faults.isEmpty else { return nil }
    self.specification = specification
    encoding = encoder.encoding
    index = reader.index
  }

  /// Finds the pictures and reads their labels.
  ///
  /// - Throws: ``DataError/faults(_:total:)`` with everything that is wrong.
  public init(contentsOf path: String) throws(DataError) {
    let faults = FaultList()
    guard let data = FoldersData(contentsOf: path, noting: faults) else {
      try faults.check()
      throw .damaged(path: path, reason: "it describes no pictures")
    }
    self = data
  }

  /// The pictures of a split, in the order of their paths.
  public func samples(of split: Split) -> [Sample] {
    encoder.content.rows(of: split).map { Sample(path: index.path($0), row: $0) }
  }

  /// The number of pictures that no split takes.
  public var leftOut: Int { encoder.content.splits.count { $0 == nil } }

  /// The targets of samples, in task order.
  public func targets(of samples: [Sample]) -> [TaskTarget] { encoder.targets(of: samples.map(\.row)) }

  /// The pixels of a picture, brought to the specification's shape.
  ///
  /// - Throws: `FileFault` where the file is missing, no picture, or damaged.
  public func pixels(of sample: Sample) throws(FileFault) -> [UInt8] {
    try specification.shape.pixels(of: PictureFile.read(sample.path))
  }

  /// Reads all pictures of all splits into memory.
  ///
  /// - Parameter faults: Receives every picture that cannot be read.
  /// - Returns: Nil where any cannot.
  public func splits(noting faults: FaultList) -> DatasetSplits? {
    let training = dataset(.training, noting: faults)
    let validation = samples(of: .validation).isEmpty ? nil : dataset(.validation, noting: faults)
    let test = dataset(.test, noting: faults)
    guard let training, let test, faults.isEmpty else { return nil }
    return DatasetSplits(training: training, validation: validation, test: test)
  }

  private func dataset(_ split: Split, noting faults: FaultList) -> Dataset? {
    let samples = samples(of: split)
    let shape = specification.shape
    let input = Tensor.empty([samples.count, shape.channels, shape.height, shape.width], dtype: .uint8)
    input.withUnsafeMutableBytes { bytes in
      for (position, sample) in samples.enumerated() {
        let target = UnsafeMutableRawBufferPointer(
          rebasing: bytes[(position * shape.count)...].prefix(shape.count))
        faults.attempting { () throws(FileFault) in target.copyBytes(from: try pixels(of: sample)) }
      }
    }
    return try? Dataset(input: input, targets: targets(of: samples))
  }
}

extension FoldersSpecification.Shape {
  /// The number of samples of a picture.
  var count: Int { channels * height * width }

  /// A picture's pixels in this shape, [channels, height, width].
  func pixels(of picture: Picture<UInt8>) -> [UInt8] {
    picture.converted(toChannels: channels).resized(height: height, width: width, fit: fit)
      .tensor.toArray(as: UInt8.self)
  }

  /// A picture in this shape as an example's input: real numbers 0 … 1, [channels, height, width].
  func image(at path: String) throws(FileFault) -> HostArray {
    let pixels = try pixels(of: PictureFile.read(path))
    return HostArray(pixels.map { Float($0) / 255 }, shape: [channels, height, width])
  }
}
