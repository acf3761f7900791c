public import Foundation
import TruceFiles

/// Writing a file so that a reader sees the old content or the new, never half of it.
public enum AtomicFile {
  /// Writes the data beside the target, forces them to the disk and renames.
  ///
  /// - Throws: ``RunError/diskFull(path:)`` or ``RunError/unwritable(path:reason:)``; the target is then
  ///   as it was and nothing is left beside it.
  public static func write(_ data: Data, to url: URL) throws(RunError) {
    do {
      try WholeFile.write(to: url.path) { write in try data.withUnsafeBytes { try write($0) } }
    } catch {
      throw (error as? SystemFault).map { .of($0, path: url.relativePath) }
        ?? .unwritable(path: url.relativePath, reason: error.localizedDescription)
    }
  }

  /// Writes text.
  public static func write(_ text: String, to url: URL) throws(RunError) {
    try write(Data(text.utf8), to: url)
  }
}
