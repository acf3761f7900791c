import CTorch

/// An array of numbers on a device, as libtorch keeps it.
///
/// A tensor is a reference: two variables can name one tensor, views share memory with the tensor they were
/// taken from, and the operations whose names end in `InPlace` change what every one of them sees. All other
/// operations return a new tensor. A tensor belongs to the task that made it; it is not `Sendable`.
///
/// An operation that is given shapes or element types it cannot work with stops the process: the message
/// names the operation, the shapes and the caller's file and line. What can fail for reasons outside the
/// program - files, devices, decompositions, differentiation - throws a ``TorchError``.
public final class Tensor {
  /// The only place a raw handle is stored; see ``withHandle(_:)``.
  private let handle: ct_tensor

  /// Takes over the reference `handle` holds.
  init(consuming handle: ct_tensor) {
    self.handle = handle
  }

  deinit {
    ct_tensor_release(handle)
  }

  /// Lends the handle for the length of `body`.
  ///
  /// The handle must not outlive `body`: nothing else keeps the tensor alive while it is used.
  func withHandle<Result>(_ body: (ct_tensor) -> Result) -> Result {
    withExtendedLifetime(self) { body(handle) }
  }

  /// Lends the handles of several tensors, in order, for the length of `body`.
  static func withHandles<Result>(of tensors: [Tensor?], _ body: ([ct_tensor?]) -> Result) -> Result {
    // Without this, an optimised build frees the tensors once their handles are copied out.
    withExtendedLifetime(tensors) { body(tensors.map { $0?.handle }) }
  }
}

@available(*, unavailable)
extension Tensor: Sendable {}

// MARK: Facts

extension Tensor {
  /// The lengths of the axes.
  public var shape: [Int] {
    metadata("shape", count: rank, ct_tensor_sizes)
  }

  /// The distance in elements between neighbours along each axis.
  public var strides: [Int] {
    metadata("strides", count: rank, ct_tensor_strides)
  }

  /// The number of axes; zero for a scalar.
  public var rank: Int {
    Int(fact("rank", Int64(0), ct_tensor_rank))
  }

  /// The number of elements.
  public var count: Int {
    Int(fact("count", Int64(0), ct_tensor_count))
  }

  /// The type of the elements.
  public var dtype: DType {
    let code = fact("dtype", CT_FLOAT32, ct_tensor_dtype)
    guard let dtype = DType(code: code) else { fatalError("unknown element type code \(code.rawValue)") }
    return dtype
  }

  /// Where the elements lie.
  public var device: Device {
    Device(code: fact("device", Device.cpu.code, ct_tensor_device))
  }

  /// Whether the elements lie in memory in the order of their indices, without gaps.
  public var isContiguous: Bool {
    fact("isContiguous", false, ct_tensor_is_contiguous)
  }

  /// Whether both tensors read the same memory, as views of one tensor do.
  public func sharesStorage(with other: Tensor) -> Bool {
    other.withHandle { otherHandle in
      fact("sharesStorage", false) { ct_tensor_shares_storage($0, otherHandle, $1) }
    }
  }

  /// Whether any other tensor reads the memory of this one, such as a view of it.
  public var hasViews: Bool { fact("hasViews", false) { ct_tensor_has_views($0, $1) } }

  /// Whether both references name one tensor, even where libtorch handed it out twice.
  public func isSame(as other: Tensor) -> Bool {
    withHandle { first in other.withHandle { ct_tensor_is_same(first, $0) } }
  }

  /// Reads one fact about the tensor.
  func fact<Value>(
    _ name: StaticString, _ initial: Value, _ read: (ct_tensor, UnsafeMutablePointer<Value>) -> ct_status
  ) -> Value {
    var value = initial
    trapping { () throws(TorchError) in
      try check(withHandle { read($0, &value) }, name, on: [])
    }
    return value
  }

  private func metadata(
    _ name: StaticString, count: Int,
    _ read: (ct_tensor, UnsafeMutablePointer<Int64>, Int64) -> ct_status
  ) -> [Int] {
    var values = [Int64](repeating: 0, count: count)
    trapping { () throws(TorchError) in
      try check(withHandle { read($0, &values, Int64(count)) }, name, on: [])
    }
    return values.map(Int.init)
  }
}

extension Tensor: CustomStringConvertible {
  /// Shape, element type and device, as in `Tensor([2, 3], float32, cpu)`.
  public var summary: String {
    "Tensor(\(shape), \(dtype), \(device))"
  }

  /// The values as libtorch prints them.
  public var description: String {
    var text: UnsafePointer<CChar>?
    let status = withHandle { ct_tensor_text($0, &text) }
    guard status == CT_OK, let text else { return summary }
    return String(cString: text)
  }
}

/// The number of tensor references the binding holds in this process.
///
/// A test that runs alone can compare it before and after: a difference is a leak. Tensors that autograd or
/// other tensors keep alive inside libtorch are not counted.
public func liveTensorCount() -> Int {
  Int(ct_live_tensor_count())
}
