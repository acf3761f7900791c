// What the weighting in front is told after a step and after an epoch.

extension Reconciler {
  /// Tells the weighting the losses of the same batch after the optimizer's step.
  ///
  /// A task without labels counts as unchanged, and so does one whose loss is not finite where the policy
  /// forgives it: the step has been taken and cannot be skipped any more.
  ///
  /// - Throws: ``MethodError`` where a loss is missing, not finite under the policy to throw, or outside the
  ///   method's domain; the state then stays.
  public mutating func observe(lossesAfterStep losses: [Double?]) throws(MethodError) {
    guard losses.count == taskCount else {
      throw .wrongCount(what: "losses", expected: taskCount, received: losses.count)
    }
    var told = memory.last
    for (task, loss) in losses.enumerated() {
      guard let loss else { continue }
      if loss.isFinite {
        told[task] = loss
      } else if settings.nonFinite == .throw {
        throw .nonFinite(task: task, what: "loss after the step")
      }
    }
    guard var advanced = front else { return }
    try advanced.observe(lossesAfterStep: told)
    front = advanced
  }

  /// Tells the weighting that an epoch has ended, with the mean of each loss over it.
  ///
  /// - Throws: ``MethodError`` where a mean is missing or not finite; the state then stays.
  public mutating func endEpoch(meanLosses: [Double]) throws(MethodError) {
    guard meanLosses.count == taskCount else {
      throw .wrongCount(what: "losses", expected: taskCount, received: meanLosses.count)
    }
    if let task = meanLosses.firstIndex(where: { !$0.isFinite }) {
      throw .nonFinite(task: task, what: "mean loss")
    }
    guard var advanced = front else { return }
    try advanced.endEpoch(meanLosses: meanLosses)
    front = advanced
  }
}
