import Torch
public import TruceFiles

/// The examples of one half of a dense data set, read one by one by the threads of a loader.
///
/// The input `image` is [3, height, width]. Classes are whole numbers [height, width], -1 for none, depths [1, height,
/// width] and normals [3, height, width]. Values are as stored.
public struct DenseSamples: SampleSource {
  private let files: DenseFolder.Files
  private let layout: DenseLayout

  init(_ files: DenseFolder.Files, _ layout: DenseLayout) {
    self.files = files
    self.layout = layout
  }

  /// The number of examples.
  public var count: Int { files.names.count }

  /// The picture's file.
  public func name(ofSample position: Int) -> String { "\(files.images)/\(files.names[position])" }

  /// Reads a picture and its maps.
  ///
  /// - Throws: ``DataError/faults(_:total:)`` with the file of the first thing that is wrong.
  public func sample(at position: Int) throws(DataError) -> Sample {
    do throws(FileFault) {
      return try checkedSample(at: position)
    } catch {
      throw .faults([error], total: 1)
    }
  }

  /// Reads a picture and its maps.
  ///
  /// - Throws: `FileFault` of the first thing that is wrong.
  public func checkedSample(at position: Int) throws(FileFault) -> Sample {
    let path = name(ofSample: position)
    let image = DenseArray(try DenseFile(contentsOf: path), path: path)
    let pixels = try image.picture(channels: 3, what: "a picture")
    try image.checkPicture()
    var targets: [Sample.Target] = []
    for (map, folder) in zip(layout.maps, files.maps) {
      targets.append(try target(map, path: "\(folder)/\(files.names[position])", like: image))
    }
    return Sample(inputs: [Sample.Input(DenseLayout.input, pixels)], targets: targets)
  }

  /// Reads the map of a task alone.
  ///
  /// - Throws: ``DataError/faults(_:total:)`` with the file.
  public func target(ofTask name: String, at position: Int) throws(DataError) -> Sample.Target? {
    guard let place = layout.maps.firstIndex(where: { $0.task == name }) else { return nil }
    do throws(FileFault) {
      return try target(layout.maps[place], path: "\(files.maps[place])/\(files.names[position])", like: nil)
    } catch {
      throw .faults([error], total: 1)
    }
  }

  private func target(
    _ map: DenseMap, path: String, like image: DenseArray?
  ) throws(FileFault) -> Sample.Target {
    let array = DenseArray(try DenseFile(contentsOf: path), path: path)
    if let image { try array.checkSize(like: image) }
    switch map.content {
    case .classes(let names):
      return Sample.Target(map.task, try array.labels(classCount: names.count))
    case .depth(let isInverse):
      let values = try array.picture(channels: 1, what: "a depth")
      try array.checkDepth(isInverse: isInverse)
      return Sample.Target(map.task, values)
    case .normals:
      let values = try array.picture(channels: 3, what: "normals")
      try array.checkNormals()
      return Sample.Target(map.task, values)
    }
  }
}
