import Foundation
import TruceFiles

/// The JSON header of a safetensors file.
struct SafetensorsHeader {
  /// What the header says about one tensor.
  struct Entry {
    let dtype: DType
    let shape: [Int]
    /// The tensor's bytes, counted from the end of the header.
    let offsets: Range<Int>
  }

  var entries: [String: Entry] = [:]
  var metadata: [String: String] = [:]

  /// The longest header the reference implementation accepts.
  private static let longestHeader = 100_000_000
  private static let lengthSize = 8

  /// The types in the order the reference implementation lays them out, the widest first.
  private static let names: [(dtype: DType, name: String)] = [
    (.int64, "I64"), (.float64, "F64"), (.float32, "F32"), (.int32, "I32"), (.bfloat16, "BF16"),
    (.float16, "F16"), (.int16, "I16"), (.int8, "I8"), (.uint8, "U8"), (.bool, "BOOL"),
  ]
}

// MARK: Reading

extension SafetensorsHeader {
  /// The checked header of a file, and the bytes after it.
  static func read(
    from data: Data, path: String
  ) throws(TensorFileError) -> (header: SafetensorsHeader, elements: Data.SubSequence) {
    let length = try headerLength(of: data, path: path)
    let json = data.dropFirst(lengthSize).prefix(length)
    let elements = data.dropFirst(lengthSize + length)
    guard json.first == UInt8(ascii: "{"),
      let items = try? JSONDecoder().decode([String: Item].self, from: Data(json))
    else { throw .malformed(path, "is not a safetensors file: its header is not JSON") }
    if let name = JSONKeys.repeated(in: Data(json)) {
      throw .malformed(path, "names '\(name)' twice in its header")
    }
    let header = try SafetensorsHeader(items, path: path)
    try header.requireCoverage(of: elements.count, path: path)
    return (header, elements)
  }

  private static func headerLength(of data: Data, path: String) throws(TensorFileError) -> Int {
    guard data.count >= lengthSize else {
      throw .malformed(path, "is not a safetensors file: \(data.count) bytes are too few")
    }
    let length = data.prefix(lengthSize).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= longestHeader else {
      throw .malformed(path, "is not a safetensors file: a header of \(length) bytes is too long")
    }
    guard Int(length) <= data.count - lengthSize else {
      throw .malformed(
        path, "is cut short: the header takes \(length) bytes, \(data.count - lengthSize) are there")
    }
    return Int(length)
  }

  /// One value of the header: free text by name, or what is said about a tensor.
  fileprivate enum Item: Decodable {
    case metadata([String: String])
    case tensor(TensorItem)

    init(from decoder: any Decoder) throws {
      if decoder.codingPath.last?.stringValue == "__metadata__" {
        self = .metadata(try [String: String](from: decoder))
      } else {
        self = .tensor(try TensorItem(from: decoder))
      }
    }
  }

  fileprivate struct TensorItem: Decodable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype
      case shape
      case offsets = "data_offsets"
    }
  }

  private init(_ items: [String: Item], path: String) throws(TensorFileError) {
    for (name, item) in items {
      switch item {
      case .metadata(let text): metadata = text
      case .tensor(let item): entries[name] = try Entry(item, name: name, path: path)
      }
    }
  }

  /// Throws unless the tensors fill the bytes after the header, in some order, without gap or overlap.
  private func requireCoverage(of byteCount: Int, path: String) throws(TensorFileError) {
    var end = 0
    for (name, entry) in entries.sorted(by: { Self.lies($0.value.offsets, before: $1.value.offsets) }) {
      guard entry.offsets.lowerBound == end else {
        throw .malformed(path, "tensor '\(name)' starts at byte \(entry.offsets.lowerBound), not \(end)")
      }
      end = entry.offsets.upperBound
    }
    guard end <= byteCount else {
      throw .malformed(path, "is cut short: the tensors take \(end) bytes, \(byteCount) are there")
    }
    guard end == byteCount else {
      throw .malformed(path, "has \(byteCount - end) bytes that belong to no tensor")
    }
  }

  /// The order of bytes; of ranges with one start, an empty one comes first.
  private static func lies(_ left: Range<Int>, before right: Range<Int>) -> Bool {
    (left.lowerBound, left.upperBound) < (right.lowerBound, right.upperBound)
  }
}

extension SafetensorsHeader.Entry {
  fileprivate init(
    _ item: SafetensorsHeader.TensorItem, name: String, path: String
  ) throws(TensorFileError) {
    guard let dtype = SafetensorsHeader.dtype(named: item.dtype) else {
      throw .unsupported(
        path, "tensor '\(name)' has element type \(item.dtype), which is not supported",
        help: "write the tensor as one of \(SafetensorsHeader.supportedNames)")
    }
    guard item.offsets.count == 2, item.offsets[0] >= 0, item.offsets[0] <= item.offsets[1] else {
      throw .malformed(path, "tensor '\(name)' has offsets \(item.offsets)")
    }
    guard let byteCount = byteCount(of: item.shape, dtype),
      byteCount == item.offsets[1] - item.offsets[0]
    else {
      throw .malformed(
        path,
        "tensor '\(name)' of shape \(item.shape) and type \(item.dtype) does not fit offsets \(item.offsets)")
    }
    self.init(dtype: dtype, shape: item.shape, offsets: item.offsets[0]..<item.offsets[1])
  }
}

// MARK: Names

extension SafetensorsHeader {
  fileprivate static var supportedNames: String { names.map(\.name).joined(separator: ", ") }

  fileprivate static func dtype(named name: String) -> DType? {
    names.first { $0.name == name }?.dtype
  }

  private static func place(of dtype: DType) -> Int {
    names.firstIndex { $0.dtype == dtype } ?? names.endIndex
  }

  /// Whether one tensor is laid out before another: wide types first, so that all are aligned; then by name.
  static func precedes(
    _ leftName: String, _ leftType: DType, _ rightName: String, _ rightType: DType
  ) -> Bool {
    (place(of: leftType), leftName) < (place(of: rightType), rightName)
  }
}

// MARK: Writing

extension SafetensorsHeader {
  /// The length and the header of a file that holds `tensors` in the given order.
  static func encoded(
    _ tensors: [(name: String, dtype: DType, shape: [Int])], _ metadata: [String: String]
  ) -> Data {
    var items: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
      items.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for (name, dtype, shape) in tensors {
      let end = offset + shape.reduce(dtype.byteCount, *)
      let lengths = shape.map(String.init).joined(separator: ",")
      let type = names[place(of: dtype)].name
      items.append(
        "\(quoted(name)):{\"dtype\":\"\(type)\",\"shape\":[\(lengths)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var json = Data("{\(items.joined(separator: ","))}".utf8)
    // Spaces bring the elements to a multiple of the widest element.
    json.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    return Data((0..<lengthSize).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }) + json
  }

  /// The text as a JSON string.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
