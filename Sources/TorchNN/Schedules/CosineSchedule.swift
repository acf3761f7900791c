import Foundation

/// The rate follows half a cosine wave down to a minimum.
///
/// η = η_min + (η₀ − η_min) · (1 + cos(π t / T)) / 2, as PyTorch's `CosineAnnealingLR`: past the period T it
/// rises again.
///
/// - Source: I. Loshchilov and F. Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017,
///   equation 5, without restarts.
public struct CosineSchedule: CatalogueSchedule {
  static let minimumParameter = Parameter<Double>.atLeast(
    0, "minimum", default: 0, "Rate at the end of the period.")
  static let periodParameter = Parameter<Int>.atLeast(
    0, "period", default: 0, "Length of the fall; 0 takes the whole training.")

  /// What is known about the schedule.
  public static let about = ScheduleDescription(
    name: "cosine", summary: "Lowers the rate along half a cosine wave.",
    formula: "η = minimum + (η₀ − minimum) · (1 + cos(π t / period)) / 2",
    parameters: [minimumParameter.description, periodParameter.description])

  /// The rate at the end of the period.
  public let minimum: Double
  /// The length of the fall; zero takes the whole training.
  public let period: Int

  /// Creates the schedule.
  ///
  /// - Throws: `OptionError` where a value is negative.
  public init(minimum: Double = 0, period: Int = 0) throws(OptionError) {
    self.minimum = try Self.minimumParameter.checked(minimum, for: Self.about.name)
    self.period = try Self.periodParameter.checked(period, for: Self.about.name)
  }

  /// Creates the schedule from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(
      minimum: options.value(of: Self.minimumParameter), period: options.value(of: Self.periodParameter))
  }

  /// Returns the rate on the cosine wave; the base rate where the period is empty.
  public func learningRate(at position: Int, of total: Int, base: Double) -> Double {
    let length = period > 0 ? period : total
    guard length > 0 else { return base }
    let share = Double(position) / Double(length)
    return minimum + (base - minimum) * (1 + cos(.pi * share)) / 2
  }
}
