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
    try NPYReader(url).tensor()
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
  static let names: [(dtype: DType, name: String)] = [
    (.float32, "<f4"), (.float64, "<f8"), (.float16, "<f2"), (.int64, "<i8"), (.int32, "<i4"),
    (.int16, "<i2"), (.int8, "|i1"), (.uint8, "|u1"), (.bool, "|b1"),
  ]
}
