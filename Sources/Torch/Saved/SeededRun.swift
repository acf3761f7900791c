import CTorch

/// Runs code that draws from libtorch's own generators and takes none, as saved modules do.
///
/// While `body` runs, libtorch's generators of the host and of the tensors' devices start from the seed; afterwards they
/// are as they were. Two runs from one seed make the same draws, also side by side: runs on several threads take turns.
///
/// - Throws: What `body` throws, or ``TorchError`` where a device has no generator.
public func withRandomness<Result>(
  from seed: UInt64, on tensors: [Tensor], _ body: () throws(TorchError) -> Result
) throws(TorchError) -> Result {
  var guardian: ct_seed?
  let status = Tensor.withHandles(of: tensors + [nil]) { handles in
    ct_seed_begin(seed, handles, Int64(tensors.count), &guardian)
  }
  try check(status, "withRandomness", on: [])
  defer { if let guardian { ct_seed_end(guardian) } }
  return try body()
}
