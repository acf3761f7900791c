import CTorch

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

  /// The number of threads one operation may use.
  public static var threadCount: Int {
    var count: Int64 = 1
    trapping { () throws(TorchError) in try check(ct_thread_count(&count), "threadCount", on: []) }
    return Int(count)
  }

  /// Sets the number of threads one operation may use.
  ///
  /// - Throws: ``TorchError`` where `count` is not positive.
  public static func setThreadCount(_ count: Int) throws(TorchError) {
    try check(ct_set_thread_count(Int64(count)), "setThreadCount", on: [])
  }

  /// Makes operations that have only a nondeterministic form on a device fail instead.
  public static func setDeterministic(_ isDeterministic: Bool) throws(TorchError) {
    try check(ct_set_deterministic(isDeterministic), "setDeterministic", on: [])
  }

  private static func text(_ read: (UnsafeMutablePointer<UnsafePointer<CChar>?>) -> ct_status) -> String {
    var text: UnsafePointer<CChar>?
    guard read(&text) == CT_OK, let text else { return "" }
    return String(cString: text)
  }
}
