public import Torch
public import TorchNN
public import Truce

/// One training step of multi-task learning: from K losses to moved parameters.
///
/// A loss weighting is one backward pass of a weighted sum. A gradient method differentiates every loss, asks for
/// weights and hands the combination to the shared parameters, while each head keeps its own task's gradient. A loss
/// weighting may stand in front of a gradient method. Then the optimizer moves the parameters, or the method does
/// that keeps an optimizer for each task; and a method that wants to see the losses after the step is shown them.
///
/// ```swift
/// let step = try MultiTaskStep(
///   method: .gramian(CAGrad(c: 0.4)), partition: network.partition, optimizer: optimizer)
/// let report = try step.step(ForwardPass(losses: losses, features: features))
/// ```
///
/// The learning rate that methods are told is that of the optimizer's first group. The first steps check how the
/// losses depend on the shared parameters: a task that reaches none is named, and features that do not catch every
/// way from a loss to a shared parameter are not relied on.
public final class MultiTaskStep {
  /// What moves the parameters.
  public let optimizer: Optimizer
  /// Where training stands, as methods are told.
  ///
  /// A step and ``endEpoch(meanLosses:)`` count by themselves; a loop with positions of its own sets them.
  public var position = StepPosition()
  private let partition: ParameterPartition
  private let paths: PathCheck
  private lazy var probe = ConflictProbe(partition: partition)
  let strategy: any StepStrategy
  var reconciler: Reconciler
  /// The scale of the losses as the next step takes it; nil where they are not scaled.
  public internal(set) var gradientScale: GradientScaling.State?
  private var filled: Filled?

  /// What is left to do once gradients are filled.
  private struct Filled {
    /// Runs the batch again, where the weighting wants to see its losses after the step.
    let again: (() throws -> ForwardPass)?
  }

  /// Puts a method on a network.
  ///
  /// - Parameters:
  ///   - method: Any method of the catalogue.
  ///   - weighting: A loss weighting in front of a gradient method.
  ///   - partition: The network's parameters by who uses them.
  ///   - optimizer: What moves the parameters.
  ///   - settings: Grouping, target, policy and scale.
  ///   - seed: The seed of the method's randomness.
  ///   - clock: Where timings are read.
  ///   - walk: How gradients are carried through shared layers, where the pass names its features.
  /// - Throws: `MethodError` where method, weighting, settings and network do not go together,
  ///   ``StepError/nothingShared``.
  public init(
    method: AnyMethod, weighting: (any LossWeighting)? = nil, partition: ParameterPartition,
    optimizer: Optimizer, settings: StepSettings = StepSettings(), seed: UInt64 = 0,
    clock: StepClock = .system, walk: GradientSweep.Walk = .together
  ) throws {
    guard !partition.shared.isEmpty else { throw StepError.nothingShared }
    self.optimizer = optimizer
    self.partition = partition
    reconciler = try Reconciler(
      method, weighting: weighting, taskCount: partition.taskCount, settings: settings, seed: seed)
    gradientScale = settings.scaling?.initialState
    let needsFeatures =
      settings.target == .features || method.about.needs.contains(.featureGradients)
    paths = PathCheck(partition: partition, needsFeatures: needsFeatures)
    let setup = StrategySetup(partition: partition, settings: settings, clock: clock, walk: walk)
    strategy = try setup.strategy(for: reconciler.procedure, named: method.about.name)
  }

  // MARK: Facts

  /// What the step does beside the method's rule.
  public var settings: StepSettings { reconciler.settings }
  /// What is known about the method.
  public var method: MethodDescription { reconciler.method }
  /// What the task gradients take beside the memory there is, where the method needs them to combine and nothing more; nil
  /// elsewhere.
  public var footprint: GradientFootprint? {
    guard case .combination = reconciler.procedure, settings.target == .parameters else { return nil }
    return GradientFootprint(of: partition, memory: settings.memoryShare)
  }
  /// How they are held, rows or stream, as `StepSettings.memory` asks or the memory there is wants; nil as
  /// ``footprint``.
  public var gradientMemory: GradientMemory? { footprint?.resolved(settings.memory) }
  /// The method's name, after that of the weighting in front of it: `cagrad`, `uw+cagrad`.
  public var name: String { reconciler.name }
  /// What the method and the weighting in front of it must be given beside the losses of a batch.
  ///
  /// The two further batches of `MethodNeeds.extraBatches`, or the validation batch of
  /// `MethodNeeds.validationBatches`, are handed over with the pass.
  public var needs: MethodNeeds { reconciler.needs }

  // MARK: Stepping

  /// Takes a step: gradients, weights, update, and a second forward pass where the method wants to see the losses
  /// after the step.
  ///
  /// - Parameters:
  ///   - pass: The losses, and the shared features where the network names them.
  ///   - further: Forward passes on further batches, for methods that need them.
  ///   - measuresConflict: Whether the report tells how much the task gradients disagree. A method that has the
  ///     gradients of all tasks measures them at no further pass; otherwise K passes more are taken.
  /// - Returns: What was done; with ``StepReport/skipReason`` no parameter has moved.
  /// - Throws: ``StepError``, `MethodError` naming the task, or `TorchError`. No parameter has moved then, unless
  ///   the error is one of the losses after the step.
  /// - Complexity: K backward passes and O(K P) memory for gradient methods, or one pass more and the memory of the largest
  ///   layer's K rows where ``gradientMemory`` is to stream; one pass for loss weightings.
  public func step(
    _ pass: ForwardPass, further: [() throws -> ForwardPass] = [], measuresConflict: Bool = false
  ) throws -> StepReport {
    let report = try fillGradients(pass, further: further, measuresConflict: measuresConflict)
    try update()
    return report
  }

