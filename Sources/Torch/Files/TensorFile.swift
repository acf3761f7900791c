import Foundation

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
      reason: "cannot be read (\(systemReason(SystemError(code: EACCES))))",
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
      kind: .unreadable, path: url.path, reason: "cannot be read (\(systemReason(error)))",
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
  let temporary = url.path + ".partial-\(getpid())"
  do {
    try writeThrough(temporary, parts)
    guard rename(temporary, url.path) == 0 else { throw SystemError.current }
  } catch {
    unlink(temporary)
    throw TensorFileError(
      kind: isFull(error) ? .full : .unwritable, path: url.path,
      reason: "cannot be written (\(systemReason(error)))",
      help: "check that the folder exists, may be written to, and has space left")
  }
}

/// Writes all parts to a new file and waits until the disk has them.
private func writeThrough(
  _ path: String, _ parts: (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
) throws {
  let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  guard file >= 0 else { throw SystemError.current }
  do {
    try parts { try writeAll($0, to: file) }
    guard fsync(file) == 0 else { throw SystemError.current }
  } catch {
    close(file)
    throw error
  }
  guard close(file) == 0 else { throw SystemError.current }
}

private func writeAll(_ bytes: UnsafeRawBufferPointer, to file: Int32) throws {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { throw SystemError.current }
    rest = rest.dropFirst(count)
  }
}

/// What the system said when a call failed.
private struct SystemError: Error {
  let code: Int32

  static var current: SystemError { SystemError(code: errno) }
}

private func systemReason(_ error: any Error) -> String {
  guard let error = error as? SystemError else { return error.localizedDescription }
  return String(cString: strerror(error.code))
}

private func isFull(_ error: any Error) -> Bool {
  guard let error = error as? SystemError else { return false }
  return [ENOSPC, EDQUOT, EFBIG].contains(error.code)
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
