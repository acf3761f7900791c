public import ArgumentParser
import TruceOptions

extension [CommandGroup] {
  /// The commands of a program, in the groups of its help.
  ///
  /// - Parameters:
  ///   - train: The commands that need an engine: those of the program itself, or those that hand over to one.
  ///   - diagnose: As `train`.
  ///   - data: As `train`.
  ///   - verify: As `train`.
  ///   - reinforcement: As `train`.
  public static func program(
    train: any ParsableCommand.Type, diagnose: any ParsableCommand.Type, data: any ParsableCommand.Type,
    verify: any ParsableCommand.Type, reinforcement: any ParsableCommand.Type
  ) -> [CommandGroup] {
    [
      CommandGroup(
        name: "Mathematics",
        subcommands: [MethodsCommand.self, AggregateCommand.self, ToyCommand.self]),
      CommandGroup(
        name: "Training",
        subcommands: [
          train, reinforcement, CompareCommand.self, PublishedCommand.self, diagnose, data, verify,
        ]),
      CommandGroup(
        name: "Catalogues",
        subcommands: [
          CatalogueListCommand<ProblemDescription>.self, CatalogueListCommand<TrunkDescription>.self,
          CatalogueListCommand<ArchitectureDescription>.self, CatalogueListCommand<AgentDescription>.self,
          CatalogueListCommand<MetricDescription>.self, CatalogueListCommand<OptimizerDescription>.self,
          CatalogueListCommand<ScheduleDescription>.self,
        ]),
      CommandGroup(name: "Studies", subcommands: [StudyCommand.self]),
      CommandGroup(name: "Set-up", subcommands: [DoctorCommand.self]),
    ]
  }
}
