import Foundation
public import TruceFiles

/// Single-precision numbers of a file in NumPy's format, in C order.
public struct DenseFile: Equatable, Sendable {
  /// The lengths of the axes.
  public let shape: [Int]
  /// The numbers.
  public let values: [Float]
  /// Whether the file's elements are whole numbers or truth values.
  public let isWhole: Bool

  /// Takes numbers that are to be written.
  ///
  /// - Precondition: There are as many as the shape asks for.
  public init(_ values: [Float], shape: [Int]) {
    self.init(values, shape: shape, isWhole: false)
  }

  private init(_ values: [Float], shape: [Int], isWhole: Bool) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) numbers are not of shape \(shape)")
    self.values = values
    self.shape = shape
    self.isWhole = isWhole
  }

  /// Reads a file of any element type.
  ///
  /// - Throws: `FileFault` where it is missing, unreadable, cut off or of another format.
  public init(contentsOf path: String) throws(FileFault) {
    let data = try Self.bytes(of: path)
    do throws(NPYFault) {
      let layout = try NPYLayout(data)
      try layout.check(fileSize: data.count)
      let numbers = try Self.numbers(in: data, layout)
      self.init(
        layout.isFortranOrder ? Self.reordered(numbers, layout.shape) : numbers, shape: layout.shape,
        isWhole: layout.element.kind != .float)
    } catch {
      throw FileFault(path: path, reason: error.description, help: error.help)
    }
  }

  /// The lengths of the axes that a file's header promises; nil where it cannot be read.
  static func shape(of path: String) -> [Int]? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    guard let start = try? file.read(upToCount: 1 << 16) else { return nil }
    return (try? NPYLayout(start))?.shape
  }

  private static func bytes(of path: String) throws(FileFault) -> Data {
    do {
      return try Data(contentsOf: URL(filePath: path))
    } catch {
      let isThere = isThere(path)
      throw FileFault(
        kind: isThere ? .unreadable : .missing, path: path,
        reason: isThere ? "cannot be read" : "there is no such file",
        help: isThere
          ? "check that it is a file, and its permissions" : "copy it again, or leave its number out")
    }
  }

  private static func numbers(in data: Data, _ layout: NPYLayout) throws(NPYFault) -> [Float] {
    let element = layout.element
    guard element.kind == .float, element.size == 4, !element.isBigEndian else {
      return try layout.numbers(in: data).map { Float($0) }
    }
    // The usual case is a copy of memory.
    return [Float](unsafeUninitializedCapacity: layout.count) { buffer, count in
      count = data.dropFirst(layout.headerSize).copyBytes(to: UnsafeMutableRawBufferPointer(buffer)) / 4
    }
  }

  /// Numbers whose first index runs fastest, in C order.
  private static func reordered(_ numbers: [Float], _ shape: [Int]) -> [Float] {
    var result = numbers
    var index = [Int](repeating: 0, count: shape.count)
    for number in numbers {
      let place = zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
      result[place] = number
      for axis in shape.indices {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
    }
    return result
  }

  /// Writes the file, which appears under its name only when it is complete.
  ///
  /// - Throws: ``DataError/unwritable(path:reason:)``.
  public func write(to path: String) throws(DataError) {
    var data = NPYLayout.header(type: "<f4", shape: shape)
    values.withUnsafeBytes { data.append(contentsOf: $0) }
    do {
      // Not forced to the disk, as a folder of some thousand files is made again where a power cut ate one.
      try data.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .unwritable(path: path, reason: error.localizedDescription)
    }
  }
}
