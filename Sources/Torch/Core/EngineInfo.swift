import CTorch
import Dispatch

/// What the engine under this module is and how it is set.
public enum Engine {
  /// The libtorch version this module was built against, such as `2.13.0`.
  public static var version: String { String(cString: ct_version()) }

  /// How libtorch was built: compiler, BLAS, vector instructions.
  public static var configuration: String { text(ct_configuration_text) }

  /// How many threads libtorch and its libraries use.
  public static var parallelism: String { text(ct_parallel_text) }

  /// The best vector instructions libtorch uses here, such as `AVX2`.
  public static var cpuCapability: String { text(ct_cpu_capability) }

  /// The folder that libtorch was loaded from; empty where the system does not tell.
  public static var libraryFolder: String {
    text(ct_library_path).split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
  }

  /// The number of threads one operation may use on this thread.
  public static var threadCount: Int {
    var count: Int64 = 1
    trapping { () throws(TorchError) in try check(ct_thread_count(&count), "threadCount", on: []) }
    return Int(count)
  }

  /// Sets the number of threads one operation may use, on this thread and on those that compute later for the first time.
  ///
  /// - Throws: ``TorchError`` where `count` is not positive.
  public static func setThreadCount(_ count: Int) throws(TorchError) {
    try check(ct_set_thread_count(Int64(count)), "setThreadCount", on: [])
  }

  /// Does several things at once on all cores, the operations of each on one thread.
  ///
  /// Operations that share a core with others lose most of their time in waiting for each other's threads; things that do
  /// not depend on each other lose none. The results are those of one thread, whatever the number of cores. Afterwards this
  /// thread and those that helped have the number of threads that this one had.
  ///
  /// - Parameters:
  ///   - count: The number of things.
  ///   - body: Does one of them; lower numbers begin first.
  /// - Note: A thread elsewhere that computes for the first time meanwhile may use one thread for each operation from then on.
  public static func concurrently(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let before = threadCount
    defer { useThreads(before) }
    DispatchQueue.concurrentPerform(iterations: count) { number in
      useThreads(1)
      defer { useThreads(before) }
      body(number)
    }
  }

  private static func useThreads(_ count: Int) {
    trapping { () throws(TorchError) in try setThreadCount(count) }
  }

  /// Makes operations that have only a nondeterministic form on a device fail instead.
  public static func setDeterministic(_ isDeterministic: Bool) throws(TorchError) {
    try check(ct_set_deterministic(isDeterministic), "setDeterministic", on: [])
  }

  /// Lets CUDA devices round the factors of single-precision operations to TF32, 10 of the 23 bits behind the point.
  ///
  /// Sums stay in single precision. libtorch by itself rounds in convolutions and not in products, which is some times as
  /// quick on devices with matrix units, and moves gradients by about a thousandth.
  ///
  /// - Parameters:
  ///   - products: Whether products of matrices may be rounded.
  ///   - convolutions: Whether convolutions may be.
  public static func setTF32(products: Bool, convolutions: Bool) throws(TorchError) {
    try check(ct_set_tf32(products, convolutions), "setTF32", on: [])
  }

  private static func text(_ read: (UnsafeMutablePointer<UnsafePointer<CChar>?>) -> ct_status) -> String {
    var text: UnsafePointer<CChar>?
    guard read(&text) == CT_OK, let text else { return "" }
    return String(cString: text)
  }
}
