/// The names of splits whose pictures were corrupted, such as `corrupted-gaussian-noise-3`.
public enum CorruptedSplit {
  /// What every such name begins with.
  public static let prefix = "corrupted-"

  /// The name of the split with a corruption of some severity.
  public static func name(corruption: String, severity: Int) -> String {
    "\(prefix)\(corruption)-\(severity)"
  }
}
