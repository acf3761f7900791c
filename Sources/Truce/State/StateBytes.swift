/// Values of any `Codable` type as bytes, without Foundation.
///
/// The bytes describe themselves: the letters `TRST`, a version, a checksum, then a tree of values. Numbers are
/// little-endian and kept bit by bit, so that NaN and infinities come back as they were. The keys of an object are
/// sorted: equal values give equal bytes.
///
/// | tag | value | bytes after the tag |
/// |---|---|---|
/// | 0 | nothing | |
/// | 1, 2 | false, true | |
/// | 3, 4 | signed, unsigned number | 8 |
/// | 5, 6 | number in double, in single precision | 8, 4 |
/// | 7 | text | a count in 4 bytes, then UTF-8 |
/// | 8 | list | a count in 4 bytes, then its values |
/// | 9 | object | a count in 4 bytes, then a text without its tag and a value for each key |
public enum StateBytes {
  static let magic: [UInt8] = Array("TRST".utf8)
  static let version: UInt8 = 1
  static let headerCount = magic.count + 1 + 8

  /// Returns what a closure writes.
  ///
  /// - Throws: What the closure throws.
  public static func encode(_ write: (any Encoder) throws -> Void) throws -> [UInt8] {
    let root = StateBox()
    try write(StateEncoder(box: root, codingPath: []))
    var writer = StateWriter()
    writer.write(root.value)
    return magic + [version] + StateWriter.littleEndian(checksum(of: writer.bytes[...])) + writer.bytes
  }

  /// Hands the bytes to a closure as something to decode.
  ///
  /// - Throws: ``StateError`` where the bytes are damaged or the closure does not find what it looks for.
  public static func decode(_ bytes: [UInt8], _ read: (any Decoder) throws -> Void) throws(StateError) {
    let value = try tree(bytes)
    do {
      try read(StateDecoder(value: value, codingPath: []))
    } catch let error as StateError {
      throw error
    } catch let error as DecodingError {
      throw .foreign(reason: error.reason)
    } catch { throw .foreign(reason: "\(error)") }
  }

  private static func tree(_ bytes: [UInt8]) throws(StateError) -> StateValue {
    guard bytes.count > headerCount, bytes.starts(with: magic) else {
      throw .damaged(reason: "it does not begin as a state does")
    }
    guard bytes[magic.count] == version else { throw .unknownVersion(Int(bytes[magic.count])) }
    var header = StateReader(bytes[(magic.count + 1)..<headerCount])
    var body = StateReader(bytes[headerCount...])
    guard try header.number() == checksum(of: bytes[headerCount...]) else {
      throw .damaged(reason: "its checksum does not fit")
    }
    let value = try body.value(depth: 0)
    guard body.isAtEnd else { throw .damaged(reason: "there are bytes after its end") }
    return value
  }

  /// FNV-1a in 64 bits.
  private static func checksum(of bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

/// A value as the bytes describe it.
enum StateValue: Equatable {
  case nothing
  case bool(Bool)
  case signed(Int64)
  case unsigned(UInt64)
  case double(UInt64)
  case single(UInt32)
  case text(String)
  case list([StateValue])
  case object([String: StateValue])
}

extension DecodingError {
  /// What is wrong, with the place.
  var reason: String {
    let (context, what): (Context, String) =
      switch self {
      case .typeMismatch(_, let context), .dataCorrupted(let context): (context, context.debugDescription)
      case .valueNotFound(_, let context): (context, context.debugDescription)
      case .keyNotFound(let key, let context): (context, "there is no '\(key.stringValue)'")
      @unknown default: (Context(codingPath: [], debugDescription: ""), "unknown")
      }
    let place = context.codingPath.map(\.stringValue).joined(separator: ".")
    return place.isEmpty ? what : "\(what) (at \(place))"
  }
}

// MARK: Writing

struct StateWriter {
  private(set) var bytes: [UInt8] = []

  static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian, Array.init)
  }

  mutating func write(_ value: StateValue) {
    switch value {
    case .nothing: bytes.append(0)
    case .bool(let bool): bytes.append(bool ? 2 : 1)
    case .signed(let number): bytes += [3] + Self.littleEndian(number)
    case .unsigned(let number): bytes += [4] + Self.littleEndian(number)
    case .double(let pattern): bytes += [5] + Self.littleEndian(pattern)
    case .single(let pattern): bytes += [6] + Self.littleEndian(pattern)
    case .text(let text):
      bytes.append(7)
      write(text)
    case .list(let values):
      bytes += [8] + Self.littleEndian(UInt32(values.count))
      for value in values { write(value) }
    case .object(let values):
      bytes += [9] + Self.littleEndian(UInt32(values.count))
      for (key, value) in values.sorted(by: { $0.key < $1.key }) {
        write(key)
        write(value)
      }
    }
  }

  private mutating func write(_ text: String) {
    let utf8 = Array(text.utf8)
    bytes += Self.littleEndian(UInt32(utf8.count)) + utf8
  }
}

// MARK: Reading

struct StateReader {
  private static let deepest = 64
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func number<Number: FixedWidthInteger>() throws(StateError) -> Number {
    let bytes = try take(MemoryLayout<Number>.size)
    return bytes.reversed().reduce(Number(0)) { ($0 << 8) | Number(truncatingIfNeeded: $1) }
  }

  private mutating func take(_ count: Int) throws(StateError) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw .damaged(reason: "it ends too early") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// The number of things that follow, each of at least one byte.
  private mutating func count() throws(StateError) -> Int {
    let count = Int(try number() as UInt32)
    guard count <= rest.count else { throw .damaged(reason: "it ends too early") }
    return count
  }

  private mutating func text() throws(StateError) -> String {
    let bytes = try take(try count())
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.utf8.elementsEqual(bytes) else {
      throw .damaged(reason: "a text in it is not UTF-8")
    }
    return text
  }

  mutating func value(depth: Int) throws(StateError) -> StateValue {
    guard depth <= Self.deepest else { throw .damaged(reason: "it is nested too deeply") }
    switch try number() as UInt8 {
    case 0: return .nothing
    case 1: return .bool(false)
    case 2: return .bool(true)
    case 3: return .signed(try number())
    case 4: return .unsigned(try number())
    case 5: return .double(try number())
    case 6: return .single(try number())
    case 7: return .text(try text())
    case 8:
      var values: [StateValue] = []
      for _ in 0..<(try count()) { values.append(try value(depth: depth + 1)) }
      return .list(values)
    case 9:
      var values: [String: StateValue] = [:]
      for _ in 0..<(try count()) { values[try text()] = try value(depth: depth + 1) }
      return .object(values)
    case let tag: throw .damaged(reason: "tag \(tag) means nothing")
    }
  }
}
