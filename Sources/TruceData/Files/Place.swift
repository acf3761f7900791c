import Foundation
import TruceFiles

/// Makes room for files and moves them there.
enum Place {
  /// Makes a folder and those it lies in.
  static func makeFolder(_ path: String) throws(DataError) {
    if isFolder(path) { return }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if parent != path { try makeFolder(parent) }
    if mkdir(path, 0o777) == 0 { return }
    let code = errno
    if code == EEXIST, isFolder(path) { return }
    throw .unwritable(path: path, reason: code == EEXIST ? "it is not a folder" : systemMessage(code))
  }

  /// Moves a file within a file system, replacing what is there in one step.
  static func move(_ old: String, to new: String) throws(DataError) {
    do throws(SystemFault) { try WholeFile.rename(old, to: new) } catch {
      throw .unwritable(path: new, reason: error.reason)
    }
  }
}
