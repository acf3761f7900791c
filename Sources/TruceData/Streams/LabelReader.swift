import Torch

/// Reads the labels of a source without its inputs: of all examples, or of some that are evenly spaced.
struct LabelReader {
  /// The most examples that are read.
  var exampleLimit = 20_000
  /// The most numbers that the labels have together.
  var numberLimit = 1 << 22

  /// The labels of a task in one target; nil where the source cannot tell them apart from the inputs.
  ///
  /// An example that cannot be read, or is unlike the first, is left out.
  func target(ofTask name: String, in source: any SampleSource) -> TaskTarget? {
    let read = { (position: Int) in try? source.target(ofTask: name, at: position) }
    guard let first = (0..<min(source.count, 16)).lazy.compactMap(read).first else { return nil }
    let most = max(1, min(exampleLimit, numberLimit / max(first.values.count, 1), source.count))
    let targets = (0..<most).compactMap { read($0 * source.count / most) }.filter { $0.isLike(first) }
    return TaskTarget(
      task: name, values: Tensor(host: HostArray(stacking: targets.map(\.values))),
      mask: first.mask == nil ? nil : Tensor(host: HostArray(stacking: targets.compactMap(\.mask))))
  }
}

extension Sample.Target {
  fileprivate func isLike(_ other: Sample.Target) -> Bool {
    values.shape == other.values.shape && values.dtype == other.values.dtype
      && mask?.shape == other.mask?.shape
  }
}

extension HostArray {
  /// Arrays of one shape and type along a new first axis.
  ///
  /// - Precondition: There is one.
  fileprivate init(stacking arrays: [HostArray]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(arrays.reduce(0) { $0 + $1.bytes.count })
    for array in arrays { bytes += array.bytes }
    self.init(bytes: bytes, shape: [arrays.count] + arrays[0].shape, dtype: arrays[0].dtype)
  }
}