  /// The first half of a step: fills the gradient of every parameter and moves nothing, for those who want to look
  /// at the gradients or change them.
  ///
  /// - Throws: As ``step(_:further:measuresConflict:)``.
  public func fillGradients(
    _ pass: ForwardPass, further: [() throws -> ForwardPass] = [], measuresConflict: Bool = false
  ) throws -> StepReport {
    try check(pass)
    let before = reconciler
    filled = nil
    clearGradients()
    let pass = pass.scaled(by: gradientScale?.scale ?? 1)
    reconciler.gradientPolicy = pass.isScaled ? .skipStep : settings.nonFinite
    do {
      let report = try forgivingScale(of: pass) {
        try filledGradients(pass, further, measuresConflict: measuresConflict)
      }
      if report.skipReason != nil { withdraw(to: before) }
      moveScale(after: report)
      position.iteration += 1
      return report
    } catch {
      withdraw(to: before)
      throw error
    }
  }

  /// The second half of a step: moves the parameters along the gradients that are filled, and shows the method the
  /// losses after the step.
  ///
  /// Does nothing after a step that was skipped.
  ///
  /// - Throws: `TorchError` where memory runs out, `MethodError` of a loss after the step.
  public func update() throws {
    guard let filled else { return }
    self.filled = nil
    try strategy.update(optimizer)
    guard let again = filled.again else { return }
    let losses = try withoutGradients { try again().numbers() }
    try reconciler.observe(lossesAfterStep: losses)
  }

  /// Counts an epoch and tells the weighting the mean of each loss over it.
  ///
  /// - Parameter meanLosses: The means; nil where a task has had no loss in the epoch, of which no method is told.
  /// - Throws: `MethodError` where a mean is not finite, or there is not one for each task.
  public func endEpoch(meanLosses: [Double]?) throws {
    if let meanLosses { try reconciler.endEpoch(meanLosses: meanLosses) }
    position.epoch += 1
  }

  private func filledGradients(
    _ pass: ForwardPass, _ further: [() throws -> ForwardPass], measuresConflict: Bool
  ) throws -> StepReport {
    let pass = try paths.verified(pass)
    let losses = try pass.numbers()
    var step = try reconciler.begin(
      losses: losses, at: position, learningRate: optimizer.learningRates.first)
    guard !step.isOver else { return report(losses, step, StepOutcome()) }
    let measures = measuresConflict && partition.taskCount > 1
    let probed = measures && !strategy.measuresConflict ? try probe.measure(pass) : nil
    let passes = StepPasses(
      pass: pass,
      further: further.map { run in { [paths] in try paths.verified(run()).scaled(by: pass.lossScale) } },
      measuresConflict: measures && strategy.measuresConflict)
    var outcome = try strategy.fillGradients(passes, &step, &reconciler)
    outcome.conflict = outcome.conflict ?? probed
    if !step.isOver { try pass.requireFinite(gradients) }
    return report(losses, step, outcome, again: pass.again)
  }

  /// Says what was done and keeps in mind what is left to do.
  private func report(
    _ losses: [Double?], _ step: ReconcilerStep, _ outcome: StepOutcome,
    again: (() throws -> ForwardPass)? = nil
  ) -> StepReport {
    guard step.skipReason == nil else { return StepReport(losses: losses, skipReason: step.skipReason) }
    let looksBack = needs.contains(.secondForward) && step.lossWeights != nil
    filled = Filled(again: looksBack ? again : nil)
    return StepReport(
      losses: losses, lossWeights: outcome.lossWeights ?? step.lossWeights, weights: outcome.weights,
      gramian: step.gramian, conflict: outcome.conflict, droppedTasks: step.dropped,
      timings: outcome.timings)
  }

  /// Goes back to before a step that cannot be taken.
  private func withdraw(to before: Reconciler) {
    reconciler = before
    filled = nil
    clearGradients()
  }

  private func clearGradients() { for parameter in parameters { parameter.grad = nil } }

  /// The shared parameters, those of the heads, and the rotations'.
  private var parameters: [Tensor] {
    partition.sharedTensors + partition.heads.joined() + partition.rotations.map(\.exponent)
  }

  private var gradients: [Tensor] { parameters.compactMap(\.grad) }

  private func check(_ pass: ForwardPass) throws {
    guard pass.losses.count == partition.taskCount else {
      throw StepError.wrongLossCount(expected: partition.taskCount, received: pass.losses.count)
    }
    for (task, loss) in pass.losses.enumerated() {
      if let loss, loss.count != 1 { throw StepError.lossNotScalar(task: task, shape: loss.shape) }
    }
    guard needs.contains(.secondForward), pass.again == nil else { return }
    throw MethodError.notApplicable(
      method: reconciler.weighting?.name ?? method.name, reason: "needs a pass that can be run again")
  }
}

extension ForwardPass {
  /// The losses as numbers, read from the device at once.
  func numbers() throws -> [Double?] {
    let present = losses.compactMap { $0?.detached().reshaped([]).to(.float64) }
    guard !present.isEmpty else { return losses.map { _ in nil } }
    var values = Tensor.stacked(present).toArray(as: Double.self)[...]
    return losses.map { $0 == nil ? nil : values.popFirst() }
  }
}
