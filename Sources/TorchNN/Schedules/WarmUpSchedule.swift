/// A straight rise to the base rate before another schedule begins.
///
/// For t < length: η = η₀ · (start + (1 − start) · t / length). From then on the wrapped schedule, which
/// counts its positions and its total from the end of the rise: PyTorch's `SequentialLR` of `LinearLR` and
/// another.
public struct WarmUpSchedule: Schedule {
  static let lengthParameter = Parameter<Int>.atLeast(
    0, "warm_up", default: 0, "Length of a straight rise before the schedule begins; 0 for none.")
  static let startParameter = Parameter<Double>(
    "warm_up_start", default: 1.0 / 3, rule: "greater than 0, at most 1",
    "Share of the base rate with which the rise begins."
  ) { $0 > 0 && $0 <= 1 }

  /// The options that every planned schedule of the catalogue takes beside its own.
  static let hyperparameters = [lengthParameter.description, startParameter.description]

  /// The length of the rise.
  public let length: Int
  /// The share of the base rate with which the rise begins.
  public let start: Double
  /// The schedule after the rise.
  public let schedule: any Schedule

  /// Creates the schedule.
  ///
  /// - Throws: `OptionError` unless `length` is not negative and `start` lies in (0, 1].
  public init(length: Int, start: Double = 1.0 / 3, then schedule: any Schedule) throws(OptionError) {
    self.length = try Self.lengthParameter.checked(length, for: "warm-up")
    self.start = try Self.startParameter.checked(start, for: "warm-up")
    self.schedule = schedule
  }

  /// Returns the rate on the rise, or the wrapped schedule's.
  public func learningRate(at position: Int, of total: Int, base: Double) -> Double {
    guard position < length else {
      return schedule.learningRate(at: position - length, of: max(total - length, 0), base: base)
    }
    return base * (start + (1 - start) * Double(position) / Double(length))
  }
}
