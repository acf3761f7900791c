/// Lowers the rate when a measured value has stopped improving, as PyTorch's `ReduceLROnPlateau`.
///
/// A value counts as better than the best one b when it is less than b · (1 − threshold), or, for a value to
/// be maximised, greater than b · (1 + threshold). After more than `patience` values in a row that are not
/// better, the rate becomes max(rate · factor, minimum); then `cooldown` values pass before counting begins
/// again. A value that is not a number is not better.
public struct PlateauSchedule: Sendable, Equatable {
  /// Which values are good.
  public enum Goal: String, ParameterValue, CaseIterable, Codable {
    /// Small ones, as of a loss.
    case minimize
    /// Large ones, as of an accuracy.
    case maximize
  }

  /// What the threshold is measured in.
  public enum ThresholdMode: String, ParameterValue, CaseIterable, Codable {
    /// Shares of the best value.
    case relative
    /// The value's own unit.
    case absolute
  }

  /// What the schedule remembers between two values.
  public struct State: Codable, Equatable, Sendable {
    /// The best value so far.
    public var best: Double?
    /// The number of values in a row that were not better.
    public var badCount: Int = 0
    /// The number of values still to pass before counting begins again.
    public var cooldownLeft: Int = 0
    /// How often the rate was lowered.
    public var reductionCount: Int = 0

    /// Creates the state before the first value.
    public init() {}
  }

  /// Which values are good.
  public let goal: Goal
  /// The factor by which the rate falls.
  public let factor: Double
  /// The number of values in a row without improvement that are borne.
  public let patience: Int
  /// The least improvement that counts.
  public let threshold: Double
  /// What the threshold is measured in.
  public let thresholdMode: ThresholdMode
  /// The number of values that pass after a fall before counting begins again.
  public let cooldown: Int
  /// The rate below which it does not fall.
  public let minimum: Double

  /// Creates the schedule.
  ///
  /// - Throws: `OptionError` where a value breaks its rule.
  public init(
    goal: Goal = .minimize, factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4,
    thresholdMode: ThresholdMode = .relative, cooldown: Int = 0, minimum: Double = 0
  ) throws(OptionError) {
    let name = Self.about.name
    self.goal = goal
    self.factor = try Self.factorParameter.checked(factor, for: name)
    self.patience = try Self.patienceParameter.checked(patience, for: name)
    self.threshold = try Self.thresholdParameter.checked(threshold, for: name)
    self.thresholdMode = thresholdMode
    self.cooldown = try Self.cooldownParameter.checked(cooldown, for: name)
    self.minimum = try Self.minimumParameter.checked(minimum, for: name)
  }

  /// The smallest change of the rate worth making, as in PyTorch.
  static let smallestChange = 1e-8

  /// Takes in a value and returns whether the rate is to fall now.
  public func shouldReduce(after value: Double, state: inout State) -> Bool {
    if isBetter(value, than: state.best) {
      state.best = value
      state.badCount = 0
    } else {
      state.badCount += 1
    }
    if state.cooldownLeft > 0 {
      state.cooldownLeft -= 1
      state.badCount = 0
    }
    guard state.badCount > patience else { return false }
    state.cooldownLeft = cooldown
    state.badCount = 0
    state.reductionCount += 1
    return true
  }

  /// Returns the rate after a fall.
  public func reduced(_ rate: Double) -> Double {
    let lower = max(rate * factor, minimum)
    return rate - lower > Self.smallestChange ? lower : rate
  }

  private func isBetter(_ value: Double, than best: Double?) -> Bool {
    guard let best else { return !value.isNaN }
    return switch (goal, thresholdMode) {
    case (.minimize, .relative): value < best * (1 - threshold)
    case (.minimize, .absolute): value < best - threshold
    case (.maximize, .relative): value > best * (1 + threshold)
    case (.maximize, .absolute): value > best + threshold
    }
  }
}

extension PlateauSchedule {
  static let goalParameter = Parameter<Goal>.any(
    "goal", default: .minimize, "Whether small or large values are good.")
  static let factorParameter = Parameter<Double>(
    "factor", default: 0.1, rule: "greater than 0 and less than 1", "Factor of each fall."
  ) { $0 > 0 && $0 < 1 }
  static let patienceParameter = Parameter<Int>.atLeast(
    0, "patience", default: 10, "Number of values without improvement that are borne.")
  static let thresholdParameter = Parameter<Double>.atLeast(
    0, "threshold", default: 1e-4, "Least improvement that counts.")
  static let thresholdModeParameter = Parameter<ThresholdMode>.any(
    "threshold_mode", default: .relative, "Whether the threshold is a share of the best value.")
  static let cooldownParameter = Parameter<Int>.atLeast(
    0, "cooldown", default: 0, "Number of values that pass after a fall before counting begins again.")
  static let minimumParameter = Parameter<Double>.atLeast(
    0, "minimum", default: 0, "Rate below which it does not fall.")

  /// What is known about the schedule.
  public static let about = ScheduleDescription(
    name: "plateau",
    summary:
      "Lowers the rate when a measured value, in a run the sum of the training losses, has stopped improving.",
    formula: "η ← max(factor · η, minimum) after more than patience values without improvement",
    parameters: [
      goalParameter.description, factorParameter.description, patienceParameter.description,
      thresholdParameter.description, thresholdModeParameter.description, cooldownParameter.description,
      minimumParameter.description,
    ],
    followsMetric: true)

  /// Creates the schedule from named options.
  ///
  /// - Throws: `OptionError` where an option breaks its rule.
  public init(options: Options) throws(OptionError) {
    try self.init(
      goal: options.value(of: Self.goalParameter), factor: options.value(of: Self.factorParameter),
      patience: options.value(of: Self.patienceParameter),
      threshold: options.value(of: Self.thresholdParameter),
      thresholdMode: options.value(of: Self.thresholdModeParameter),
      cooldown: options.value(of: Self.cooldownParameter), minimum: options.value(of: Self.minimumParameter))
  }
}
