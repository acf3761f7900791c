import Foundation

/// The rate falls by a factor at every position.
///
/// η = η₀ · gamma^t, as PyTorch's `ExponentialLR`.
public struct ExponentialSchedule: CatalogueSchedule {
  static let gammaParameter = Parameter<Double>.positive(
    "gamma", default: nil, "Factor from one position to the next.")

  /// What is known about the schedule.
  public static let about = ScheduleDescription(
    name: "exponential", summary: "Multiplies the rate by a factor at every position.",
    formula: "η = η₀ · gamma^t", parameters: [gammaParameter.description])

  /// The factor from one position to the next.
  public let gamma: Double

  /// Creates the schedule.
  ///
  /// - Throws: `OptionError` unless `gamma` is positive.
  public init(gamma: Double) throws(OptionError) {
    self.gamma = try Self.gammaParameter.checked(gamma, for: Self.about.name)
  }

  /// Creates the schedule from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(gamma: options.value(of: Self.gammaParameter))
  }

  /// Returns η₀ · gamma^t.
  public func learningRate(at position: Int, of total: Int, base: Double) -> Double {
    base * pow(gamma, Double(position))
  }
}
