import Torch
import TruceFiles

/// The pictures of one domain and split, read one by one by the threads of a loader.
///
/// The input `image` is real numbers 0 … 1, [3, side, side]; the target is the number of the class.
public struct DomainSamples: SampleSource {
  /// A picture with its class.
  struct Picture: Sendable {
    let path: String
    let label: Int64
  }

  let task: String
  let pictures: [Picture]
  let shape: FoldersSpecification.Shape

  /// The number of pictures.
  public var count: Int { pictures.count }

  /// The picture's file.
  public func name(ofSample position: Int) -> String { pictures[position].path }

  /// The class of a picture.
  public func label(ofSample position: Int) -> Int { Int(pictures[position].label) }

  /// Reads a picture.
  public func sample(at position: Int) throws(DataError) -> Sample {
    do throws(FileFault) {
      return try checkedSample(at: position)
    } catch {
      throw .faults([error], total: 1)
    }
  }

  /// Reads a picture.
  func checkedSample(at position: Int) throws(FileFault) -> Sample {
    Sample(
      inputs: [Sample.Input("image", try shape.image(at: pictures[position].path))],
      targets: [target(at: position)])
  }

  /// The class of a picture, which is not read.
  public func target(ofTask name: String, at position: Int) -> Sample.Target? {
    name == task ? target(at: position) : nil
  }

  private func target(at position: Int) -> Sample.Target {
    Sample.Target(task, HostArray([pictures[position].label], shape: []))
  }
}
