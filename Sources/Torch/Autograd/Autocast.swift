import CTorch

/// Runs `body` with autocast on: on tensors of the device, the operations that bear it, matrix products and
/// convolutions first of all, compute in a narrower type, and those that need it in single precision.
///
/// Parameters stay as they are. A parameter that is cast is cast once; what was cast is let go of at the end. The mode
/// belongs to the thread and ends with `body`, also where that throws, which is therefore never asynchronous.
/// Differentiation belongs outside: each gradient has the type of what it is a gradient of, so those of parameters keep
/// the parameters' type.
///
/// ```swift
/// let output = withAutocast(to: .bfloat16, on: .cpu) { network(input) }.to(.float32)
/// ```
///
/// - Parameters:
///   - type: `bfloat16` or `float16`, any other stops the process; nil for no autocast.
///   - device: Where the tensors are; those on other devices are computed with as ever.
///   - body: What to run.
public func withAutocast<Result, Failure: Error>(
  to type: DType?, on device: Device, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  guard let type else { return try body() }
  var guardian: ct_autocast?
  trapping { () throws(TorchError) in
    try check(ct_autocast_begin(device.code, type.code, &guardian), "withAutocast", on: [])
  }
  defer { guardian.map(ct_autocast_end) }
  return try body()
}

/// Whether operations on a device are autocast on this thread.
public func isAutocast(on device: Device) -> Bool {
  var isAutocast = false
  trapping { () throws(TorchError) in
    try check(ct_is_autocast(device.code, &isAutocast), "isAutocast", on: [])
  }
  return isAutocast
}
