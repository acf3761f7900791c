import Foundation
import TruceFiles

// Reading a file whole, and writing one so that it is either complete or not there.

/// Checks that there is a file that others can read.
func checkFile(_ url: URL) throws(TensorFileError) {
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
    throw TensorFileError(
      kind: .missing, path: url.path, reason: "there is no such file", help: "check the path")
  }
  guard !isFolder.boolValue else {
    throw TensorFileError(
      kind: .unreadable, path: url.path, reason: "is a folder, not a file", help: "name a file in it")
  }
  guard FileManager.default.isReadableFile(atPath: url.path) else {
    throw TensorFileError(
      kind: .unreadable, path: url.path,
      reason: "cannot be read (\(SystemFault(code: EACCES).reason))",
      help: "check the file's permissions and the disk")
  }
}

/// The contents of a file.
func readFile(_ url: URL) throws(TensorFileError) -> Data {
  try checkFile(url)
  do {
    return try Data(contentsOf: url)
  } catch {
    throw TensorFileError(
      kind: .unreadable, path: url.path, reason: "cannot be read (\(error.localizedDescription))",
      help: "check the file's permissions and the disk")
  }
}

/// Writes a file beside its place and moves it there when it is complete and on the disk.
///
/// A reader sees the old file or the new one, never a part; after a failure nothing is left behind.
func writeFile(
  _ url: URL, overwrites: Bool, _ parts: (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
) throws(TensorFileError) {
  guard overwrites || !FileManager.default.fileExists(atPath: url.path) else {
    throw TensorFileError(
      kind: .exists, path: url.path, reason: "the file is there already",
      help: "choose another name, or allow it to be overwritten")
  }
  do {
    try WholeFile.write(to: url.path, parts)
  } catch {
    let fault = error as? SystemFault
    throw TensorFileError(
      kind: fault?.isFull == true ? .full : .unwritable, path: url.path,
      reason: "cannot be written (\(fault?.reason ?? error.localizedDescription))",
      help: "check that the folder exists, may be written to, and has space left")
  }
}

// MARK: Elements

/// A tensor of the bytes in a part of a file.
///
/// - Throws: ``TensorFileError`` where truth values are neither zero nor one, which libtorch must never see.
func tensor(
  from data: Data.SubSequence, shape: [Int], dtype: DType, path: String
) throws(TensorFileError) -> Tensor {
  if dtype == .bool, data.contains(where: { $0 > 1 }) {
    throw .malformed(path, "holds truth values that are neither 0 nor 1")
  }
  return data.withUnsafeBytes { Tensor(copying: $0, shape: shape, dtype: dtype) }
}

/// The number of bytes a shape takes, or nil where it is negative or beyond counting.
func byteCount(of shape: [Int], _ dtype: DType) -> Int? {
  shape.reduce(dtype.byteCount) { (total: Int?, length: Int) -> Int? in
    guard let total, length >= 0 else { return nil }
    let (product, overflows) = total.multipliedReportingOverflow(by: length)
    return overflows ? nil : product
  }
}
