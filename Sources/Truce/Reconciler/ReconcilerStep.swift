/// A step on its way through a ``Reconciler``: who takes part, and what has been found out so far.
///
/// A task does not take part where the batch holds no labels for it, or where the policy leaves it out because
/// its loss or gradient is not finite. Its row counts as zero from then on.
public struct ReconcilerStep: Sendable {
  /// The number of tasks, K.
  public let taskCount: Int
  /// The tasks that take part, in order.
  public private(set) var present: [Int]
  /// The tasks left out because a value of theirs was not finite.
  public private(set) var dropped: [Int] = []
  /// Why no parameter is to change in this step, or nil.
  public private(set) var skipReason: MethodError?
  /// What methods are told beside gradients; an absent task's loss is its last finite one.
  public internal(set) var context: StepContext
  /// What the weighting in front made of the losses, or nil where it was not asked or there is none.
  public internal(set) var lossWeights: [Double]?
  /// The inner products of the task gradients, before any weighting, where they are known.
  public internal(set) var gramian: Gramian?
  /// The mixtures of losses to differentiate instead of the tasks, each K numbers.
  var mixtures: [[Double]]?

  init(losses: [Double?], context: StepContext) {
    taskCount = losses.count
    present = losses.indices.filter { losses[$0] != nil }
    self.context = context
  }

  /// Whether every task takes part.
  public var isEveryone: Bool { present.count == taskCount }

  /// The tasks that do not take part.
  public var absent: [Int] { (0..<taskCount).filter { !present.contains($0) } }

  /// Whether there is nothing to do: the step is skipped, or no task takes part.
  public var isOver: Bool { skipReason != nil || present.isEmpty }

  /// Spreads values of the tasks that take part over all tasks, with zero for the others.
  public func spread(_ values: [Double]) -> [Double] {
    var all = [Double](repeating: 0, count: taskCount)
    for (task, value) in zip(present, values) { all[task] = value }
    return all
  }

  /// The values of the tasks that take part.
  public func chosen(from values: [Double]) -> [Double] { present.map { values[$0] } }

  /// Returns the values with zero for the tasks that do not take part.
  func masked(_ values: [Double]) -> [Double] {
    isEveryone ? values : spread(chosen(from: values))
  }
}

// MARK: Values that are not finite

extension ReconcilerStep {
  /// Lets the policy decide about a task whose loss or gradient is not finite: leave it out, or end the step.
  ///
  /// - Throws: ``MethodError/nonFinite(task:what:)`` under the policy to throw.
  public mutating func blame(
    _ task: Int, what: String, under policy: NonFinitePolicy
  ) throws(MethodError) {
    let error = MethodError.nonFinite(task: task, what: what)
    guard policy == .dropTask else { return try skip(because: error, under: policy) }
    present.removeAll { $0 == task }
    dropped.append(task)
    if present.isEmpty { skipReason = error }
  }

  /// Ends the step without a change where the policy forgives the error, for what cannot be blamed on a task that
  /// the step could do without.
  ///
  /// - Throws: The error itself, unless it is about a value that is not finite and the policy forgives it.
  public mutating func skip(
    because error: MethodError, under policy: NonFinitePolicy
  ) throws(MethodError) {
    guard error.isAboutFiniteness, policy != .throw else { throw error }
    skipReason = error
  }
}

extension Gramian {
  /// The Gramian after some gradients have been set to zero.
  func without(_ tasks: [Int]) -> Gramian {
    guard !tasks.isEmpty else { return self }
    return Gramian(taskCount: taskCount) { tasks.contains($0) || tasks.contains($1) ? 0 : self[$0, $1] }
  }
}

/// The last finite loss of each task, told in place of an absent task's.
struct LossMemory: Codable, Equatable {
  private(set) var last: [Double]

  init(taskCount: Int) {
    last = [Double](repeating: 1, count: taskCount)
  }

  /// Remembers what is finite and returns one loss for each task.
  mutating func complete(_ losses: [Double?]) -> [Double] {
    for (task, loss) in losses.enumerated() {
      if let loss, loss.isFinite { last[task] = loss }
    }
    return last
  }
}
