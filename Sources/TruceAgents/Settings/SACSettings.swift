public import TruceOptions

/// How a soft actor-critic learns several tasks: network, update, replay, rewards and measurement.
///
/// - Source: T. Haarnoja et al., "Soft Actor-Critic Algorithms and Applications", 2018, arXiv 1812.05905; the choices are
///   those of S. Sodhani et al., "Multi-Task Reinforcement Learning with Context-based Representations", ICML 2021 (mtrl),
///   V. Kurin et al., "In Defense of the Unitary Scalarization for Deep Multi-Task Learning", NeurIPS 2022, and
///   R. McLean et al., "Meta-World+", 2025.
public struct SACSettings: Equatable, Sendable {
  /// How the networks know which task it is.
  public enum TaskInput: String, ParameterValue, CaseIterable, Sendable {
    /// A one for the task and zeros for the others, behind the observation.
    case oneHot = "one-hot"
    /// Not at all, beyond what the observation tells.
    case none
    /// A last layer of its own for each task.
    case heads
  }

  /// How the layers begin.
  public enum FirstWeights: String, ParameterValue, CaseIterable, Sendable {
    /// He's uniform draws, and draws from ±10⁻³ in the last layer.
    case he
    /// Xavier's uniform draws.
    case xavier
  }

  /// How the network's numbers become the logarithm of a deviation between -20 and 2.
  public enum LogDeviation: String, ParameterValue, CaseIterable, Sendable {
    /// Cut to the range.
    case clip
    /// −20 + 11 (tanh(x) + 1).
    case tanh
  }

  /// How the density of a squashed action is corrected.
  public enum Correction: String, ParameterValue, CaseIterable, Sendable {
    /// By log(1 − a²), computed without loss of digits.
    case exact
    /// By log(max(1 − a², 0) + 10⁻⁶), as published.
    case floored
  }

  /// How many temperatures there are.
  public enum TemperatureSharing: String, ParameterValue, CaseIterable, Sendable {
    /// One for each task.
    case perTask = "per-task"
    /// One for all.
    case shared
  }

  /// What moves the temperatures.
  public enum TemperatureGradient: String, ParameterValue, CaseIterable, Sendable {
    /// The mean of the tasks' losses.
    case plain
    /// What the method makes of the tasks' gradients.
    case method
  }

  /// What a temperature's loss is a multiple of.
  public enum TemperatureLoss: String, ParameterValue, CaseIterable, Sendable {
    /// The temperature itself.
    case temperature
    /// Its logarithm.
    case logarithm
  }

  /// How the tasks' losses are weighed before any method sees them.
  public enum TaskWeights: String, ParameterValue, CaseIterable, Sendable {
    /// Alike.
    case equal
    /// By K · softmax(−log α): tasks with a high temperature, which are not yet learned, count less.
    case temperature
    /// By K · n / B, with n of the batch's B rows: the mean of the tasks' losses is then that of the whole batch.
    ///
    /// Published code takes that mean under equal weighting (mtrl's plain agents), and means of each task's rows where a
    /// method looks at the tasks' gradients. With as many rows of each task it is the same as ``equal``.
    case rows
  }

  /// Which networks the method moves.
  public enum MethodScope: String, ParameterValue, CaseIterable, Sendable {
    /// Actor and critics.
    case both
    /// The critics; the actor moves by the mean of the tasks' losses.
    case critic
  }

  /// How a batch is drawn.
  public enum Replay: String, ParameterValue, CaseIterable, Sendable {
    /// As many transitions of each task.
    case perTask = "per-task"
    /// From all tasks' transitions alike.
    case uniform
  }

  /// What rewards are divided by.
  public enum RewardNormalization: String, ParameterValue, CaseIterable, Sendable {
    /// Nothing.
    case none
    /// The running deviation as it is when the reward comes.
    case stepping
    /// The running deviation as it is when the transition is drawn.
    case sampling
  }

  /// What stands behind the last transition of an episode.
  public enum HorizonObservation: String, ParameterValue, CaseIterable, Sendable {
    /// The observation it led to.
    case last
    /// The first observation of the next episode, as in mtrl.
    case nextEpisode = "next-episode"
  }

  // MARK: Networks

  /// The outputs of each hidden layer.
  public let widths: [Int]
  /// How the networks know which task it is.
  public let taskInput: TaskInput
  /// How the layers begin.
  public let firstWeights: FirstWeights
  /// How the network's numbers become the logarithm of a deviation.
  public let logDeviation: LogDeviation
  /// How the density of a squashed action is corrected.
  public let correction: Correction

  // MARK: Update

  /// The share γ of the next step's value.
  public let discount: Double
  /// The share of the critics that their targets take over in each update.
  public let polyak: Double
  /// How many temperatures there are.
  public let temperatures: TemperatureSharing
  /// The temperature at the beginning.
  public let initialTemperature: Double
  /// What moves the temperatures.
  public let temperatureGradient: TemperatureGradient
  /// What a temperature's loss is a multiple of.
  public let temperatureLoss: TemperatureLoss
  /// The learning rate of the temperatures; nil for that of the networks.
  public let temperatureRate: Double?
  /// The entropy that the temperatures aim at; nil for minus the number of an action's numbers.
  public let targetEntropy: Double?
  /// How the tasks' losses are weighed before any method sees them.
  public let taskWeights: TaskWeights
  /// Which networks the method moves.
  public let scope: MethodScope
  /// The length to which a longer gradient of the actor or of the critics is cut; nil for none.
  public let clipNorm: Double?
  /// The pull of the actor's parameters towards zero.
  public let actorWeightDecay: Double

  // MARK: Steps

  /// The steps with random actions at the beginning.
  public let randomSteps: Int
  /// The step before which the first update comes; nil for the end of the random steps.
  public let firstUpdate: Int?
  /// The updates at that step.
  public let initialUpdates: Int
  /// The updates at each further step.
  public let updatesPerStep: Int
  /// The steps of an episode.
  public let horizon: Int
  /// What stands behind the last transition of an episode.
  public let horizonObservation: HorizonObservation

  // MARK: Replay and rewards

  /// How a batch is drawn.
  public let replay: Replay
  /// The transitions of each task that are kept.
  public let replayCapacity: Int
  /// The transitions of a batch, of all tasks together; nil for 128 of each task.
  public let batchSize: Int?
  /// What rewards are multiplied by.
  public let rewardScale: Double
  /// What rewards are divided by.
  public let rewardNormalization: RewardNormalization

  // MARK: Measurement

  /// The episodes of each task in an evaluation.
  public let evaluationEpisodes: Int
  /// The steps between two evaluations.
  public let epochSteps: Int
}

extension SACSettings {
  /// The step before which the first update comes.
  var firstUpdateStep: Int { firstUpdate ?? randomSteps }

  /// The transitions of a batch for so many tasks.
  func batchSize(taskCount: Int) -> Int { batchSize ?? 128 * taskCount }

  /// The rows of the replay: those of the transitions, and one more for each episode.
  var replayRows: Int { replayCapacity + replayCapacity / horizon + 2 }
}
