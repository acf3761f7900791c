/// A learning rate as a pure function of how far training has come.
///
/// A position counts whatever the caller counts, epochs or steps, from zero; `total` is the number of them.
/// Because nothing is remembered, a resumed run needs only its position.
public protocol Schedule: Sendable {
  /// The learning rate at a position.
  ///
  /// - Parameters:
  ///   - position: The number of epochs or steps that lie behind.
  ///   - total: The number of them in the whole training.
  ///   - base: The rate the optimizer was made with.
  func learningRate(at position: Int, of total: Int, base: Double) -> Double
}

/// A schedule that the catalogue can make from a name and options.
public protocol CatalogueSchedule: Schedule {
  /// What is known about the schedule.
  static var about: ScheduleDescription { get }
  /// Creates the schedule from named options.
  ///
  /// - Throws: `OptionError` where an option is missing or breaks its rule.
  init(options: Options) throws(OptionError)
}

/// A schedule of either kind, made from the catalogue.
public enum LearningRateSchedule: Sendable {
  /// The rate follows from the position alone.
  case planned(any Schedule)
  /// The rate follows a measured value.
  case plateau(PlateauSchedule)
}
