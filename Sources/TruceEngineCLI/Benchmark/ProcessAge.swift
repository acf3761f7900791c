import Foundation

/// How long this process has been there.
enum ProcessAge {
  /// The seconds since it was started, in which it may have been replaced by itself; nil where the system does not say.
  ///
  /// The start is known to a hundredth of a second.
  static var seconds: Double? {
    #if os(Linux)
      var now = timespec()
      guard clock_gettime(CLOCK_BOOTTIME, &now) == 0,
        let status = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
        let start = start(in: status, ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))))
      else { return nil }
      let age = Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9 - start
      return age >= 0 ? age : nil
    #else
      return nil
    #endif
  }

  /// When a process was started, in seconds since the machine was, by the 22nd word of `/proc/<number>/stat`.
  ///
  /// The second word is the program's name in parentheses, in which anything may stand.
  static func start(in status: String, ticksPerSecond: Double) -> Double? {
    guard let name = status.lastIndex(of: ")") else { return nil }
    let words = status[status.index(after: name)...].split(whereSeparator: \.isWhitespace)
    return words.count > 19 ? Double(words[19]).map { $0 / ticksPerSecond } : nil
  }
}
