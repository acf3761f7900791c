import Torch
import TorchNN
import Truce
import TruceTorch

/// How one network's losses become moved parameters: the method, the length, the optimizer.
///
/// A loss weighting is one backward pass over rows that went through the network together. Other methods want the
/// gradient of each task: then each task's rows go through by themselves, so that its backward pass sees no others.
final class MethodStep {
  /// The method on the network.
  let step: MultiTaskStep
  private let parameters: [Tensor]
  private let clipNorm: Double?
  private let probe: ConflictProbe?

  /// Puts a method on a network.
  ///
  /// - Parameters:
  ///   - choice: The method and what stands in front of it.
  ///   - network: The parameters that all tasks train, and each task's own.
  ///   - rule: What moves them.
  ///   - clipNorm: The length to which a longer gradient is cut; nil for none.
  ///   - seed: The seed of the method's randomness.
  init(
    _ choice: MethodChoice, on network: (shared: NamedTensors, heads: [NamedTensors]), rule: any UpdateRule,
    clipNorm: Double?, seed: UInt64
  ) throws {
    let partition = ParameterPartition(shared: Array(network.shared), heads: network.heads.map(\.tensors))
    let all = network.heads.reduce(network.shared) { $0.appending($1) }
    step = try MultiTaskStep(
      method: choice.method, weighting: choice.weighting, partition: partition,
      optimizer: Optimizer(all, rule: rule), settings: choice.settings, seed: seed)
    parameters = all.tensors
    self.clipNorm = clipNorm
    probe = choice.isWeighting ? ConflictProbe(partition: partition) : nil
  }

  /// What updates the parameters.
  var optimizer: Optimizer { step.optimizer }

  /// Whether the method wants each task's rows to go through the network by themselves.
  private var splitsTasks: Bool { probe == nil }

  /// Takes a step.
  ///
  /// A loss weighting's gradient is divided by the number of tasks, so that equal weighting moves along the mean of the
  /// losses, as gradient methods do, and a length means the same under each.
  ///
  /// - Parameters:
  ///   - measuresConflict: Whether the report tells how much the task gradients disagree.
  ///   - further: Runs further batches, with each task's rows by themselves or not.
  ///   - probed: Runs the batch once more with each task's rows by themselves, where the step itself does not look at the tasks'
  ///     gradients and the report is to. It must leave behind nothing that is learned from, since rows that go through
  ///     the network by themselves give other last digits than rows that go through together.
  ///   - pass: Runs the batch, with each task's rows by themselves or not.
  func take(
    measuresConflict: Bool, further: (_ isSplit: Bool) -> [() throws -> ForwardPass],
    probed: () throws -> ForwardPass, _ pass: (_ isSplit: Bool) throws -> ForwardPass
  ) throws -> StepReport {
    let probed = measuresConflict ? try probe?.measure(probed()) : nil
    var report = try step.fillGradients(
      pass(splitsTasks), further: further(splitsTasks), measuresConflict: measuresConflict && splitsTasks)
    report.conflict = report.conflict ?? probed
    guard report.skipReason == nil else { return report }
    if !splitsTasks, report.losses.count > 1 {
      TensorLists.scale(parameters.compactMap(\.grad), by: 1 / Double(report.losses.count))
    }
    if let clipNorm { GradientClipping.clipNorm(of: parameters, to: clipNorm) }
    try step.update()
    return report
  }
}

/// A method, a weighting in front of it, and what a step does beside.
struct MethodChoice {
  /// The method.
  let method: AnyMethod
  /// A loss weighting in front of a gradient method.
  let weighting: (any LossWeighting)?
  /// Grouping, target, policy and scale.
  let settings: StepSettings

  /// The mean of the tasks' losses, under the same policy.
  var plain: MethodChoice {
    MethodChoice(
      method: .lossWeighting(EqualWeighting()), weighting: nil,
      settings: StepSettings(nonFinite: settings.nonFinite))
  }

  /// Whether it is one backward pass of a weighted sum of the losses.
  var isWeighting: Bool {
    guard case .lossWeighting = method else { return false }
    return !method.about.needs.contains(.gradientNorms)
  }
}
