/// All schedules: the one list from which commands, help and documentation derive.
///
/// Every schedule but the plateau takes `warm_up` and `warm_up_start` beside its own options.
public enum ScheduleCatalogue {
  private static let planned: [any CatalogueSchedule.Type] = [
    ConstantSchedule.self, StepSchedule.self, MultiStepSchedule.self, CosineSchedule.self,
    ExponentialSchedule.self, PolynomialSchedule.self,
  ]

  /// The entries, in the order in which help texts show them.
  public static let entries: [ScheduleDescription] =
    planned.map { $0.about.adding(WarmUpSchedule.hyperparameters) } + [PlateauSchedule.about]

  /// The options every planned schedule takes beside its own.
  public static let warmUpHyperparameters: [ParameterDescription] = WarmUpSchedule.hyperparameters

  /// Creates the schedule with this name and these options.
  ///
  /// - Throws: `OptionError` where the name or an option is unknown or breaks its rule.
  public static func schedule(
    named name: String, options: [String: OptionValue] = [:]
  ) throws(OptionError) -> LearningRateSchedule {
    if name == PlateauSchedule.about.name {
      let set = try Options(
        owner: name, parameters: PlateauSchedule.about.parameters, values: options)
      return .plateau(try PlateauSchedule(options: set))
    }
    guard let type = planned.first(where: { $0.about.name == name }) else {
      let known = entries.map(\.name)
      throw .unknownName(
        kind: "schedule", name: name, closest: closestName(to: name, among: known), known: known)
    }
    return .planned(try plannedSchedule(type, options: options))
  }

  private static func plannedSchedule(
    _ type: any CatalogueSchedule.Type, options: [String: OptionValue]
  ) throws(OptionError) -> any Schedule {
    let set = try Options(
      owner: type.about.name, parameters: type.about.parameters + WarmUpSchedule.hyperparameters,
      values: options)
    let schedule = try type.init(options: set)
    let length = try set.value(of: WarmUpSchedule.lengthParameter)
    let start = try set.value(of: WarmUpSchedule.startParameter)
    return length == 0 ? schedule : try WarmUpSchedule(length: length, start: start, then: schedule)
  }
}
