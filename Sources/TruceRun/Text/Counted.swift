/// Counts as people write them.
public enum Counted {
  /// A number with its noun, which gets an s unless it is one: `1 run`, `2 runs`.
  public static func text(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// A number with its thousands set apart, and its noun.
  public static func grouped(_ count: Int, _ noun: String) -> String {
    "\(NumberText.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
  }
}
