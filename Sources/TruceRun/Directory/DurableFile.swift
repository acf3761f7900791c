package import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file whose writes either reach the operating system whole or throw.
package final class DurableFile: Sendable {
  private let descriptor: Int32
  private let path: String

  /// Opens a file for appending, creating it where needed; an old one is emptied first.
  package convenience init(creating url: URL) throws(RunError) {
    try self.init(url, flags: O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC)
  }

  /// Opens a file for appending, creating it where needed.
  package convenience init(appendingTo url: URL) throws(RunError) {
    try self.init(url, flags: O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC)
  }

  private init(_ url: URL, flags: Int32) throws(RunError) {
    path = url.relativePath
    descriptor = open(url.path, flags, 0o644)
    if descriptor < 0 { throw .ofSystem(errno, path: path) }
  }

  /// Takes over the standard input where it is this very file, opened by a parent process.
  package init?(inheriting url: URL) {
    var own = stat()
    var wanted = stat()
    guard fstat(STDIN_FILENO, &own) == 0, stat(url.path, &wanted) == 0, own.st_ino == wanted.st_ino,
      own.st_dev == wanted.st_dev
    else { return nil }
    path = url.relativePath
    descriptor = dup(STDIN_FILENO)
    if descriptor < 0 { return nil }
  }

  deinit { close(descriptor) }

  /// Writes all the bytes.
  package func append(_ data: Data) throws(RunError) {
    var remaining = data[...]
    while !remaining.isEmpty {
      let count = remaining.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw .ofSystem(errno, path: path)
      }
      remaining = remaining.dropFirst(count)
    }
  }

  /// Returns once the bytes written so far are on the disk.
  package func synchronize() throws(RunError) {
    // Pipes and device files cannot be synchronised, which is no loss.
    if fsync(descriptor) != 0, errno != EINVAL { throw .ofSystem(errno, path: path) }
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
    #if canImport(Darwin)
      let status = Darwin.rename(old.path, new.path)
    #elseif canImport(Musl)
      let status = Musl.rename(old.path, new.path)
    #else
      let status = Glibc.rename(old.path, new.path)
    #endif
    if status != 0 { throw .ofSystem(errno, path: new.relativePath) }
  }

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

  /// Makes the names in a folder survive a power cut; a file system that cannot is left alone.
  package static func synchronizeFolder(_ folder: URL) {
    let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

extension RunError {
  /// The error behind a failed system call.
  package static func ofSystem(_ code: Int32, path: String) -> RunError {
    switch code {
    case ENOSPC, EDQUOT, EFBIG: .diskFull(path: path)
    default: .unwritable(path: path, reason: String(cString: strerror(code)).lowercased())
    }
  }
}
