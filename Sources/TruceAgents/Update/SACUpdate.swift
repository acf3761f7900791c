import Torch
import TorchNN
import Truce
import TruceTorch

/// One update of a soft actor-critic: critics, actor, temperatures, targets, in this order.
///
/// The critics learn first; the actor is judged by the critics as they are then; the temperatures move by the densities of
/// the actor's actions before its step; the targets follow last. That is the order of mtrl.
final class SACUpdate {
  /// What is learned.
  let networks: SACNetworks
  /// How the critics move.
  let criticStep: MethodStep
  /// How the actor moves.
  let actorStep: MethodStep
  /// How the temperatures move.
  let temperatureStep: TemperatureStep
  private let taskWeights: SACSettings.TaskWeights

  /// What an update did.
  struct Report {
    /// What the critics' step did.
    let critic: StepReport
    /// What the actor's step did.
    let actor: StepReport
    /// The mean of −log π for each task; nil for one without rows.
    let entropies: [Double?]
    /// The temperature of each task after the update.
    let temperatures: [Double]
    /// What the tasks' losses were multiplied by.
    let taskWeights: [Double]?
  }

  /// Puts a method on networks.
  init(
    _ networks: SACNetworks, _ settings: SACSettings, _ rules: AgentRules, _ choice: MethodChoice,
    _ streams: RandomStreams
  ) throws {
    self.networks = networks
    let count = networks.shape.taskCount
    criticStep = try MethodStep(
      choice, on: networks.critics.split(taskCount: count), rule: rules.critic, clipNorm: settings.clipNorm,
      seed: streams.seed(of: .criticMethod))
    actorStep = try MethodStep(
      settings.scope == .both ? choice : choice.plain, on: networks.actor.split(taskCount: count),
      rule: rules.actor, clipNorm: settings.clipNorm, seed: streams.seed(of: .actorMethod))
    temperatureStep = try TemperatureStep(
      networks.temperatures, taskCount: count, rule: rules.temperature,
      choice: settings.temperatureGradient == .method ? choice : nil,
      seed: streams.seed(of: .temperatureMethod))
    taskWeights = settings.taskWeights
  }

  /// Takes an update.
  ///
  /// - Parameters:
  ///   - input: What it is computed from.
  ///   - further: Draws a further batch, for methods that need one.
  ///   - measuresConflict: Whether the reports tell how much the task gradients disagree.
  /// - Throws: ``PartError``.
  func take(
    _ input: UpdateInput, further: @escaping () -> UpdateInput, measuresConflict: Bool = false
  ) throws -> Report {
    let weights = weights()
    let critic = try PartError.naming(.critic) {
      let losses = CriticLosses(networks, input, weights: weights(input))
      return try criticStep.take(
        measuresConflict: measuresConflict,
        further: furtherPasses(criticStep) { [networks] in
          let input = further()
          return CriticLosses(networks, input, weights: weights(input)).pass(isSplit: $0)
        }, probed: { losses.pass(isSplit: true) }, losses.pass)
    }
    let losses = ActorLosses(networks, input, weights: weights(input))
    let actor = try PartError.naming(.actor) {
      try actorStep.take(
        measuresConflict: measuresConflict,
        further: furtherPasses(actorStep) { [networks] in
          let input = further()
          return ActorLosses(networks, input, weights: weights(input)).pass(isSplit: $0)
        },
        // Losses of their own, since the temperatures move by what the training pass leaves behind.
        probed: { [networks] in
          ActorLosses(networks, input, weights: weights(input)).pass(isSplit: true)
        }, losses.pass)
    }
    let entropies = try moveTemperatures(losses.logDensities, input.batch.rows)
    networks.followCritics()
    return Report(
      critic: critic, actor: actor, entropies: entropies,
      temperatures: networks.temperatures.numbers(taskCount: networks.shape.taskCount),
      taskWeights: weights(input))
  }

  /// What the tasks' losses on a batch are multiplied by, while the temperatures stay as they are; nil where they are not.
  private func weights() -> (UpdateInput) -> [Double]? {
    switch taskWeights {
    case .equal: return { _ in nil }
    case .temperature:
      let weights = networks.temperatures.taskWeights()
      return { _ in weights }
    case .rows: return { $0.batch.rows.weights }
    }
  }

  // MARK: Progress

  /// Where training stands, as methods are told.
  var position: StepPosition {
    get { criticStep.step.position }
    set {
      for step in steps { step.step.position = newValue }
    }
  }

  private var steps: [MethodStep] { [criticStep, actorStep] + (temperatureStep.method.map { [$0] } ?? []) }

  /// Tells the methods the mean losses of an epoch; of a part that made none they are told nothing.
  func endEpoch(critic: [Double?], actor: [Double?]) throws {
    try PartError.naming(.critic) { try criticStep.step.endEpoch(meanLosses: critic.complete) }
    try PartError.naming(.actor) { try actorStep.step.endEpoch(meanLosses: actor.complete) }
    try PartError.naming(.temperature) { try temperatureStep.method?.step.endEpoch(meanLosses: nil) }
  }

  /// Moves the temperatures.
  ///
  /// - Returns: The mean of −log π for each task.
  private func moveTemperatures(_ logDensities: Tensor?, _ rows: TaskRows) throws -> [Double?] {
    guard let logDensities else { return rows.counts.map { _ in nil } }
    let weights = taskWeights == .rows ? rows.weights : nil
    try PartError.naming(.temperature) { try temperatureStep.take(logDensities, rows, weights: weights) }
    return rows.means(of: -logDensities).map { $0?.item() }
  }

  /// The passes on further batches that a method asks for.
  private func furtherPasses(
    _ step: MethodStep, _ pass: @escaping (_ isSplit: Bool) -> ForwardPass
  ) -> (_ isSplit: Bool) -> [() throws -> ForwardPass] {
    let needs = step.step.needs
    let count = needs.contains(.extraBatches) ? 2 : needs.contains(.validationBatches) ? 1 : 0
    return { isSplit in (0..<count).map { _ in { pass(isSplit) } } }
  }
}

extension [Double?] {
  /// The numbers, where none is missing.
  fileprivate var complete: [Double]? {
    let present = compactMap { $0 }
    return present.count == count ? present : nil
  }
}

/// What moves each part of an agent.
struct AgentRules {
  /// What moves the actor.
  let actor: any UpdateRule
  /// What moves the critics.
  let critic: any UpdateRule
  /// What moves the temperatures.
  let temperature: any UpdateRule
}

/// A method's error, and which part of the agent it came from.
struct PartError: Error {
  /// A part of the agent.
  enum Part: String {
    case critic, actor, temperature
  }

  /// The part.
  let part: Part
  /// What went wrong.
  let error: MethodError

  /// Runs `body`, and names the part in a method's error.
  static func naming<Result>(_ part: Part, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as MethodError { throw PartError(part: part, error: error) }
  }
}
