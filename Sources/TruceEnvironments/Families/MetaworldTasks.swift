import Foundation
import TruceOptions

/// The tasks of Metaworld 3: a robot's arm on a table, simulated by MuJoCo.
///
/// - Source: T. Yu et al., "Meta-World: A Benchmark and Evaluation for Multi-Task and Meta Reinforcement Learning", CoRL
///   2019 (arXiv 1910.10897); version 3 with both rewards: R. McLean et al., "Meta-World+", 2025 (arXiv 2505.11289).
/// - Note: Each task's goals come from a stream of its own, drawn by Metaworld's machinery; `MT10(seed)` draws those of all
///   tasks from one. Actions are float32, as Metaworld's space of actions says.
struct MetaworldTasks {
  /// The name of the entry.
  let name: String
  /// The entry in one sentence.
  let summary: String
  /// The tasks, in order.
  let tasks: [String]

  /// The ten tasks of MT10.
  static let mt10 = MetaworldTasks(
    name: "metaworld-mt10", summary: "ten tasks of a robot's arm, simulated by MuJoCo", tasks: tenTasks)
  /// The fifty tasks of MT50.
  static let mt50 = MetaworldTasks(
    name: "metaworld-mt50", summary: "fifty tasks of a robot's arm, simulated by MuJoCo",
    tasks: fiftyTasks)

  /// The versions that workers must have.
  static let versions = ["metaworld": "3.1.1", "mujoco": "3.3.0"]
  /// What to do where they have not.
  static let remedy =
    "run `Scripts/setup rl`, or set TRUCE_RL_PYTHON to a Python with metaworld 3.1.1 and mujoco 3.3.0"

  // MARK: Options

  private static let rewards = Parameter<Rewards>.any(
    "rewards", default: .v2, "The version of the rewards; results of different ones cannot be compared.")
  private static let observation = Parameter<Int>(
    "observation", default: 39, rule: "39 or 12", form: Int.form?.inside(12, 39),
    "How many numbers an observation has: 39, or the 12 of version 1 (hand, two objects, goal)."
  ) { [39, 12].contains($0) }
  private static let goals = Parameter<Int>.atLeast(
    1, "goals", default: 50, "How many goals each task has; each takes 20 ms to draw.")
  private static let evaluationGoals = Parameter<EvaluationGoals>.any(
    "evaluation_goals", default: .training,
    "Which goals are measured on: those of training, as the benchmark has it, or others.")
  private static let anyVersion = Parameter<Bool>.any(
    "any_version", default: false, "Whether other versions of Metaworld and MuJoCo will do.")

  /// A version of the rewards.
  private enum Rewards: String, CaseIterable, ParameterValue {
    case v1, v2
  }

  /// The goals that an agent is measured on.
  private enum EvaluationGoals: String, CaseIterable, ParameterValue {
    /// Those it learned on.
    case training
    /// As many others.
    case others
  }

  /// What is known about the tasks.
  var description: ProblemDescription {
    ProblemDescription(
      name: name, summary: summary,
      parameters: [
        Self.rewards.description, Self.observation.description, Self.goals.description,
        Self.evaluationGoals.description, Self.anyVersion.description,
      ],
      source: "Yu et al. 2019 (arXiv 1910.10897), Metaworld 3.1.1 (MIT)",
      tasks: tasks.map { TaskDescription(name: $0, summary: $0.replacing("-", with: " ")) },
      agent: "sac")
  }

  // MARK: Making

  /// Starts the environments.
  ///
  /// - Throws: `OptionError` or ``EnvironmentError``.
  func make(_ options: Options, _ request: EnvironmentRequest) throws -> WorkerEnvironments {
    let family = try family(options)
    let chosen = try request.chosen(among: tasks, of: name)
    let goals = try options.value(of: Self.goals)
    var request = request
    // Which versions there were stands in the record by itself.
    request.conditions[Self.anyVersion.description.name] = nil
    if try options.value(of: Self.evaluationGoals) == .training { request.purpose = .training }
    let python = try request.workers.python ?? PythonLocation.found(for: name).program
    return try WorkerEnvironments(
      family, tasks: chosen, goalCount: goals, request, launch: WorkerLaunch(python: python))
  }

  func family(_ options: Options) throws -> WorkerFamily {
    let given: [String: OptionValue] = [
      "rewards": try options.value(of: Self.rewards).option,
      "observation": try options.value(of: Self.observation).option,
    ]
    return WorkerFamily(
      name: name, className: "metaworld", options: given,
      versions: try options.value(of: Self.anyVersion) ? [:] : Self.versions, costs: Self.costs,
      remedy: Self.remedy)
  }

  /// What a step takes, in milliseconds of a core, where that was measured; with the rewards of version 2.
  private static let costs = [
    "reach": 0.82, "push": 1.57, "pick-place": 1.75, "door-open": 0.94, "drawer-open": 0.46,
    "drawer-close": 0.60, "button-press-topdown": 0.43, "peg-insert-side": 1.58, "window-open": 0.63,
    "window-close": 0.69,
  ]
  private static let tenTasks = [
    "reach", "push", "pick-place", "door-open", "drawer-open", "drawer-close", "button-press-topdown",
    "peg-insert-side", "window-open", "window-close",
  ]
  private static let fiftyTasks = [
    "assembly", "basketball", "bin-picking", "box-close", "button-press-topdown",
    "button-press-topdown-wall", "button-press", "button-press-wall", "coffee-button", "coffee-pull",
    "coffee-push", "dial-turn", "disassemble", "door-close", "door-lock", "door-open", "door-unlock",
    "hand-insert", "drawer-close", "drawer-open", "faucet-open", "faucet-close", "hammer",
    "handle-press-side", "handle-press", "handle-pull-side", "handle-pull", "lever-pull",
    "pick-place-wall", "pick-out-of-hole", "pick-place", "plate-slide", "plate-slide-side",
    "plate-slide-back", "plate-slide-back-side", "peg-insert-side", "peg-unplug-side", "soccer",
    "stick-push", "stick-pull", "push", "push-wall", "push-back", "reach", "reach-wall", "shelf-place",
    "sweep-into", "sweep", "window-open", "window-close",
  ]
}

extension EnvironmentEntry {
  /// The line of MT10.
  public static let metaworldMT10 = EnvironmentEntry(about: MetaworldTasks.mt10.description) {
    try MetaworldTasks.mt10.make($0, $1)
  }
  /// The line of MT50.
  public static let metaworldMT50 = EnvironmentEntry(about: MetaworldTasks.mt50.description) {
    try MetaworldTasks.mt50.make($0, $1)
  }
}
