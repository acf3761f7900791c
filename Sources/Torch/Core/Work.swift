import CTorch

/// What libtorch did on a thread in some stretch of time.
public struct Work: Hashable, Sendable {
  /// The backward passes, each walk over a recording counting once.
  public let backwardPasses: Int
  /// The most bytes of host memory that tensors took at one time, of those allocated meanwhile.
  public let peakBytes: Int
  /// The bytes of host memory that tensors allocated meanwhile still took at the end.
  public let remainingBytes: Int
  /// The pieces of host memory that tensors took.
  public let allocations: Int
  /// The loops over gradients that were large enough for several threads, beside libtorch's own.
  public let parallelRegions: Int
  /// The bytes of gradients that were written once more, to where they belong.
  public let copiedBytes: Int

  /// Runs something and tells what libtorch did on this thread for it.
  ///
  /// - Parameter body: What is run; it must not measure work itself.
  /// - Returns: Its result, and the work.
  /// - Throws: What the body throws; ``TorchError`` where this thread's work is being measured already.
  /// - Note: Memory of other devices is told by ``MemoryUsage``.
  public static func measured<Result>(
    _ body: () throws -> Result
  ) throws -> (result: Result, work: Work) {
    try check(ct_begin_watch(), "measured", on: [])
    var numbers = ct_work()
    let result: Result
    do { result = try body() } catch {
      _ = ct_end_watch(&numbers)
      throw error
    }
    try check(ct_end_watch(&numbers), "measured", on: [])
    let work = Work(
      backwardPasses: Int(numbers.backward_passes), peakBytes: Int(numbers.peak_bytes),
      remainingBytes: Int(numbers.remaining_bytes), allocations: Int(numbers.allocations),
      parallelRegions: Int(numbers.parallel_regions), copiedBytes: Int(numbers.copied_bytes))
    return (result, work)
  }
}
