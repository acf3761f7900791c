import Torch
import TorchNN
import TruceEnvironments
import TruceOptions
import TruceRun
import TruceTraining

extension AgentEntry {
  /// The line of the multi-task soft actor-critic.
  static let sac = AgentEntry(
    about: AgentDescription(
      name: SACSettings.owner, summary: "a soft actor-critic with twin critics, for several tasks at once",
      parameters: SACSettings.parameters,
      source: "Haarnoja et al. 2018; for several tasks Yu et al. 2019, Sodhani et al. 2021",
      shares:
        "the actor and, apart from it, both critics; each task's own last layer where task_input is heads")
  ) { options, run in
    try AgentLearner(AgentRequest(SACSettings(options: options), run))
  }
}

extension AgentRequest {
  /// What a run asks for.
  ///
  /// - Throws: `TrainingError.incompatible` for a schedule or a device that an agent cannot do with, and what keeps the
  ///   environments from being made.
  init(_ settings: SACSettings, _ run: AgentRun) throws {
    guard case .planned(let schedule) = run.schedule else {
      throw TrainingError.incompatible(
        reason: "the schedule plateau follows the training loss, and an agent's losses need not fall",
        help: "choose another schedule, such as constant")
    }
    guard run.device == .cpu else {
      throw TrainingError.incompatible(
        reason: "an agent learns on the processor, and the device is \(run.device)", help: "set device to cpu"
      )
    }
    self.init(
      settings: settings, training: try run.environments(.training),
      evaluation: try run.environments(.evaluation), method: run.method, rule: run.rule)
    (weighting, stepSettings, self.schedule) = (run.weighting, run.settings, schedule)
    (epochs, conflictEvery) = (run.configuration.epochs, run.configuration.conflictEvery)
    (seed, precision, replayFolder) = (run.seed, run.dtype, run.folder)
  }
}
