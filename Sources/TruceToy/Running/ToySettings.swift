public import Truce

/// What a run of the toy is made of, beside the point it starts from.
public struct ToySettings: Sendable {
  /// The catalogue name of the method.
  public let method: String
  /// The options given; `resolvedOptions` adds the toy's own defaults.
  public let options: [String: OptionValue]
  /// The optimizer.
  public var optimizer: ToyOptimizer
  /// How many steps a run takes.
  public var iterations: Int = 100_000
  /// The precision of the computation.
  public var precision: ToyPrecision = .float32
  /// The seed of a method that draws random numbers.
  public var seed: UInt64 = 0
  /// The constant under CAGrad's roots, as in the authors' toy; 0 for the exact rule.
  public var smoothing = 1e-4
  /// When a run counts as arrived.
  public var criterion = ToyCriterion()
  /// The distance, in iterations, between recorded points; nil records none.
  public var recordingInterval: Int?
  /// Whether a run ends as soon as it arrives.
  public var stopsOnArrival = false

  /// Creates settings with the authors' optimizer, number of steps and precision.
  public init(
    method: String, options: [String: OptionValue] = [:],
    optimizer: ToyOptimizer = ToyOptimizer(.adam, learningRate: 1e-3)
  ) {
    self.method = method
    self.options = options
    self.optimizer = optimizer
  }

  /// The options with which the method is made: those given, over the conventions of the toy.
  ///
  /// The authors average where a method sums or averages, and their CAGrad takes `c = 0.5` and divides by
  /// `1 + c`. The losses fall to -20; a method that needs them positive, and can shift them, is told the
  /// bound -21 that FAMO's authors use. A method's own defaults hold for everything else.
  public func resolvedOptions() throws(MethodError) -> [String: OptionValue] {
    let declared = try Catalogue.entry(named: method).about.parameters.map(\.name)
    let conventions = Self.conventions.merging(Self.ownConventions[method] ?? [:]) { $1 }
    return conventions.filter { declared.contains($0.key) }.merging(options) { $1 }
  }

  private static let conventions: [String: OptionValue] = [
    "reduction": "mean", "min_losses": -21, "shift": 21,
  ]

  private static let ownConventions: [String: [String: OptionValue]] = [
    "cagrad": ["c": 0.5, "rescale": "linear"], "cagrad-fast": ["c": 0.5, "rescale": "linear"],
    "famo": ["weight_decay": 0],
  ]

  /// Makes the method as the settings have it.
  ///
  /// - Throws: ``MethodError`` where the method is unknown or its options break a rule.
  func makeMethod() throws(MethodError) -> AnyMethod {
    let method = try Catalogue.method(named: method, options: resolvedOptions())
    if smoothing > 0, case .gramian(let exact as CAGrad) = method, exact.maximumNorm == nil {
      return .gramian(SmoothedCAGrad(exact, constant: smoothing))
    }
    return method
  }
}
