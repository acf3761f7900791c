import Foundation

/// Writing a file so that a reader sees the old content or the new, never half of it.
public enum WholeFile {
  /// Writes a file beside its place, forces it to the disk and renames it.
  ///
  /// - Parameters:
  ///   - path: The file; one that is there is replaced.
  ///   - parts: Writes the parts, in order.
  /// - Throws: ``SystemFault``; the file is then as it was and nothing is left beside it. What `parts` throws itself.
  public static func write(
    to path: String, _ parts: (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    let url = URL(filePath: path)
    let folder = url.deletingLastPathComponent()
    let scratch = folder.appending(
      path: ".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).part"
    ).path
    do {
      let file = try OpenFile(appendingTo: scratch, emptied: true)
      try parts { try file.append($0) }
      try file.synchronize()
      try rename(scratch, to: path)
    } catch {
      unlink(scratch)
      throw error
    }
    synchronizeFolder(folder.path)
  }

  /// Renames a file or folder over another.
  public static func rename(_ old: String, to new: String) throws(SystemFault) {
    if systemRename(old, new) != 0 { throw .current }
  }

  /// Makes the names in a folder survive a power cut; a file system that cannot is left alone.
  public static func synchronizeFolder(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  // MARK: Remains

  /// Whether a file's name is that of one that was being written.
  public static func isRemain(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(".part") }

  /// Removes what processes that were killed while they wrote have left in a folder; what a living process is writing
  /// stays.
  public static func removeRemains(in folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where isRemain(name) {
      let owner = name.split(separator: ".").dropLast().last.flatMap { Int32($0) }
      guard let owner, !isAlive(owner) else { continue }
      try? FileManager.default.removeItem(atPath: folder + "/" + name)
    }
  }

  /// Whether there is a process of this number; it may be another one than was meant.
  private static func isAlive(_ process: Int32) -> Bool {
    process > 0 && (kill(process, 0) == 0 || errno == EPERM)
  }
}

private func systemRename(_ old: String, _ new: String) -> Int32 { rename(old, new) }
