public import Foundation

/// How many processors a process may keep busy: those of the machine, or fewer where its control group has a quota.
///
/// A container with a quota of two processors still sees all those of its machine. As many threads as those are would use
/// up the quota in a part of each period and stand still for the rest.
public enum ProcessorShare {
  /// The number of processors that this process may keep busy.
  ///
  /// - Parameters:
  ///   - active: The processors of the machine that the process may run on.
  ///   - read: Reads a file; nil where there is none.
  public static func count(
    of active: Int = ProcessInfo.processInfo.activeProcessorCount, reading read: (String) -> String? = text
  ) -> Int {
    quota(reading: read).map { max(1, min(active, Int($0.rounded(.up)))) } ?? active
  }

  /// The threads that an engine should use which has chosen some by itself; nil where its choice fits, or the user has made it.
  ///
  /// - Parameters:
  ///   - chosen: The engine's choice.
  ///   - environment: What the user has said.
  ///   - available: The number of processors that the process may keep busy.
  public static func threads(
    insteadOf chosen: Int, environment: [String: String] = ProcessInfo.processInfo.environment,
    available: Int = count()
  ) -> Int? {
    let isChosenByUser = ["OMP_NUM_THREADS", "MKL_NUM_THREADS"].contains { environment[$0] != nil }
    return isChosenByUser || chosen <= available ? nil : available
  }

  /// The text of a file.
  public static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

  /// The lowest quota of the process's control group and those above it, in processors; nil where there is none.
  static func quota(reading read: (String) -> String?) -> Double? {
    let lines = read("/proc/self/cgroup")?.split(separator: "\n") ?? []
    return lines.flatMap { line -> [Double] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 3 else { return [] }
      if parts[1].isEmpty { return folders("/sys/fs/cgroup", parts[2]).compactMap { unified(in: $0, read) } }
      guard parts[1].split(separator: ",").contains("cpu") else { return [] }
      return folders("/sys/fs/cgroup/cpu", parts[2]).compactMap { separate(in: $0, read) }
    }.min()
  }

  /// The folder of a group and those above it, as far as the root, which in a container is its own group's.
  private static func folders(_ root: String, _ group: String) -> [String] {
    let names = group.split(separator: "/").map(String.init)
    return (0...names.count).map { ([root] + names.prefix($0)).joined(separator: "/") }
  }

  /// The quota of a group of the second version: `cpu.max` with microseconds, or `max`, in a period of so many.
  private static func unified(in folder: String, _ read: (String) -> String?) -> Double? {
    let words = read(folder + "/cpu.max")?.split(whereSeparator: \.isWhitespace).map { Double($0) } ?? []
    return words.count == 2 ? ratio(words[0], words[1]) : nil
  }

  /// The quota of a group of the first version: microseconds, or -1, in a period of so many.
  private static func separate(in folder: String, _ read: (String) -> String?) -> Double? {
    func number(_ name: String) -> Double? {
      read(folder + "/cpu.cfs_" + name + "_us").flatMap {
        Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }
    return ratio(number("quota"), number("period"))
  }

  private static func ratio(_ quota: Double?, _ period: Double?) -> Double? {
    guard let quota, let period, quota > 0, period > 0 else { return nil }
    return quota / period
  }
}
