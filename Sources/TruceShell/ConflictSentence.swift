import TruceRun

/// A way in which two tasks conflict.
public enum Trouble: String, Encodable, CaseIterable, Sendable {
  /// Their gradients point against each other.
  case direction
  /// Their gradients differ in length.
  case size

  /// Tasks whose gradients oppose each other for fewer samples are said to agree.
  public static let conflictThreshold = 0.1
  /// Gradients that differ by a smaller factor are said to be of like size.
  public static let ratioThreshold = 2.0

  /// What is wrong between two tasks.
  ///
  /// - Parameters:
  ///   - conflictShare: The share of samples for which their gradients point against each other.
  ///   - lengthRatio: How many times as long the longer gradients are; nil where a task has none.
  public static func found(conflictShare: Double, lengthRatio: Double?) -> [Trouble] {
    (conflictShare >= conflictThreshold ? [.direction] : [])
      + ((lengthRatio ?? 1) >= ratioThreshold ? [.size] : [])
  }
}

/// What measurements say about two tasks, in sentences.
public enum ConflictSentence {
  /// Whether the tasks agree in direction.
  ///
  /// - Parameters:
  ///   - tasks: The tasks.
  ///   - share: The share of samples in conflict.
  ///   - isTrouble: Whether that is much.
  ///   - remark: What is added to a conflict, with its comma.
  public static func direction(
    of tasks: [String], share: Double, isTrouble: Bool, remark: String = ""
  ) -> String {
    let names = tasks.joined(separator: " and ")
    return isTrouble
      ? "\(names) conflict in direction for \(percent(share)) of the samples\(remark)."
      : "\(names) agree in direction: their gradients oppose each other for \(percent(share)) of the samples."
  }

  /// Whether the tasks' gradients are of like size.
  public static func size(of tasks: [String], larger: String, ratio: Double, isTrouble: Bool) -> String {
    let smaller = tasks.first { $0 != larger } ?? ""
    return
      "\(tasks.joined(separator: " and ")) \(isTrouble ? "conflict" : "agree") in size: the gradients of "
      + "\(larger) are \(NumberText.fixed(ratio, 1)) times as long as those of \(smaller)."
  }

  /// A share in percent.
  static func percent(_ share: Double) -> String { "\(NumberText.fixed(share * 100, 0)) %" }
}
