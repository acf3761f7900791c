import Foundation

/// The rate falls by a factor at given positions.
///
/// η = η₀ · gamma^n, where n counts the milestones m ≤ t, as PyTorch's `MultiStepLR`. A milestone given
/// twice counts twice.
public struct MultiStepSchedule: CatalogueSchedule {
  static let milestonesParameter = Parameter<[Int]>(
    "milestones", default: nil, rule: "a list of whole numbers of at least 1", "Positions of the falls."
  ) { !$0.isEmpty && $0.allSatisfy { $0 >= 1 } }
  static let gammaParameter = Parameter<Double>.positive(
    "gamma", default: 0.1, "Factor of each fall.")

  /// What is known about the schedule.
  public static let about = ScheduleDescription(
    name: "multi-step", summary: "Multiplies the rate by a factor at given positions.",
    formula: "η = η₀ · gamma^|{m in milestones : m ≤ t}|",
    parameters: [milestonesParameter.description, gammaParameter.description])

  /// The positions at which the rate falls.
  public let milestones: [Int]
  /// The factor of each fall.
  public let gamma: Double

  /// Creates the schedule.
  ///
  /// - Throws: `OptionError` unless there is a milestone, each is at least 1, and `gamma` is positive.
  public init(milestones: [Int], gamma: Double = 0.1) throws(OptionError) {
    self.milestones = try Self.milestonesParameter.checked(milestones, for: Self.about.name)
    self.gamma = try Self.gammaParameter.checked(gamma, for: Self.about.name)
  }

  /// Creates the schedule from named options.
  public init(options: Options) throws(OptionError) {
    try self.init(
      milestones: options.value(of: Self.milestonesParameter),
      gamma: options.value(of: Self.gammaParameter))
  }

  /// Returns η₀ · gamma^n for the n milestones that lie behind.
  public func learningRate(at position: Int, of total: Int, base: Double) -> Double {
    base * pow(gamma, Double(milestones.count { $0 <= position }))
  }
}
