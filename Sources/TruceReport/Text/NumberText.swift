import Foundation
import TruceRun

/// How numbers are written in tables, sentences and drawings.
enum NumberText {
  /// A number with so many decimals, with a proper minus sign; a dash where it is not a number.
  static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value < 0 ? "−∞" : "∞" }
    let text = String(format: "%.\(decimals)f", value)
    // A rounded negative zero is zero.
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return isZero ? text.replacing("-", with: "") : text.replacing("-", with: "−")
  }

  /// A number with a sign in front.
  static func signed(_ value: Double, decimals: Int) -> String {
    let text = fixed(value, decimals: decimals)
    return value > 0 && !text.allSatisfy { "0.".contains($0) } ? "+" + text : text
  }

  /// The decimals that show four significant digits of the largest of some values, at most six.
  static func decimals(for values: some Sequence<Double>) -> Int {
    let largest = values.lazy.filter(\.isFinite).map(\.magnitude).max() ?? 0
    guard largest > 0 else { return 2 }
    return min(6, max(0, 3 - Int(log10(largest).rounded(.down))))
  }

  /// A number as a person writes a learning rate: 0.001, 5e-05.
  static func plain(_ value: Double) -> String {
    guard value.isFinite else { return fixed(value, decimals: 0) }
    return String(format: "%.6g", value)
  }

  /// A p-value: three decimals, or "< 0.001".
  static func pValue(_ value: Double) -> String {
    value < 0.001 ? "< 0.001" : fixed(value, decimals: 3)
  }

  /// A duration: 42 s, 3.5 min, 2.1 h.
  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<100: fixed(seconds, decimals: seconds < 10 ? 1 : 0) + " s"
    case ..<6000: fixed(seconds / 60, decimals: 1) + " min"
    default: fixed(seconds / 3600, decimals: 1) + " h"
    }
  }

  /// A coordinate of a drawing, to a hundredth, without needless zeros.
  static func coordinate(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() && rounded.magnitude < 1e9 ? "\(Int(rounded))" : "\(rounded)"
  }

  /// The exact number for data files; empty where it is not finite.
  static func exact(_ value: Double) -> String {
    guard value.isFinite else { return "" }
    return TruceRun.NumberText.exact(value)
  }
}
