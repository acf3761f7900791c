import Torch
import TruceFiles

/// The pictures of one split, read one by one by the threads of a loader.
///
/// The input `image` is real numbers 0 … 1, [channels, height, width]. Every target has a mask, since any of a task's
/// labels may be missing.
public struct FolderSamples: SampleSource {
  /// A task's labels, one for each picture; nil for one that is missing.
  private enum Labels: Sendable {
    case numbers([Float?])
    case classes([Int64?])
  }

  private let paths: [String]
  private let shape: FoldersSpecification.Shape
  private let tasks: [(name: String, labels: Labels)]

  /// Prepares the pictures of a split.
  public init(_ data: FoldersData, split: Split) {
    let samples = data.samples(of: split)
    paths = samples.map(\.path)
    shape = data.specification.shape
    tasks = data.targets(of: samples).map { target in
      let isThere = target.mask?.toArray(as: Bool.self) ?? Array(repeating: true, count: samples.count)
      let labels: Labels =
        target.values.dtype.isFloatingPoint
        ? .numbers(zip(target.values.toArray(as: Float.self), isThere).map { $1 ? $0 : nil })
        : .classes(zip(target.values.toArray(as: Int64.self), isThere).map { $1 ? $0 : nil })
      return (target.task, labels)
    }
  }

  /// The number of pictures.
  public var count: Int { paths.count }

  /// The picture's file.
  public func name(ofSample position: Int) -> String { paths[position] }

  /// Reads a picture and its labels.
  public func sample(at position: Int) throws(DataError) -> Sample {
    let image: HostArray
    do throws(FileFault) {
      image = try shape.image(at: paths[position])
    } catch {
      throw .faults([error], total: 1)
    }
    return Sample(
      inputs: [Sample.Input("image", image)],
      targets: tasks.map { name, labels in Self.target(name, labels, position) })
  }

  /// A picture's label for a task, without the picture.
  public func target(ofTask name: String, at position: Int) -> Sample.Target? {
    tasks.first { $0.name == name }.map { Self.target(name, $0.labels, position) }
  }

  private static func target(_ name: String, _ labels: Labels, _ position: Int) -> Sample.Target {
    switch labels {
    case .numbers(let values):
      Sample.Target(
        name, HostArray([values[position] ?? 0]), mask: HostArray([values[position] != nil], shape: []))
    case .classes(let values):
      Sample.Target(
        name, HostArray([values[position] ?? 0], shape: []),
        mask: HostArray([values[position] != nil], shape: []))
    }
  }
}
