import CTorch
import Foundation

/// A file of records, as PyTorch saves networks in: a ZIP that is read record by record.
final class RecordArchive {
  private let reference: ct_archive

  /// Opens a file.
  ///
  /// - Throws: ``TorchError`` where it is no archive of PyTorch's.
  init(path: String) throws(TorchError) {
    var result: ct_archive?
    try check(ct_archive_open(path, &result), "open", on: [])
    guard let result else { throw TorchError(operation: "open", reason: "libtorch opened nothing") }
    reference = result
  }

  deinit { ct_archive_release(reference) }

  /// A record's bytes, or nil where there is none of that name.
  ///
  /// - Throws: ``TorchError`` where it is damaged.
  func record(_ name: String) throws(TorchError) -> Data? {
    var isThere = false
    try check(ct_archive_has(reference, name, &isThere), "read", on: [])
    guard isThere else { return nil }
    var start: UnsafeRawPointer?
    var count: Int64 = 0
    try check(ct_archive_read(reference, name, &start, &count), "read", on: [])
    return start.map { Data(bytes: $0, count: Int(count)) } ?? Data()
  }
}
