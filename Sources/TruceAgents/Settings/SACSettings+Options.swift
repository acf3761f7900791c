public import TruceOptions
import TruceRun

// The settings' names, rules and defaults, and how they are read.

extension SACSettings {
  /// What messages call the owner of the options.
  static let owner = "sac"

  private static let widthsOption = Parameter<[Int]>(
    "widths", default: [400, 400, 400], rule: "a list of whole numbers, each at least 1",
    form: [Int].form?.inside(1), "The outputs of each hidden layer.", isValid: { $0.allSatisfy { $0 >= 1 } })
  private static let taskInputOption = Parameter<TaskInput>.any(
    "task_input", default: .oneHot, "How the networks know which task it is.")
  private static let firstWeightsOption = Parameter<FirstWeights>.any(
    "init", default: .he, "How the layers begin; he ends in a layer of ±0.001.")
  private static let logDeviationOption = Parameter<LogDeviation>.any(
    "log_std", default: .clip, "How the logarithm of a deviation gets between -20 and 2.")
  private static let correctionOption = Parameter<Correction>.any(
    "log_prob", default: .exact, "How the density of a squashed action is corrected.")

  private static let discountOption = Parameter<Double>.inside(
    0...1, "discount", default: 0.99, "Share of the next step's value.")
  private static let polyakOption = Parameter<Double>.inside(
    0...1, "polyak", default: 0.005, "Share of the critics that their targets take over in each update.")
  private static let temperaturesOption = Parameter<TemperatureSharing>.any(
    "temperature", default: .perTask, "How many temperatures there are.")
  private static let initialTemperatureOption = Parameter<Double>.positive(
    "initial_temperature", default: 1, "The temperature at the beginning.")
  private static let temperatureGradientOption = Parameter<TemperatureGradient>.any(
    "temperature_gradient", default: .plain, "Whether the method moves the temperatures too.")
  private static let temperatureLossOption = Parameter<TemperatureLoss>.any(
    "temperature_loss", default: .temperature, "What a temperature's loss is a multiple of.")
  private static let temperatureRateOption = optionalPositive(
    "temperature_learning_rate", "Learning rate of the temperatures; that of the networks where none.")
  private static let targetEntropyOption = Parameter<Double?>(
    "target_entropy", default: .some(nil), rule: "finite, or none",
    "The entropy that the temperatures aim at; minus the size of an action where none.",
    isValid: { $0?.isFinite ?? true })
  private static let taskWeightsOption = Parameter<TaskWeights>.any(
    "task_weights", default: .equal,
    "How the losses are weighed before any method sees them; rows makes their mean that of the whole batch.")
  private static let scopeOption = Parameter<MethodScope>.any(
    "applies_to", default: .both, "Which networks the method moves.")
  private static let clipNormOption = optionalPositive(
    "clip_norm", "Length to which a longer gradient of actor or critics is cut, after the method.")
  private static let actorWeightDecayOption = Parameter<Double>.atLeast(
    0, "actor_weight_decay", default: 0, "Pull of the actor's parameters towards zero.")

  private static let randomStepsOption = Parameter<Int>.atLeast(
    0, "random_steps", default: 1000, "Steps with random actions at the beginning.")
  private static let firstUpdateOption = Parameter<Int?>(
    "first_update", default: .some(nil), rule: "a whole number, at least 1, or none",
    form: Int.form?.inside(1).orNone,
    "The step before which the first update comes; the end of the random steps where none.",
    isValid: { $0.map { $0 >= 1 } ?? true })
  private static let initialUpdatesOption = Parameter<Int>.atLeast(
    1, "initial_updates", default: 1, "Updates at that step.")
  private static let updatesPerStepOption = Parameter<Int>.atLeast(
    1, "updates_per_step", default: 1, "Updates at each further step.")
  private static let horizonOption = Parameter<Int>.atLeast(
    1, TrialConditions.horizon, default: 150, "Steps of an episode.")
  private static let horizonObservationOption = Parameter<HorizonObservation>.any(
    "horizon_observation", default: .last, "What stands behind the last transition of an episode.")

  private static let replayOption = Parameter<Replay>.any(
    "replay", default: .perTask, "How a batch is drawn: as many of each task, or from all alike.")
  private static let replayCapacityOption = Parameter<Int>.atLeast(
    1, "replay_capacity", default: 100_000, "Transitions of each task that are kept.")
  private static let batchSizeOption = Parameter<Int?>(
    "batch_size", default: .some(nil), rule: "a whole number, at least 1, or none",
    form: Int.form?.inside(1).orNone, "Transitions of a batch over all tasks; 128 of each task where none.",
    isValid: { $0.map { $0 >= 1 } ?? true })
  private static let rewardScaleOption = Parameter<Double>.positive(
    TrialConditions.rewardScale, default: 1, "What rewards are multiplied by.")
  private static let rewardNormalizationOption = Parameter<RewardNormalization>.any(
    TrialConditions.rewardNormalization, default: RewardNormalization.none,
    "When rewards are divided by their running deviation.")

