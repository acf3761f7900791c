import Foundation

/// The rate falls to zero along a power of what remains.
///
/// η = η₀ · (1 − min(t, T) / T)^power, as PyTorch's `PolynomialLR`.
public struct PolynomialSchedule: CatalogueSchedule {
  static let powerParameter = Parameter<Double>.positive(
    "power", default: 1, "Power of the share that remains; 1 is a straight line.")
  static let periodParameter = Parameter<Int>.atLeast(
    0, "period", default: 0, "Length of the fall; 0 takes the whole training.")

  /// What is known about the schedule.
  public static let about = ScheduleDescription(
    name: "polynomial", summary: "Lowers the rate to zero along a power of what remains.",
    formula: "η = η₀ · (1 − min(t, period) / period)^power",
    parameters: [powerParameter.description, periodParameter.description])

  /// The power of the share that remains.
  public let power: Double
  /// The length of the fall; zero takes the whole training.
  public let period: Int

  /// Creates the schedule.
  ///
  /// - Throws: `OptionError` unless `power` is positive and `period` not negative.
  public init(power: Double = 1, period: Int = 0) throws(OptionError) {
    self.power = try Self.powerParameter.checked(power, for: Self.about.name)
    self.period = try Self.periodParameter.checked(period, for: Self.about.name)
  }

  /// Creates the schedule from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(
      power: options.value(of: Self.powerParameter), period: options.value(of: Self.periodParameter))
  }

  /// Returns the rate on the polynomial; the base rate where the period is empty.
  public func learningRate(at position: Int, of total: Int, base: Double) -> Double {
    let length = period > 0 ? period : total
    guard length > 0 else { return base }
    return base * pow(1 - Double(min(position, length)) / Double(length), power)
  }
}
