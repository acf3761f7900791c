import Foundation

/// Bytes that are read once, from the first to the last.
public protocol ByteInput: AnyObject {
  /// What faults call the source, such as the file's path.
  var path: String { get }

  /// Fills the buffer as far as the source goes; fewer bytes than asked for mean that it has ended.
  ///
  /// - Throws: ``FileFault`` where the system fails to read.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int
}

/// The bytes of a file.
public final class FileInput: ByteInput {
  /// The file.
  public let path: String
  private let descriptor: Int32

  /// Opens a file.
  ///
  /// - Throws: ``FileFault`` where there is none, or the system does not let it be read.
  public init(_ path: String) throws(FileFault) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(errno, path: path) }
  }

  deinit { close(descriptor) }

  /// The number of bytes from the first to the last; 0 for what has no end that is known, such as a pipe.
  public var size: Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Reads on.
  public func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(FileFault) -> Int {
    var filled = 0
    while let start = buffer.baseAddress, filled < buffer.count {
      let count = read(descriptor, start + filled, buffer.count - filled)
      if count == 0 { break }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .system(errno, path: path) }
      filled += count
    }
    return filled
  }
}

/// Bytes in memory.
public final class MemoryInput: ByteInput {
  /// What faults call the bytes.
  public let path: String
  private var rest: ArraySlice<UInt8>

  /// Creates an input.
  public init(_ bytes: some Sequence<UInt8>, named path: String) {
    self.path = path
    rest = Array(bytes)[...]
  }

  /// Copies on.
  public func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    let part = rest.prefix(buffer.count)
    buffer.copyBytes(from: part)
    rest = rest.dropFirst(part.count)
    return part.count
  }
}

extension FileFault {
  /// The fault for an error the system reported.
  static func system(_ code: Int32, path: String) -> FileFault {
    let isMissing = code == ENOENT || code == ENOTDIR
    return FileFault(
      kind: isMissing ? .missing : .unreadable, path: path,
      reason: isMissing ? "there is no such file" : "cannot be read: \(String(cString: strerror(code)))",
      help: isMissing ? "check the path" : "check that it is a file, and its permissions")
  }
}
