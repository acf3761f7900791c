import Foundation

/// A record of a TensorBoard event file.
///
/// An `Event` message (TensorFlow, `core/util/event.proto` and `core/framework/summary.proto`) in the framing of
/// `core/lib/io/record_writer.h`: length, its masked checksum, content, its masked checksum, little-endian. Only six
/// fields of three messages are ever written, fewer than a protobuf library's generated code would bring lines.
struct EventRecord {
  /// What an event tells.
  enum Content {
    /// The first record of every file.
    case fileVersion
    /// Writing starts at the event's step: what other files hold from there on is void.
    case start
    /// Values by name.
    case scalars([String: Double])
  }

  /// When it happened.
  let date: Date
  /// The step, at least 0.
  let step: Int
  /// What it tells.
  let content: Content

  /// The record as it stands in the file.
  var data: Data {
    let content = message.data
    let length = Self.bytes(UInt64(content.count))
    return length + Self.bytes(CRC32C.masked(of: length)) + content
      + Self.bytes(CRC32C.masked(of: content))
  }

  private var message: ProtobufMessage {
    var message = ProtobufMessage()
    message.append(1, date.timeIntervalSince1970)
    if step > 0 { message.append(2, UInt64(step)) }
    switch content {
    case .fileVersion: message.append(3, Data("brain.Event:2".utf8))
    case .scalars(let values): message.append(5, Self.summary(of: values).data)
    case .start: message.append(7, Self.sessionStart.data)
    }
    return message
  }

  private static func summary(of values: [String: Double]) -> ProtobufMessage {
    var summary = ProtobufMessage()
    for (tag, value) in values.sorted(by: { $0.key < $1.key }) {
      var entry = ProtobufMessage()
      entry.append(1, Data(tag.utf8))
      entry.append(2, Float(value))
      summary.append(1, entry.data)
    }
    return summary
  }

  /// `SessionLog` with the status `START`.
  private static let sessionStart: ProtobufMessage = {
    var message = ProtobufMessage()
    message.append(1, UInt64(1))
    return message
  }()

  fileprivate static func bytes(_ number: some FixedWidthInteger) -> Data {
    withUnsafeBytes(of: number.littleEndian) { Data($0) }
  }
}

/// The wire format of a protobuf message: fields one after another, each after its number and kind.
private struct ProtobufMessage {
  private(set) var data = Data()

  /// Appends a whole number.
  mutating func append(_ field: UInt64, _ number: UInt64) {
    appendVarint(field << 3)
    appendVarint(number)
  }

  /// Appends a number of 64 bits.
  mutating func append(_ field: UInt64, _ number: Double) {
    appendVarint(field << 3 | 1)
    data += EventRecord.bytes(number.bitPattern)
  }

  /// Appends a number of 32 bits.
  mutating func append(_ field: UInt64, _ number: Float) {
    appendVarint(field << 3 | 5)
    data += EventRecord.bytes(number.bitPattern)
  }

  /// Appends a text or another message.
  mutating func append(_ field: UInt64, _ content: Data) {
    appendVarint(field << 3 | 2)
    appendVarint(UInt64(content.count))
    data += content
  }

  /// Seven bits a byte, the lowest first; the highest bit says that more follow.
  private mutating func appendVarint(_ number: UInt64) {
    var rest = number
    while rest > 0x7F {
      data.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    data.append(UInt8(rest))
  }
}
