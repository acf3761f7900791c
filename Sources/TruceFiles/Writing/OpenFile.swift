#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An open file whose writes either reach the operating system whole or throw.
public final class OpenFile: Sendable {
  /// The system's number of the open file; valid as long as this value.
  public let descriptor: Int32

  /// Opens a file for appending, creating it where needed.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - empties: Whether what it holds is thrown away.
  public init(appendingTo path: String, emptied empties: Bool = false) throws(SystemFault) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (empties ? O_TRUNC : 0), 0o644)
    if descriptor < 0 { throw .current }
  }

  /// Takes over an open file, which is closed with the value.
  public init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Writes all the bytes.
  public func append(_ bytes: UnsafeRawBufferPointer) throws(SystemFault) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .current }
      rest = rest.dropFirst(count)
    }
  }

  /// Returns once the bytes written so far are on the disk.
  public func synchronize() throws(SystemFault) {
    // Pipes and device files cannot be synchronised, which is no loss.
    if fsync(descriptor) != 0, errno != EINVAL { throw .current }
  }
}
