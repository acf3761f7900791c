import TruceFiles

/// The numbers of one file with its path, checked and brought to a network's order of axes.
struct DenseArray {
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

  /// Makes sure that a picture is real numbers 0 … 1.
  func checkPicture() throws(FileFault) {
    try checkReal(what: "a picture")
    // One look at numbers that are as they should be: what is no number lies in no range.
    guard let place = file.values.firstIndex(where: { !Self.brightness.contains($0) }) else { return }
    try checkFinite(what: "a picture")
    throw fault(
      "a picture with \(file.values[place]) at \(pixel(place)), where 0 … 1 is expected",
      help: "divide pictures of 0 … 255 by 255, and do not standardise them")
  }

  /// What a picture holds, with what a sharp change of size adds.
  private static let brightness = Float(-0.1)...1.1

  /// Makes sure that a depth is real numbers, and not below 0 unless inverse.
  func checkDepth(isInverse: Bool) throws(FileFault) {
    try checkReal(what: "a depth")
    try checkFinite(what: "a depth")
    guard !isInverse, let place = file.values.firstIndex(where: { $0 < 0 }) else { return }
    throw fault(
      "a depth of \(file.values[place]) at \(pixel(place))", help: "write 0 where there is no depth")
  }

  /// Makes sure that normals have the length 1, or 0 where there is none.
  ///
  /// Where a release was brought to another size, lengths in between are at edges and holes; so most pixels must
  /// have the right length, and none more.
  func checkNormals() throws(FileFault) {
    try checkReal(what: "normals")
    try checkFinite(what: "normals")
    var (short, whole, firstShort) = (0, 0, 0)
    for place in stride(from: 0, to: file.values.count, by: 3) {
      let square = squaredLength(at: place)
      guard square > 0 else { continue }
      guard square < 1.1 * 1.1 else { throw lengthFault(at: place) }
      if square > 0.9 * 0.9 {
        whole += 1
      } else {
        if short == 0 { firstShort = place }
        short += 1
      }
    }
    guard short <= whole else { throw lengthFault(at: firstShort) }
  }

  private func squaredLength(at place: Int) -> Float {
    file.values.withUnsafeBufferPointer { values in
      let (x, y, z) = (values[place], values[place + 1], values[place + 2])
      return x * x + y * y + z * z
    }
  }

  private func lengthFault(at place: Int) -> FileFault {
    fault(
      "a normal of length \(squaredLength(at: place).squareRoot()) at \(pixel(place)), where 1 is expected",
      help: "bring normals from -1 … 1 to length 1, and write (0, 0, 0) where there is none")
  }

  /// Refuses whole numbers, such as bytes and millimetres, whatever they are.
  private func checkReal(what: String) throws(FileFault) {
    guard file.isWhole else { return }
    throw fault(
      "\(what) of whole numbers, where real ones are expected",
      help: "save pictures as 0 … 1, depths in metres and normals as -1 … 1, all as float32")
  }

  private func checkFinite(what: String) throws(FileFault) {
    // A sum of zeros unless a number is infinite or none.
    guard file.values.reduce(0, { $0 + $1 * 0 }) != 0,
      let place = file.values.firstIndex(where: { !$0.isFinite })
    else { return }
    throw fault(
      "\(what) with \(file.values[place]) at \(pixel(place))",
      help: "write 0 where there is no value, or leave the example out")
  }

  private func pixel(_ place: Int) -> String {
    let pixel = place / max(1, shape.dropFirst(2).reduce(1, *))
    return "row \(pixel / shape[1]), column \(pixel % shape[1])"
  }
}
