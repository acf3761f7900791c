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
    try image.checkFinite(what: "a picture")
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
      try array.checkFinite(what: "a depth")
      if !isInverse { try array.checkNotNegative() }
      return Sample.Target(map.task, values)
    case .normals:
      let values = try array.picture(channels: 3, what: "normals")
      try array.checkFinite(what: "normals")
      return Sample.Target(map.task, values)
    }
  }
}

/// The numbers of one file with its path, checked and brought to a network's order of axes.
private struct DenseArray {
  let file: DenseFile
  let path: String

  init(_ file: DenseFile, path: String) {
    self.file = file
    self.path = path
  }

  private var shape: [Int] { file.shape }

  private var shapeText: String { shape.map(String.init).joined(separator: " × ") }

  private func fault(_ reason: String, help: String) -> FileFault {
    FileFault(path: path, reason: reason, help: help)
  }

  /// The file's rows × columns × channels as channels × rows × columns; with one channel, the last axis may be missing.
  func picture(channels: Int, what: String) throws(FileFault) -> HostArray {
    let isFlat = channels == 1 && shape.count == 2
    guard isFlat || (shape.count == 3 && shape[2] == channels), shape[0] > 0, shape[1] > 0 else {
      throw fault(
        "\(what) of shape \(shapeText), where height × width × \(channels) is expected",
        help: "save it again with the channels last")
    }
    let (area, values) = (shape[0] * shape[1], file.values)
    guard channels > 1 else { return HostArray(values, shape: [1, shape[0], shape[1]]) }
    let turned = [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
      for channel in 0..<channels {
        for pixel in 0..<area { buffer[channel * area + pixel] = values[pixel * channels + channel] }
      }
      count = values.count
    }
    return HostArray(turned, shape: [channels, shape[0], shape[1]])
  }

  /// The classes as whole numbers.
  func labels(classCount: Int) throws(FileFault) -> HostArray {
    guard shape.count == 2 || (shape.count == 3 && shape[2] == 1) else {
      throw fault("labels of shape \(shapeText), where height × width is expected", help: "save them again")
    }
    let allowed = Float(DenseMap.ignoredLabel)...Float(classCount - 1)
    if let place = file.values.firstIndex(where: { !allowed.contains($0) || $0.rounded() != $0 }) {
      throw fault(
        "the label \(file.values[place]) at \(pixel(place)) is neither a class 0 … \(classCount - 1) nor "
          + "\(DenseMap.ignoredLabel) for none",
        help: "map the labels to these numbers, or choose the problem that has such classes")
    }
    return HostArray(file.values.map { Int64($0) }, shape: [shape[0], shape[1]])
  }

  func checkSize(like image: DenseArray) throws(FileFault) {
    guard shape.count >= 2, shape[0] == image.shape[0], shape[1] == image.shape[1] else {
      throw fault(
        "it has the shape \(shapeText), its picture \(image.shapeText)",
        help: "bring all maps of a picture to its height and width")
    }
  }

  func checkFinite(what: String) throws(FileFault) {
    // A sum of zeros unless a number is infinite or none.
    guard file.values.reduce(0, { $0 + $1 * 0 }) != 0,
      let place = file.values.firstIndex(where: { !$0.isFinite })
    else { return }
    throw fault(
      "\(what) with \(file.values[place]) at \(pixel(place))",
      help: "write 0 where there is no value, or leave the example out")
  }

  func checkNotNegative() throws(FileFault) {
    guard let place = file.values.firstIndex(where: { $0 < 0 }) else { return }
    throw fault(
      "a depth of \(file.values[place]) at \(pixel(place))", help: "write 0 where there is no depth")
  }

  private func pixel(_ place: Int) -> String {
    let pixel = place / max(1, shape.dropFirst(2).reduce(1, *))
    return "row \(pixel / shape[1]), column \(pixel % shape[1])"
  }
}
