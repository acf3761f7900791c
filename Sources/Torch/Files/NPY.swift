public import Foundation
import TruceFiles

/// One tensor in a file of NumPy's npy format.
///
/// The format is a magic word, a version, a Python dictionary that names type, order and shape, and the elements
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
public enum NPY {
  /// Reads a file of version 1, 2 or 3, in C or Fortran order and either order of bytes.
  ///
  /// - Returns: The tensor in host memory, contiguous.
  /// - Throws: ``TensorFileError`` where the file is missing, unreadable, cut short, of another format, or holds an
  ///   element type this module does not have.
  public static func read(_ url: URL) throws(TensorFileError) -> Tensor {
    let data = try readFile(url)
    let layout: NPYLayout
    do throws(NPYFault) {
      layout = try NPYLayout(data)
      try layout.check(fileSize: data.count)
    } catch {
      throw .malformed(error, path: url.path)
    }
    guard let dtype = DType(layout.element) else {
      throw .unsupported(
        url.path, "has an element type of \(layout.element.size) bytes that is not supported",
        help: "save it as one of \(names.map(\.name).joined(separator: ", "))")
    }
    let elements = layout.element.isBigEndian ? swapped(data, layout) : data.dropFirst(layout.headerSize)
    return try tensor(of: elements, dtype: dtype, layout, path: url.path)
  }

  /// The elements with the least significant byte first.
  private static func swapped(_ data: Data, _ layout: NPYLayout) -> Data.SubSequence {
    let size = layout.element.size
    var bytes = [UInt8](data.dropFirst(layout.headerSize))
    for start in stride(from: 0, to: bytes.count, by: size) { bytes[start..<(start + size)].reverse() }
    return Data(bytes)[...]
  }

  /// The tensor whose elements these are, brought to C order.
  private static func tensor(
    of elements: Data.SubSequence, dtype: DType, _ layout: NPYLayout, path: String
  ) throws(TensorFileError) -> Tensor {
    let shape = layout.shape
    guard layout.isFortranOrder else {
      return try Torch.tensor(from: elements, shape: shape, dtype: dtype, path: path)
    }
    let reversed = try Torch.tensor(from: elements, shape: shape.reversed(), dtype: dtype, path: path)
    return reversed.permuted(shape.indices.reversed()).contiguous()
  }

  /// Writes a file, which appears under its name only when it is complete and on the disk.
  ///
  /// - Parameters:
  ///   - tensor: What is written, in C order.
  ///   - url: The file.
  ///   - overwrites: Whether a file of that name may be replaced.
  /// - Throws: ``TensorFileError`` where NumPy has no such element type, the file exists and is to be kept, or cannot
  ///   be written.
  public static func write(
    _ tensor: Tensor, to url: URL, overwrites: Bool = true
  ) throws(TensorFileError) {
    guard let type = names.first(where: { $0.dtype == tensor.dtype })?.name else {
      throw .unsupported(
        url.path, "NumPy has no element type \(tensor.dtype)", help: "convert the tensor to float32 first")
    }
    let header = NPYLayout.header(type: type, shape: tensor.shape)
    try writeFile(url, overwrites: overwrites) { write in
      try header.withUnsafeBytes { try write($0) }
      try tensor.detached().withUnsafeBytes { try write($0) }
    }
  }

  /// NumPy's names of the element types this module has, as it writes them.
  fileprivate static let names: [(dtype: DType, name: String)] = [
    (.float32, "<f4"), (.float64, "<f8"), (.float16, "<f2"), (.int64, "<i8"), (.int32, "<i4"),
    (.int16, "<i2"), (.int8, "|i1"), (.uint8, "|u1"), (.bool, "|b1"),
  ]
}

extension DType {
  /// The type of NumPy's elements, whatever the order of their bytes; nil where there is none.
  fileprivate init?(_ element: NPYElement) {
    switch (element.kind, element.size) {
    case (.float, 2): self = .float16
    case (.float, 4): self = .float32
    case (.float, 8): self = .float64
    case (.bfloat, 2): self = .bfloat16
    case (.signed, 1): self = .int8
    case (.signed, 2): self = .int16
    case (.signed, 4): self = .int32
    case (.signed, 8): self = .int64
    case (.unsigned, 1): self = .uint8
    case (.bool, 1): self = .bool
    default: return nil
    }
  }
}

extension TensorFileError {
  fileprivate static func malformed(_ fault: NPYFault, path: String) -> TensorFileError {
    switch fault {
    case .version, .unsupported: .unsupported(path, fault.description, help: fault.help)
    case .foreign, .malformed, .wrongSize: .malformed(path, fault.description)
    }
  }
}
