import Foundation

/// Spans of time and sizes as people say them.
package enum DurationText {
  /// A span as a clock shows it: `0:07`, `12:30`, `1:02:03`; a dash where nobody can tell yet.
  package static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e10 else { return "–" }
    let whole = Int(counted(seconds))
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    let tail = (rest < 10 ? "0" : "") + "\(rest)"
    return hours > 0 ? "\(hours):" + (minutes < 10 ? "0" : "") + "\(minutes):\(tail)" : "\(minutes):\(tail)"
  }

  /// A span that can be counted in whole seconds: neither negative nor beyond all counting.
  private static func counted(_ seconds: Double) -> Double {
    seconds.isFinite ? min(max(0, seconds.rounded()), 1e15) : 0
  }

  /// A span in its largest fitting unit: `40 s`, `12 min`, `3.5 h`, `2.1 d`.
  package static func about(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(Int(counted(seconds.rounded(.up)))) s"
    case ..<5400: "\(Int((seconds / 60).rounded())) min"
    case ..<172_800: String(format: "%.1f h", seconds / 3600)
    default: String(format: "%.1f d", seconds / 86_400)
    }
  }

  /// A size in its largest fitting unit: `512 B`, `3.2 MB`.
  package static func size(_ bytes: Int) -> String {
    let units = ["kB", "MB", "GB", "TB"]
    guard bytes >= 1000 else { return "\(bytes) B" }
    var value = Double(bytes) / 1000
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return String(format: value < 10 ? "%.1f %@" : "%.0f %@", value, units[unit])
  }
}
