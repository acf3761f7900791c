/// The base rate throughout.
public struct ConstantSchedule: CatalogueSchedule {
  /// What is known about the schedule.
  public static let about = ScheduleDescription(
    name: "constant", summary: "Keeps the base rate throughout.", formula: "η = η₀")

  /// Creates the schedule.
  public init() {}

  /// Creates the schedule, which takes no options.
  public init(options: Options) throws(OptionError) {}

  /// Returns the base rate.
  public func learningRate(at position: Int, of total: Int, base: Double) -> Double { base }
}
