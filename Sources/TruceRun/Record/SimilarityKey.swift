/// The name under which one comparison of two gradients is recorded in a step event.
///
///     similarity/inter-task/cosine/left~right/3      tasks left and right, sample 3
///     similarity/inter-sample/cosine/left/0~5        task left, samples 0 and 5
public struct SimilarityKey: Hashable, Sendable {
  /// Which gradients are compared.
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// Gradients of different tasks for one sample or batch.
    case interTask = "inter-task"
    /// Gradients of different samples for one task.
    case interSample = "inter-sample"
  }

  /// How two gradients g and g′ are compared.
  public enum Measure: String, Sendable, CaseIterable, Codable {
    /// g·g′ / (|g||g′|); negative is a conflict in direction.
    case cosine
    /// 2|g||g′| / (|g|² + |g′|²); 1 is equal size.
    case magnitude
    /// The share of coordinates whose signs differ.
    case conflicting
    /// g·g′.
    case product

    /// The name for axes.
    public var title: String {
      switch self {
      case .cosine: "cosine similarity"
      case .magnitude: "magnitude similarity"
      case .conflicting: "share of conflicting parameters"
      case .product: "scalar product"
      }
    }
  }

  /// Which gradients are compared.
  public var kind: Kind
  /// How.
  public var measure: Measure
  /// The two tasks, joined by `~`, or the one task.
  public var subject: String
  /// What tells comparisons of one step apart: the sample, or the two samples.
  public var index: String

  /// Creates a key for two tasks.
  public init(_ measure: Measure, tasks a: String, _ b: String, sample: Int) {
    self.init(kind: .interTask, measure: measure, subject: "\(a)~\(b)", index: "\(sample)")
  }

  /// Creates a key for two samples of a task.
  public init(_ measure: Measure, task: String, samples a: Int, _ b: Int) {
    self.init(kind: .interSample, measure: measure, subject: task, index: "\(a)~\(b)")
  }

  private init(kind: Kind, measure: Measure, subject: String, index: String) {
    self.kind = kind
    self.measure = measure
    self.subject = subject
    self.index = index
  }

  /// Reads a key; nil where the text is another kind of value.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 5, parts[0] == "similarity", let kind = Kind(rawValue: parts[1]),
      let measure = Measure(rawValue: parts[2])
    else { return nil }
    // A task's name may hold slashes itself.
    let subject = parts[3..<(parts.count - 1)].joined(separator: "/")
    self.init(kind: kind, measure: measure, subject: subject, index: parts[parts.count - 1])
  }

  /// The text under which the value is recorded.
  public var text: String {
    "similarity/\(kind.rawValue)/\(measure.rawValue)/\(subject)/\(index)"
  }

  /// The two tasks that are compared; nil between samples of one task.
  public var tasks: (String, String)? {
    let parts = subject.split(separator: "~").map(String.init)
    return kind == .interTask && parts.count == 2 ? (parts[0], parts[1]) : nil
  }
}
