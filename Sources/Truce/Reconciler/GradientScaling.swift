/// How the scale moves that the losses of all tasks are multiplied by before they are differentiated.
///
/// Gradients that are too small for the narrow type in which a network computes survive the way back when the losses are
/// large. One scale S holds for all tasks of a step, and the gradients are divided by it before anything looks at them, so
/// that no method, norm or measure knows of it. A step in which S makes a gradient infinite moves nothing and
/// lowers S, down to 1; after so many good steps S grows. At 1 the scale is not to blame, and ``NonFinitePolicy``
/// decides. Powers of two change no digit of a gradient in float32.
///
/// - Note: PyTorch's scale goes on falling below 1.
/// - Source: P. Micikevicius et al., "Mixed Precision Training", ICLR 2018, section 3.2, arXiv 1710.03740; the names and
///   defaults of PyTorch's `GradScaler`.
public struct GradientScaling: Equatable, Sendable {
  static let initialParameter = Parameter<Double>(
    "initial_scale", default: 65536, rule: "at least 1, in the range of float32",
    "The scale of the first step."
  ) { $0 >= 1 && Float($0).isFinite }
  static let growthParameter = Parameter<Double>(
    "growth_factor", default: 2, rule: "greater than 1", "What the scale is multiplied by after good steps."
  ) { $0.isFinite && $0 > 1 }
  static let backoffParameter = Parameter<Double>(
    "backoff_factor", default: 0.5, rule: "greater than 0 and less than 1",
    "What the scale is multiplied by after a step in which it made a gradient infinite."
  ) { $0 > 0 && $0 < 1 }
  static let intervalParameter = Parameter<Int>.atLeast(
    1, "growth_interval", default: 2000, "The good steps in a row after which the scale grows.")
  private static let owner = "gradient_scaling"

  /// The options, in the order in which documentation shows them.
  public static let parameters: [ParameterDescription] = [
    initialParameter.description, growthParameter.description, backoffParameter.description,
    intervalParameter.description,
  ]

  /// The scale of the first step.
  public let initialScale: Double
  /// What the scale is multiplied by after good steps.
  public let growthFactor: Double
  /// What the scale is multiplied by after a step in which it made a gradient infinite.
  public let backoffFactor: Double
  /// The good steps in a row after which the scale grows.
  public let growthInterval: Int

  /// Creates a rule.
  ///
  /// - Throws: `OptionError` that names the option, its rule and what was given.
  public init(
    initialScale: Double = 65536, growthFactor: Double = 2, backoffFactor: Double = 0.5,
    growthInterval: Int = 2000
  ) throws(OptionError) {
    self.initialScale = try Self.initialParameter.checked(initialScale, for: Self.owner)
    self.growthFactor = try Self.growthParameter.checked(growthFactor, for: Self.owner)
    self.backoffFactor = try Self.backoffParameter.checked(backoffFactor, for: Self.owner)
    self.growthInterval = try Self.intervalParameter.checked(growthInterval, for: Self.owner)
  }

  /// Creates a rule from named options.
  ///
  /// - Throws: `OptionError` where an option is unknown or breaks its rule.
  public init(options values: [String: OptionValue]) throws(OptionError) {
    let options = try Options(owner: Self.owner, parameters: Self.parameters, values: values)
    try self.init(
      initialScale: options.value(of: Self.initialParameter),
      growthFactor: options.value(of: Self.growthParameter),
      backoffFactor: options.value(of: Self.backoffParameter),
      growthInterval: options.value(of: Self.intervalParameter))
  }
}

extension GradientScaling {
  /// The scale and what it remembers.
  public struct State: Codable, Equatable, Sendable {
    /// What the losses are multiplied by.
    public var scale: Double
    /// The good steps since the scale moved last.
    public var goodSteps: Int
    /// The steps so far that were skipped for a gradient that is not finite.
    public var skippedSteps: Int

    /// Creates a state; by default one that remembers no step.
    public init(scale: Double, goodSteps: Int = 0, skippedSteps: Int = 0) {
      self.scale = scale
      self.goodSteps = goodSteps
      self.skippedSteps = skippedSteps
    }
  }

  /// The state before the first step.
  public var initialState: State { State(scale: initialScale) }

  /// Counts a step that was taken, after the last of which the scale grows as far as float32 goes.
  public func advance(_ state: inout State) {
    state.goodSteps += 1
    guard state.goodSteps == growthInterval else { return }
    state.goodSteps = 0
    let grown = state.scale * growthFactor
    if Float(grown).isFinite { state.scale = grown }
  }

  /// Lowers the scale, but not below 1, after a step that was skipped.
  public func backOff(_ state: inout State) {
    state = State(scale: max(state.scale * backoffFactor, 1), skippedSteps: state.skippedSteps + 1)
  }
}
