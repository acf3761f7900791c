import Foundation
import TruceFiles

/// Reads one file of NumPy's npy format, its elements straight into the memory of the tensor.
struct NPYReader {
  private let path: String
  private let input: FileInput
  /// What was read to find the header: it and the first elements.
  private let beginning: Data
  private let layout: NPYLayout
  private let dtype: DType

  /// The bytes that are read to find the header, which NumPy keeps below ten thousand.
  private static let allowance = 1 << 16

  /// Reads the header and checks it against the size of the file.
  ///
  /// - Throws: ``TensorFileError``.
  init(_ url: URL) throws(TensorFileError) {
    try checkFile(url)
    path = url.path
    input = try Self.open(path)
    (beginning, layout) = try Self.readLayout(from: input)
    guard let dtype = DType(layout.element) else {
      throw .unsupported(
        path, "has an element type of \(layout.element.size) bytes that is not supported",
        help: "save it as one of \(NPY.names.map(\.name).joined(separator: ", "))")
    }
    self.dtype = dtype
  }

  /// Reads the elements, in C order and with the least significant byte first.
  ///
  /// - Throws: ``TensorFileError``.
  func tensor() throws(TensorFileError) -> Tensor {
    let shape = layout.isFortranOrder ? layout.shape.reversed() : layout.shape
    let tensor = try allocated(shape)
    try tensor.withUnsafeMutableBytes { (memory) throws(TensorFileError) in
      try fill(memory)
      if layout.element.isBigEndian { swapBytes(of: memory) }
      guard dtype != .bool || memory.allSatisfy({ $0 <= 1 }) else {
        throw .malformed(path, "holds truth values that are neither 0 nor 1")
      }
    }
    return layout.isFortranOrder ? tensor.permuted(shape.indices.reversed()).contiguous() : tensor
  }

  private func allocated(_ shape: [Int]) throws(TensorFileError) -> Tensor {
    do throws(TorchError) { return try Tensor.allocate(shape, dtype: dtype) } catch {
      throw .unsupported(
        path, "holds \(layout.byteCount) bytes, for which there is no memory",
        help: "cut it into parts, or use a machine with more memory")
    }
  }

  private func fill(_ memory: UnsafeMutableRawBufferPointer) throws(TensorFileError) {
    let first = beginning.dropFirst(layout.headerSize)
    memory.copyBytes(from: first)
    let rest = UnsafeMutableRawBufferPointer(rebasing: memory[first.count...])
    guard try Self.fill(rest, from: input) == rest.count else {
      throw .malformed(path, "was cut short while it was read")
    }
  }

  private func swapBytes(of memory: UnsafeMutableRawBufferPointer) {
    let size = layout.element.size
    for start in stride(from: 0, to: memory.count, by: size) { memory[start..<(start + size)].reverse() }
  }
}

// MARK: Header

extension NPYReader {
  /// The layout, found in the beginning of the file or, where the header is longer than usual, in all of it.
  private static func readLayout(
    from input: FileInput
  ) throws(TensorFileError) -> (beginning: Data, layout: NPYLayout) {
    let size = input.size
    var beginning = try bytes(min(size, allowance), from: input)
    if size > beginning.count, (try? NPYLayout(beginning)) == nil {
      beginning += try bytes(size - beginning.count, from: input)
    }
    do throws(NPYFault) {
      let layout = try NPYLayout(beginning)
      try layout.check(fileSize: size)
      return (beginning, layout)
    } catch {
      throw .malformed(error, path: input.path)
    }
  }

  private static func open(_ path: String) throws(TensorFileError) -> FileInput {
    do throws(FileFault) { return try FileInput(path) } catch { throw .unreadable(error) }
  }

  private static func bytes(_ count: Int, from input: FileInput) throws(TensorFileError) -> Data {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { memory.deallocate() }
    return Data(memory.prefix(try fill(memory, from: input)))
  }

  private static func fill(
    _ memory: UnsafeMutableRawBufferPointer, from input: FileInput
  ) throws(TensorFileError) -> Int {
    do throws(FileFault) { return try input.fill(memory) } catch { throw .unreadable(error) }
  }
}

extension TensorFileError {
  fileprivate static func unreadable(_ fault: FileFault) -> TensorFileError {
    TensorFileError(kind: .unreadable, path: fault.path, reason: fault.reason, help: fault.help)
  }

  fileprivate static func malformed(_ fault: NPYFault, path: String) -> TensorFileError {
    switch fault {
    case .version, .unsupported: .unsupported(path, fault.description, help: fault.help)
    case .foreign, .malformed, .wrongSize: .malformed(path, fault.description)
    }
  }
}

extension DType {
  /// The type of NumPy's elements, whatever the order of their bytes; nil where there is none.
  fileprivate init?(_ element: NPYElement) {
    switch (element.kind, element.size) {
    case (.float, 2): self = .float16
    case (.float, 4): self = .float32
    case (.float, 8): self = .float64
    case (.bfloat, 2): self = .bfloat16
    case (.signed, 1): self = .int8
    case (.signed, 2): self = .int16
    case (.signed, 4): self = .int32
    case (.signed, 8): self = .int64
    case (.unsigned, 1): self = .uint8
    case (.bool, 1): self = .bool
    default: return nil
    }
  }
}