  private static let evaluationEpisodesOption = Parameter<Int>.atLeast(
    1, TrialConditions.episodes, default: 10, "Episodes of each task in an evaluation.")
  private static let epochStepsOption = Parameter<Int>.atLeast(
    1, "epoch_steps", default: 10_000, "Steps between two evaluations.")

  private static func optionalPositive(_ name: String, _ summary: String) -> Parameter<Double?> {
    Parameter(
      name, default: .some(nil), rule: "greater than 0, or none",
      form: Double.form?.inside(0, above: true).orNone, summary,
      isValid: { $0.map { $0.isFinite && $0 > 0 } ?? true })
  }

  /// The settings for help texts and documentation, in the order in which these list them.
  public static let parameters: [ParameterDescription] = [
    widthsOption.description, taskInputOption.description, firstWeightsOption.description,
    logDeviationOption.description, correctionOption.description, discountOption.description,
    polyakOption.description, temperaturesOption.description, initialTemperatureOption.description,
    temperatureGradientOption.description, temperatureLossOption.description,
    temperatureRateOption.description, targetEntropyOption.description, taskWeightsOption.description,
    scopeOption.description, clipNormOption.description, actorWeightDecayOption.description,
    randomStepsOption.description, firstUpdateOption.description, initialUpdatesOption.description,
    updatesPerStepOption.description, horizonOption.description, horizonObservationOption.description,
    replayOption.description, replayCapacityOption.description, batchSizeOption.description,
    rewardScaleOption.description, rewardNormalizationOption.description,
    evaluationEpisodesOption.description, epochStepsOption.description,
  ]

  /// Creates settings from named options, filling in defaults.
  ///
  /// - Throws: `OptionError` where an option is unknown or breaks its rule.
  public init(_ values: [String: OptionValue] = [:]) throws(OptionError) {
    try self.init(options: Options(owner: Self.owner, parameters: Self.parameters, values: values))
  }

  /// Creates settings from options that were checked against ``parameters``.
  ///
  /// - Throws: `OptionError` where an option breaks its rule.
  public init(options: Options) throws(OptionError) {
    widths = try options.value(of: Self.widthsOption)
    taskInput = try options.value(of: Self.taskInputOption)
    firstWeights = try options.value(of: Self.firstWeightsOption)
    logDeviation = try options.value(of: Self.logDeviationOption)
    correction = try options.value(of: Self.correctionOption)
    discount = try options.value(of: Self.discountOption)
    polyak = try options.value(of: Self.polyakOption)
    temperatures = try options.value(of: Self.temperaturesOption)
    initialTemperature = try options.value(of: Self.initialTemperatureOption)
    temperatureGradient = try options.value(of: Self.temperatureGradientOption)
    temperatureLoss = try options.value(of: Self.temperatureLossOption)
    temperatureRate = try options.value(of: Self.temperatureRateOption)
    targetEntropy = try options.value(of: Self.targetEntropyOption)
    taskWeights = try options.value(of: Self.taskWeightsOption)
    scope = try options.value(of: Self.scopeOption)
    clipNorm = try options.value(of: Self.clipNormOption)
    actorWeightDecay = try options.value(of: Self.actorWeightDecayOption)
    randomSteps = try options.value(of: Self.randomStepsOption)
    firstUpdate = try options.value(of: Self.firstUpdateOption)
    initialUpdates = try options.value(of: Self.initialUpdatesOption)
    updatesPerStep = try options.value(of: Self.updatesPerStepOption)
    horizon = try options.value(of: Self.horizonOption)
    horizonObservation = try options.value(of: Self.horizonObservationOption)
    replay = try options.value(of: Self.replayOption)
    replayCapacity = try options.value(of: Self.replayCapacityOption)
    batchSize = try options.value(of: Self.batchSizeOption)
    rewardScale = try options.value(of: Self.rewardScaleOption)
    rewardNormalization = try options.value(of: Self.rewardNormalizationOption)
    evaluationEpisodes = try options.value(of: Self.evaluationEpisodesOption)
    epochSteps = try options.value(of: Self.epochStepsOption)
  }
}
