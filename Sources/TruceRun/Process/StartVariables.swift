public import Foundation

/// Variables of the environment that the engine's libraries read once, when they are loaded, and what Truce says in them.
///
/// They are set before: by `truce` when it starts the engine, by a study for its workers, and by an engine that was started
/// directly, which replaces itself. A user who has set any of a group's ``names`` has decided about that group.
public struct StartVariables: Sendable {
  /// What Truce sets.
  let values: [String: String]
  /// The variables by which a user says something about the same matter.
  public let names: [String]

  /// For how long the threads of OpenMP spin before they sleep.
  ///
  /// GNU's OpenMP lets an idle thread spin for about a hundredth of a second. Where other programs want the same
  /// processors, the spinning threads hold back those they wait for, and a training step takes several times as long.
  /// A short spin loses nothing on a quiet machine. `Tools/bench-spin/run` times steps under this bound and others.
  public static let waiting = StartVariables(
    values: ["GOMP_SPINCOUNT": "10000"],
    names: [
      "GOMP_SPINCOUNT", "OMP_WAIT_POLICY", "GOMP_CPU_AFFINITY", "OMP_PROC_BIND", "OMP_PLACES",
      "KMP_BLOCKTIME",
    ])

  /// How much freed memory the process keeps for itself.
  ///
  /// GNU's allocator hands large blocks back to the system as they are freed, and a step frees all its activations: the
  /// next step meets them as new pages, each of which the system clears first. Kept are blocks up to 128 MiB, and 1 GiB
  /// of free memory in all.
  public static let heap = StartVariables(
    values: ["MALLOC_MMAP_THRESHOLD_": "\(128 << 20)", "MALLOC_TRIM_THRESHOLD_": "\(1 << 30)"],
    names: [
      "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_", "MALLOC_MMAP_MAX_",
      "MALLOC_ARENA_MAX", "GLIBC_TUNABLES",
    ])

  /// All groups.
  public static let all = [waiting, heap]

  /// The environment with what Truce says, in each group that it says nothing about.
  public static func settled(_ environment: [String: String]) -> [String: String] {
    all.reduce(environment) { $1.added(to: $0) }
  }

  /// Sets the variables for this process and the programs that replace it, as ``settled(_:)`` does.
  ///
  /// - Returns: Whether any was set now, which is too late for libraries that are loaded already.
  public static func bind() -> Bool {
    let before = ProcessInfo.processInfo.environment
    let missing = settled(before).filter { before[$0.key] == nil }
    for (name, value) in missing { setenv(name, value, 1) }
    return !missing.isEmpty
  }

  /// Sets the variables, and where any was missing starts the program again in its own process: the first call of a program
  /// that links libtorch.
  ///
  /// Its libraries have been loaded before its first line, so that the variables would be too late for them. They are set
  /// the second time, when nothing is missing and the program goes on; a group of which the user has set any is left as it
  /// is. Arguments, process number, open files and working folder stay. On systems other than Linux, whose libraries do
  /// not read them, nothing is started again.
  ///
  /// - Parameter holdingSignals: Whether signals are held back in the meantime, until the program calls
  ///   ``Interruption/releaseSignals()``.
  public static func restartOnce(holdingSignals: Bool = false) {
    guard bind() else { return }
    #if os(Linux)
      if holdingSignals { Interruption.holdSignals() }
      execv("/proc/self/exe", CommandLine.unsafeArgv)
    #endif
  }

  /// What an environment says of this group, as `environment.json` records it, such as `GOMP_SPINCOUNT=10000`; nil where
  /// that is nothing.
  public func description(in environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
    let set = names.compactMap { name in environment[name].map { "\(name)=\($0)" } }
    return set.isEmpty ? nil : set.joined(separator: " ")
  }

  private func added(to environment: [String: String]) -> [String: String] {
    names.contains { environment[$0] != nil } ? environment : environment.merging(values) { $1 }
  }
}
