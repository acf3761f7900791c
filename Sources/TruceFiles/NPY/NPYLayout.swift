public import Foundation

/// Where the numbers of a file in NumPy's npy format lie: the element type, the order and the shape.
///
/// The format is a magic word, a version, a Python dictionary in text and the elements
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). What NumPy refuses is refused.
public struct NPYLayout: Equatable, Sendable {
  /// How one element is stored.
  public let element: NPYElement
  /// Whether the first index runs fastest.
  public let isFortranOrder: Bool
  /// The lengths of the axes.
  public let shape: [Int]
  /// The bytes in front of the elements.
  public let headerSize: Int

  /// The elements of all axes together.
  public let count: Int

  /// Reads the beginning of a file of version 1, 2 or 3.
  ///
  /// - Parameter data: The file, of which nothing but the header is looked at.
  /// - Throws: ``NPYFault``.
  public init(_ data: Data) throws(NPYFault) {
    let (text, size) = try Self.header(of: data)
    var literal = PythonLiteral(text)
    guard let entries = literal.dictionary() else { throw .malformed("its header is no Python dictionary") }
    let names = ["descr", "fortran_order", "shape"]
    guard entries.map(\.key).sorted() == names else {
      throw .malformed("its header does not have the keys \(names.joined(separator: ", "))")
    }
    let values = Dictionary(uniqueKeysWithValues: entries)
    if values["descr"] == .list { throw .unsupported(type: "record") }
    guard case .text(let type) = values["descr"] else { throw .malformed("its descr is no element type") }
    guard case .bool(let isFortranOrder) = values["fortran_order"] else {
      throw .malformed("its fortran_order is neither True nor False")
    }
    guard case .tuple(let shape) = values["shape"] else {
      throw .malformed("its shape is no tuple of lengths")
    }
    guard let element = NPYElement(descr: type) else { throw .unsupported(type: type) }
    guard let count = Self.product(shape), !count.multipliedReportingOverflow(by: element.size).overflow
    else {
      throw .malformed("its shape \(shape) is beyond counting")
    }
    (self.element, self.isFortranOrder, self.shape, self.count) = (element, isFortranOrder, shape, count)
    headerSize = size
  }

  /// The bytes that the elements take.
  public var byteCount: Int { count * element.size }

  /// Throws unless a file of so many bytes holds the elements and nothing else.
  public func check(fileSize: Int) throws(NPYFault) {
    let found = fileSize - headerSize
    guard found == byteCount else { throw .wrongSize(shape: shape, elementSize: element.size, found: found) }
  }

  /// The numbers, in the order of the file.
  ///
  /// - Parameter data: The whole file.
  /// - Throws: ``NPYFault`` unless it has the elements and nothing else.
  public func numbers(in data: Data) throws(NPYFault) -> [Double] {
    try check(fileSize: data.count)
    return data.withUnsafeBytes { bytes in
      element.numbers(in: UnsafeRawBufferPointer(rebasing: bytes[headerSize...]))
    }
  }

  /// The bytes of a one-dimensional file of float64.
  public static func file(_ numbers: [Double]) -> Data {
    var data = header(type: "<f8", shape: [numbers.count])
    data.reserveCapacity(data.count + 8 * numbers.count)
    for number in numbers {
      withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }

  /// The header of a file in C order.
  ///
  /// - Parameters:
  ///   - type: NumPy's name of the element type, such as `<f4`.
  ///   - shape: The lengths of the axes.
  public static func header(type: String, shape: [Int]) -> Data {
    let lengths = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(lengths)), }"
    let size = magic.count + 4 + text.utf8.count + 1
    text += String(repeating: " ", count: (alignment - size % alignment) % alignment) + "\n"
    let count = text.utf8.count
    return magic + Data([1, 0, UInt8(count & 0xFF), UInt8(count >> 8)]) + Data(text.utf8)
  }

  // MARK: Header

  private static let magic = Data([0x93]) + Data("NUMPY".utf8)
  /// The elements start at a multiple of this.
  private static let alignment = 64

  private static func header(of data: Data) throws(NPYFault) -> (text: String, size: Int) {
    let bytes = [UInt8](data.prefix(magic.count + 6))
    guard bytes.starts(with: magic) else { throw .foreign }
    guard bytes.count >= magic.count + 4 else { throw .malformed("its header is cut off") }
    let version = bytes[magic.count]
    guard (1...3).contains(version), bytes[magic.count + 1] == 0 else { throw .version(Int(version)) }
    let lengthSize = version == 1 ? 2 : 4
    let start = magic.count + 2 + lengthSize
    guard bytes.count >= start else { throw .malformed("its header is cut off") }
    let length = bytes[(magic.count + 2)..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= data.count - start else { throw .malformed("its header is cut off") }
    let text = data.dropFirst(start).prefix(length)
    // Latin 1 before version 3, UTF-8 since.
    guard let text = String(data: text, encoding: version < 3 ? .isoLatin1 : .utf8) else {
      throw .malformed("its header is not text")
    }
    return (text, start + length)
  }

  private static func product(_ lengths: [Int]) -> Int? {
    // A length of zero makes the others' product zero, however large.
    if lengths.contains(0) { return 0 }
    return lengths.reduce(1) { (total: Int?, length: Int) -> Int? in
      guard let (product, overflows) = total?.multipliedReportingOverflow(by: length), !overflows else {
        return nil
      }
      return product
    }
  }
}

/// What is wrong with a file in NumPy's format.
public enum NPYFault: Error, Equatable, Sendable {
  /// It does not begin as one.
  case foreign
  /// It has a version that is not known.
  case version(Int)
  /// Its header breaks a rule.
  case malformed(String)
  /// Its elements are of a type that cannot be read.
  case unsupported(type: String)
  /// It is cut off, or has more bytes than its header says.
  case wrongSize(shape: [Int], elementSize: Int, found: Int)
}

extension NPYFault: CustomStringConvertible {
  /// What is wrong, after the file's name.
  public var description: String {
    switch self {
    case .foreign: "not a NumPy file: it does not begin as one"
    case .version(let number): "not a NumPy file: its version \(number) is unknown"
    case .malformed(let reason): "not a NumPy file: \(reason)"
    case .unsupported(let type): "elements of type '\(type)' cannot be read"
    case .wrongSize(let shape, let size, let found):
      "the header promises \(shape.map(String.init).joined(separator: "×")) elements of \(size) bytes, "
        + "\(found) bytes follow"
    }
  }

  /// What to do about it, in one line.
  public var help: String {
    switch self {
    case .foreign, .malformed: "write it with numpy.save"
    case .version: "write it again with a current NumPy"
    case .unsupported: "save the array as float32 or float64"
    case .wrongSize: "the file is cut off or damaged: save it again"
    }
  }
}
