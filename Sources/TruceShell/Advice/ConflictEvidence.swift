import RealModule

/// What speaks for a special method, from measurements of all pairs of tasks.
public struct ConflictEvidence: Sendable {
  /// What was measured of two tasks.
  public struct Pair: Sendable {
    /// The two tasks.
    public let tasks: [String]
    /// The share of samples for which their gradients point against each other.
    public let conflictShare: Double
    /// The share of pairs of samples of one task whose gradients do; nil where none was compared.
    public let sampleConflictShare: Double?
    /// The task with the longer gradients; nil where a task has none.
    public let larger: String?
    /// How many times as long they are; nil where a task has none.
    public let lengthRatio: Double?

    /// Creates a pair from its measurements.
    public init(
      tasks: [String], conflictShare: Double, sampleConflictShare: Double?, larger: String?,
      lengthRatio: Double?
    ) {
      self.tasks = tasks
      self.conflictShare = conflictShare
      self.sampleConflictShare = sampleConflictShare
      self.larger = larger
      self.lengthRatio = lengthRatio
    }
  }

  /// The number of tasks, K.
  public let taskCount: Int
  /// The pair that conflicts in direction most, if that is special to the tasks.
  public let direction: Pair?
  /// The pair that differs in size most, if that is much.
  public let size: Pair?

  /// Finds the worst pairs.
  public init(_ pairs: [Pair], taskCount: Int) {
    self.taskCount = taskCount
    direction = pairs.filter(\.conflictsInDirection).max { $0.directionNeed < $1.directionNeed }
    size = pairs.filter { ($0.lengthRatio ?? 1) >= Trouble.ratioThreshold }
      .max { ($0.lengthRatio ?? 1) < ($1.lengthRatio ?? 1) }
  }
}

extension ConflictEvidence.Pair {
  /// By how much more often tasks must conflict than samples of one task do, for it to be special to the tasks.
  ///
  /// - Source: C. Elich et al., "Examining Common Paradigms in Multi-Task Learning", GCPR 2024, arXiv 2311.04698:
  ///   samples of one task conflict as often as tasks do, so that conflict alone is no sign of trouble.
  public static let specialMargin = 0.1

  /// How the conflicts of the tasks compare with those between samples of either: above 0 where the tasks conflict
  /// more, by more than the margin; 0 where about as often; nil where no samples were compared.
  public var comparison: Int? {
    sampleConflictShare.map { samples in
      conflictShare > samples + Self.specialMargin ? 1 : conflictShare < samples - Self.specialMargin ? -1 : 0
    }
  }

  fileprivate var conflictsInDirection: Bool {
    conflictShare >= Trouble.conflictThreshold && (comparison ?? 1) > 0
  }

  /// From 0 to 1: the share of conflicts beyond those that samples have.
  var directionNeed: Double { min(max(conflictShare - (sampleConflictShare ?? 0), 0), 1) }

  /// From 0 to 1: gradients ten times as long as others leave those no say.
  var sizeNeed: Double { min(Double.log10(max(lengthRatio ?? 1, 1)), 1) }
}
