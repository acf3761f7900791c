public import Torch

/// Numbers in host memory in row-major order, which may pass from thread to thread.
///
/// Readers of files and workers have these in place of tensors, which belong to the thread that made them.
public struct HostArray: Equatable, Sendable {
  /// The lengths of the axes.
  public let shape: [Int]
  /// The type of the elements.
  public let dtype: DType
  /// The elements' memory.
  public private(set) var bytes: [UInt8]

  /// Takes over the memory of elements, as a decoder leaves it.
  ///
  /// - Precondition: There are as many bytes as the shape asks for.
  public init(bytes: [UInt8], shape: [Int], dtype: DType) {
    precondition(
      bytes.count == shape.reduce(dtype.byteCount, *),
      "\(bytes.count) bytes are not an array of shape \(shape) of \(dtype)")
    self.shape = shape
    self.dtype = dtype
    self.bytes = bytes
  }

  /// An array of zeros; of truth values, all false.
  public init(zeros shape: [Int], dtype: DType) {
    self.init(
      bytes: Array(repeating: 0, count: shape.reduce(dtype.byteCount, *)), shape: shape, dtype: dtype)
  }

  /// Copies elements, in the given shape or in one axis.
  ///
  /// - Precondition: There are as many elements as the shape asks for.
  public init<Element: TensorElement>(_ elements: [Element], shape: [Int]? = nil) {
    self.init(
      bytes: elements.withUnsafeBytes { Array($0) }, shape: shape ?? [elements.count], dtype: Element.dtype)
  }

  /// The number of elements.
  public var count: Int { bytes.count / dtype.byteCount }

  /// The same elements in another shape.
  ///
  /// - Precondition: The shape asks for as many elements.
  public func reshaped(_ shape: [Int]) -> HostArray { HostArray(bytes: bytes, shape: shape, dtype: dtype) }

  /// The elements, which must be of this type.
  public func elements<Element: TensorElement>(as type: Element.Type = Element.self) -> [Element] {
    withElements(as: type) { Array($0) }
  }

  /// Lends the elements, which must be of this type, for the length of `body`.
  public func withElements<Element: TensorElement, Result>(
    as type: Element.Type = Element.self, _ body: (UnsafeBufferPointer<Element>) -> Result
  ) -> Result {
    requireType(type)
    return bytes.withUnsafeBytes { $0.withMemoryRebound(to: type) { body($0) } }
  }

  /// Lends the elements, which must be of this type, to be changed for the length of `body`.
  public mutating func withMutableElements<Element: TensorElement, Result>(
    as type: Element.Type = Element.self, _ body: (UnsafeMutableBufferPointer<Element>) -> Result
  ) -> Result {
    requireType(type)
    return bytes.withUnsafeMutableBytes { $0.withMemoryRebound(to: type) { body($0) } }
  }

  /// Lends the memory to be changed for the length of `body`.
  mutating func withMutableBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) -> Result) -> Result {
    bytes.withUnsafeMutableBytes { body($0) }
  }

  private func requireType<Element: TensorElement>(_ type: Element.Type) {
    precondition(Element.dtype == dtype, "an array of \(dtype) was asked for its \(Element.dtype) elements")
  }
}
