/// What a frame between Truce and a worker is about.
enum FrameKind: UInt32, Sendable {
  /// Versions.
  case hello = 1
  /// The tasks that a worker is to have.
  case configure = 2
  /// The beginning of an episode.
  case reset = 3
  /// A step of all environments.
  case step = 4
  /// What scripted policies would do.
  case expert = 5
  /// A picture of an environment.
  case picture = 6
  /// A request that failed.
  case error = 255

  /// What is being waited for, in words.
  var activity: String {
    switch self {
    case .hello: "starting"
    case .configure: "making the environments"
    case .reset: "beginning an episode"
    case .step: "taking a step"
    case .expert: "asking the scripted policies"
    case .picture: "drawing a picture"
    case .error: "reporting an error"
    }
  }

  /// The key of a configuration that says how long a worker may take for something that is waited for.
  static func deadlineKey(of activity: String) -> String {
    [Self.hello, .configure].map(\.activity).contains(activity)
      ? "worker_start_seconds" : "worker_step_seconds"
  }
}

/// The first 16 bytes of a frame: `TRCE`, kind, sequence number, and length of what follows, little-endian.
struct FrameHeader: Equatable, Sendable {
  /// The number of bytes.
  static let size = 16
  /// The longest content of a frame.
  static let lengthLimit = 16 << 20
  private static let magic: [UInt8] = Array("TRCE".utf8)

  /// What the frame is about.
  let kind: FrameKind
  /// The number of the request.
  let sequence: UInt32
  /// How many bytes follow.
  let length: Int

  /// Creates a header.
  init(kind: FrameKind, sequence: UInt32, length: Int) {
    self.kind = kind
    self.sequence = sequence
    self.length = length
  }

  /// Reads a header.
  ///
  /// - Throws: ``WorkerFault/lied(_:)`` where the bytes are none.
  init(_ bytes: [UInt8]) throws(WorkerFault) {
    guard Array(bytes.prefix(4)) == Self.magic else {
      throw .lied("it begins with \(Self.text(bytes.prefix(4)))")
    }
    let numbers = stride(from: 4, to: Self.size, by: 4).map { Self.number(in: bytes, at: $0) }
    guard let kind = FrameKind(rawValue: numbers[0]) else { throw .lied("it is of kind \(numbers[0])") }
    guard numbers[2] <= Self.lengthLimit else {
      throw .lied("it has \(numbers[2]) bytes, at most \(Self.lengthLimit) are allowed")
    }
    self.init(kind: kind, sequence: numbers[1], length: Int(numbers[2]))
  }

  /// The header as it is sent.
  var bytes: [UInt8] {
    Self.magic
      + [kind.rawValue, sequence, UInt32(length)].flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
      }
  }

  private static func number(in bytes: [UInt8], at place: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let isText = bytes.allSatisfy { (0x20..<0x7F).contains($0) }
    return isText ? "'\(String(decoding: bytes, as: UTF8.self))'" : "the bytes \(Array(bytes))"
  }
}

/// Rows of float32 as they stand in a frame.
enum FrameNumbers {
  /// The bytes of some numbers.
  static func bytes(of numbers: [Float]) -> [UInt8] {
    numbers.map(\.bitPattern.littleEndian).withUnsafeBytes { Array($0) }
  }

  /// The numbers of some bytes, of which there are four for each.
  static func numbers(in bytes: [UInt8]) -> [Float] {
    let patterns = [UInt32](unsafeUninitializedCapacity: bytes.count / 4) { room, count in
      count = bytes.count / 4
      bytes.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(room).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: $0[..<(4 * count)]))
      }
    }
    return patterns.map { Float(bitPattern: UInt32(littleEndian: $0)) }
  }
}
