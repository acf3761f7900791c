import Foundation

/// Numbers as tables, lines and data files show them.
public enum NumberText {
  /// A number with a fixed count of decimals.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }

  /// A number with six significant digits.
  public static func short(_ value: Double) -> String {
    String(format: "%.6g", value)
  }

  /// A number with no more digits than tell it apart, and no decimals where it is whole.
  public static func exact(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
  }

  /// A whole number with its thousands set apart.
  public static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return value < 0 ? "-" + text : text
  }
}
