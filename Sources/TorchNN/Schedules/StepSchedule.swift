import Foundation

/// The rate falls by a factor at regular distances.
///
/// η = η₀ · gamma^⌊t / size⌋, as PyTorch's `StepLR`.
public struct StepSchedule: CatalogueSchedule {
  static let sizeParameter = Parameter<Int>.atLeast(
    1, "size", default: nil, "Distance between two falls.")
  static let gammaParameter = Parameter<Double>.positive(
    "gamma", default: 0.1, "Factor of each fall.")

  /// What is known about the schedule.
  public static let about = ScheduleDescription(
    name: "step", summary: "Multiplies the rate by a factor at regular distances.",
    formula: "η = η₀ · gamma^⌊t / size⌋",
    parameters: [sizeParameter.description, gammaParameter.description])

  /// The distance between two falls.
  public let size: Int
  /// The factor of each fall.
  public let gamma: Double

  /// Creates the schedule.
  ///
  /// - Throws: `OptionError` unless `size` is at least 1 and `gamma` positive.
  public init(size: Int, gamma: Double = 0.1) throws(OptionError) {
    self.size = try Self.sizeParameter.checked(size, for: Self.about.name)
    self.gamma = try Self.gammaParameter.checked(gamma, for: Self.about.name)
  }

  /// Creates the schedule from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(
      size: options.value(of: Self.sizeParameter), gamma: options.value(of: Self.gammaParameter))
  }

  /// Returns η₀ · gamma^⌊t / size⌋.
  public func learningRate(at position: Int, of total: Int, base: Double) -> Double {
    base * pow(gamma, Double(position / size))
  }
}
