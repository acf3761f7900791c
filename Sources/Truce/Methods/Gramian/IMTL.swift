import RealModule

/// IMTL: learned scales bring the losses to one size, then the update has equal projections on all gradients.
///
/// IMTL-L followed by IMTL-G: the scales `sᵢ` descend on `Σ e^{sᵢ} Lᵢ − sᵢ`, and with `w` the weights of
/// IMTL-G for the gradients `e^{sᵢ} gᵢ` the update is `d = Σ wᵢ e^{sᵢ} gᵢ`. A step uses the scales from
/// before their own update.
///
/// - Note: The scales multiply the shared gradients only; a head keeps its own task's gradient. IMTL-L as
///   the loss weighting in front of IMTL-G multiplies the heads' gradients too, as the authors do.
/// - Source: L. Liu et al., "Towards Impartial Multi-task Learning", ICLR 2021, equations 5 and 8
///   (https://openreview.net/forum?id=IMPnRXEWpvr).
public struct IMTL: GramianMethod {
  /// The balance of the losses.
  public let lossBalance: IMTLL

  /// Creates the method.
  ///
  /// - Throws: `OptionError` where the rate is negative.
  public init(learningRate: WeightLearningRate = .model) throws(OptionError) {
    lossBalance = try IMTLL(learningRate: learningRate)
  }

  /// Creates the method from named options.
  public init(options: Options) throws(OptionError) {
    lossBalance = try IMTLL(options: options)
  }

  /// Scales of 0.
  public func initialState(taskCount: Int) -> LearnedValues {
    lossBalance.initialState(taskCount: taskCount)
  }

  /// 0: the scales are those of the losses.
  public var scalePower: Double? { 0 }

  /// Returns `wᵢ e^{sᵢ}` and moves the scales one step.
  ///
  /// - Complexity: O(K³).
  public func weights(
    gramian: Gramian, context: StepContext, state: inout LearnedValues,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [Double] {
    try context.requireLosses(count: gramian.taskCount)
    let scales = try lossBalance.weights(context: context, state: &state, using: &generator)
    let weights = IMTLG.weights(of: gramian.scaled(by: scales))
    return zip(weights, scales).map { $0 * $1 }
  }

  /// What is known about the method.
  public static let about = MethodDescription(
    name: "imtl",
    title: "IMTL",
    summary: "Brings the losses to one size, then takes the update with equal projections on all gradients.",
    kind: .gramian,
    paper: IMTLG.about.paper,
    formula: "d = Σ wᵢ exp(sᵢ) gᵢ, w from IMTL-G, s from IMTL-L",
    parameters: IMTLL.about.parameters,
    needs: .losses,
    cost: .gradientRows,
    state: IMTLL.about.state,
    properties: [.permutationEquivariant, .taskScaleInvariant, .deterministic],
    notes: [
      "The scales act on the shared parameters only; imtl-l in front of imtl-g scales the heads too.",
      "IMTL-L changes the length of IMTL-G's update, never its direction.",
    ])
}
