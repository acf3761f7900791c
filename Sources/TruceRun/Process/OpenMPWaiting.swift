public import Foundation

/// How the engine's threads wait for work: for how long they spin before they sleep.
///
/// GNU's OpenMP lets an idle thread spin for about a hundredth of a second. Where other programs want the same
/// processors, the spinning threads hold back those they wait for, and a training step takes a hundred times as long.
/// A short spin loses nothing on a quiet machine. The variable is read when the library is loaded, so it is set
/// before: by `truce` when it starts the engine, by a study for its workers, and by an engine that was started
/// directly. Who has set any of ``variables`` has decided.
public enum OpenMPWaiting {
  /// The variable that bounds the spinning, and how often a thread then looks before it sleeps.
  static let bound = (name: "GOMP_SPINCOUNT", value: "10000")

  /// The variables by which a user says how OpenMP's threads wait or where they run.
  public static let variables = [
    "GOMP_SPINCOUNT", "OMP_WAIT_POLICY", "GOMP_CPU_AFFINITY", "OMP_PROC_BIND", "OMP_PLACES", "KMP_BLOCKTIME",
  ]

  /// The environment with the bound, unless it says something about it.
  public static func bounded(_ environment: [String: String]) -> [String: String] {
    if variables.contains(where: { environment[$0] != nil }) { return environment }
    return environment.merging([bound.name: bound.value]) { $1 }
  }

  /// What an environment says about it, as `environment.json` records it, such as `GOMP_SPINCOUNT=10000`; nil where
  /// that is nothing.
  public static func description(
    in environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    let set = variables.compactMap { name in environment[name].map { "\(name)=\($0)" } }
    return set.isEmpty ? nil : set.joined(separator: " ")
  }

  /// Sets the bound for this process and the programs that replace it, unless the environment says something about it.
  ///
  /// - Returns: Whether it was set now, which is too late for libraries that are loaded already.
  public static func bind() -> Bool {
    let before = ProcessInfo.processInfo.environment
    guard bounded(before) != before else { return false }
    return setenv(bound.name, bound.value, 1) == 0
  }
}
