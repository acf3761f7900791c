package import Foundation
import TruceFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file of a run, or of what a run leaves; see `OpenFile`.
package final class DurableFile: Sendable {
  private let file: OpenFile
  private let path: String
  private var descriptor: Int32 { file.descriptor }

  /// Opens a file for appending, creating it where needed; an old one is emptied first.
  package convenience init(creating url: URL) throws(RunError) {
    try self.init(url, emptied: true)
  }

  /// Opens a file for appending, creating it where needed.
  package convenience init(appendingTo url: URL) throws(RunError) {
    try self.init(url, emptied: false)
  }

  private init(_ url: URL, emptied: Bool) throws(RunError) {
    path = url.relativePath
    do throws(SystemFault) { file = try OpenFile(appendingTo: url.path, emptied: emptied) } catch {
      throw .of(error, path: url.relativePath)
    }
  }

  /// Takes over the standard input where it is this very file, opened by a parent process.
  package init?(inheriting url: URL) {
    var own = stat()
    var wanted = stat()
    guard fstat(STDIN_FILENO, &own) == 0, stat(url.path, &wanted) == 0, own.st_ino == wanted.st_ino,
      own.st_dev == wanted.st_dev
    else { return nil }
    let copy = dup(STDIN_FILENO)
    if copy < 0 { return nil }
    path = url.relativePath
    file = OpenFile(descriptor: copy)
  }

  /// Writes all the bytes.
  package func append(_ data: Data) throws(RunError) {
    do { try data.withUnsafeBytes { try file.append($0) } } catch {
      throw .of(error as? SystemFault ?? SystemFault(code: EIO), path: path)
    }
  }

  /// Returns once the bytes written so far are on the disk.
  package func synchronize() throws(RunError) {
    do throws(SystemFault) { try file.synchronize() } catch { throw .of(error, path: path) }
  }

  /// Drops everything after the first `size` bytes.
  package func truncate(to size: Int) throws(RunError) {
    if ftruncate(descriptor, off_t(size)) != 0 { throw .ofSystem(errno, path: path) }
  }

  /// Tries to become the only holder of this file; the lock ends with the last process that has it open.
  package func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

  /// Gives the lock up, also for the processes that share this open file.
  package func unlock() { flock(descriptor, LOCK_UN) }

  /// Whether some process has locked a file.
  package static func isLocked(_ url: URL) -> Bool {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  /// The open file, to be handed to a child process; valid as long as this value.
  package var handle: FileHandle { FileHandle(fileDescriptor: descriptor, closeOnDealloc: false) }

  /// Renames a file over another.
  package static func rename(_ old: URL, to new: URL) throws(RunError) {
    do throws(SystemFault) { try WholeFile.rename(old.path, to: new.path) } catch {
      throw .of(error, path: new.relativePath)
    }
  }

  /// Makes the names in a folder survive a power cut; a file system that cannot is left alone.
  package static func synchronizeFolder(_ folder: URL) { WholeFile.synchronizeFolder(folder.path) }

  /// Writes all the bytes to a file that nobody has removed or replaced since it was opened.
  ///
  /// - Throws: ``RunError/removed(path:)`` where what is written would be lost, since the path leads elsewhere.
  package func appendInPlace(_ data: Data) throws(RunError) {
    guard isInPlace else { throw .removed(path: path) }
    try append(data)
  }

  private var isInPlace: Bool {
    var own = stat()
    var there = stat()
    return fstat(descriptor, &own) == 0 && stat(path, &there) == 0 && own.st_ino == there.st_ino
      && own.st_dev == there.st_dev
  }

  /// Creates a folder and, unless told otherwise, those above it; one that is there already is left alone.
  package static func createFolder(_ folder: URL, withParents: Bool = true) throws(RunError) {
    if mkdir(folder.path, 0o777) == 0 { return }
    if withParents, errno == ENOENT, folder.pathComponents.count > 1 {
      try createFolder(folder.deletingLastPathComponent())
      if mkdir(folder.path, 0o777) == 0 { return }
    }
    let code = errno
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
    if code == EEXIST, exists, isFolder.boolValue { return }
    throw .ofSystem(code, path: folder.relativePath)
  }
}

extension RunError {
  /// The error behind a failed system call.
  package static func ofSystem(_ code: Int32, path: String) -> RunError {
    of(SystemFault(code: code), path: path)
  }

  static func of(_ fault: SystemFault, path: String) -> RunError {
    fault.isFull ? .diskFull(path: path) : .unwritable(path: path, reason: fault.reason)
  }
}
