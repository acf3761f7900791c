public import Foundation

/// Finds what decoders of JSON pass over: an object that has a key twice.
public struct JSONKeys {
  private let bytes: [UInt8]
  private var position = 0
  /// The keys of the objects around the position; nil for a list.
  private var open: [Set<String>?] = []
  private var awaitsKey = false

  private init(_ data: Data) {
    bytes = [UInt8](data)
  }

  /// The first key that an object of a well-formed JSON text has for the second time; nil where there is none.
  public static func repeated(in data: Data) -> String? {
    var keys = JSONKeys(data)
    return keys.search()
  }

  private mutating func search() -> String? {
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "{"):
        open.append([])
        awaitsKey = true
      case UInt8(ascii: "["):
        open.append(nil)
        awaitsKey = false
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        _ = open.popLast()
        awaitsKey = false
      case UInt8(ascii: ","): awaitsKey = (open.last ?? nil) != nil
      case UInt8(ascii: "\""):
        let text = text()
        if awaitsKey, let key = text, open[open.count - 1]?.insert(key).inserted == false { return key }
        awaitsKey = false
      default: break
      }
    }
    return nil
  }

  /// The text whose opening quote has just been passed; nil where it does not decode.
  private mutating func text() -> String? {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    let content = bytes[start..<min(position, bytes.count)]
    position += 1
    guard content.contains(UInt8(ascii: "\\")) else { return String(decoding: content, as: UTF8.self) }
    let quoted = [UInt8(ascii: "\"")] + content + [UInt8(ascii: "\"")]
    return try? JSONDecoder().decode(String.self, from: Data(quoted))
  }
}
