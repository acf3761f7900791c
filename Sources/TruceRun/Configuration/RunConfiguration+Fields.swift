import Truce

extension RunConfiguration {
  /// Every key of a configuration, in the order in which it is written.
  public static let fields: [ConfigurationField] =
    whatIsTrained + howGradientsMeet + howItIsOptimised + howLong + whereItRuns
    + whatIsRecorded.map { $0.that(.observes) }

  private static let whatIsTrained: [ConfigurationField] = [
    .name("problem", \.problem, "The problem: data and tasks."),
    .options("problem_options", \.problemOptions, "The problem's options."),
    .optionalName("trunk", \.trunk, "The trunk; none for the problem's usual one.")
      .only(for: .network),
    .options("trunk_options", \.trunkOptions, "The trunk's options.").only(for: .network),
    .optionalName(
      "architecture", \.architecture, "How the tasks share a network; none for the problem's usual way."
    ).only(for: .network),
    .options("architecture_options", \.architectureOptions, "The architecture's options.").only(
      for: .network),
    .optionalName("agent", \.agent, "What learns in environments; none for the problem's usual agent.")
      .only(for: .agent),
    .options("agent_options", \.agentOptions, "The agent's options.").only(for: .agent),
    .optional(
      "tasks", \.tasks, rule: "a list of task names",
      "The tasks to train; one makes a single-task baseline."
    ) { !$0.isEmpty && Set($0).count == $0.count },
    .optional(
      "metrics", \.metrics, rule: "a list of metrics, see `truce metrics`",
      "Metrics that judge the tasks they suit, beside the tasks' own."
    ) { !$0.isEmpty && Set($0).count == $0.count }.only(for: .network),
    .optional(
      "loss_scales", \.lossScales, rule: "a list of numbers greater than 0, one for each task",
      "What each task's loss is multiplied by before any method sees it."
    ) { !$0.isEmpty && $0.allSatisfy { $0.isFinite && $0 > 0 } }.only(for: .network),
    .optional(
      "from", \.from, rule: "a run's folder or a checkpoint",
      "The run or checkpoint whose network the run begins with."
    ) { !$0.isEmpty }.only(for: .network),
    .optional("freeze", \.freeze, rule: "shared", "The parameters that keep their first values.") { _ in true
    }.only(for: .network),
  ]

  private static let howGradientsMeet: [ConfigurationField] = [
    .name("method", \.method, "The method that weighs the losses or reconciles the gradients."),
    .options("options", \.options, "The method's options."),
    .optionalName("weighting", \.weighting, "A loss weighting in front of a gradient method."),
    .options("weighting_options", \.weightingOptions, "The weighting's options."),
    .optionalName("preset", \.preset, "A named set of choices that other options refine."),
    .choice("grouping", \.grouping, "The parts for which the method is asked separately."),
    .choice("gradients", \.gradients, "What the task gradients are taken with respect to.")
      .only(for: .network),
    .choice("non_finite", \.nonFinite, "What to do about a gradient that is not finite."),
  ]

  private static let howItIsOptimised: [ConfigurationField] = [
    .choice("optimizer", \.optimizer, "The optimizer."),
    .options("optimizer_options", \.optimizerOptions, "The optimizer's options."),
    .value(
      "learning_rate", \.learningRate, rule: "a number greater than 0",
      "The learning rate at the start."
    ) { $0.isFinite && $0 > 0 },
    .choice("schedule", \.schedule, "How the learning rate changes."),
    .options("schedule_options", \.scheduleOptions, "The schedule's options."),
  ]

  private static let howLong: [ConfigurationField] = [
    .count("epochs", \.epochs, atLeast: 1, "How often the training data are gone through."),
    .optionalCount("max_steps", \.maxSteps, "Where to stop before the last epoch, in steps."),
    .count("batch_size", \.batchSize, atLeast: 1, "Samples a step.").only(for: .network),
    .count(
      "evaluation_batch_size", \.evaluationBatchSize, atLeast: 1, "Samples at once when measuring."
    ).that(.observes).only(for: .network),
    .count("seed", \.seed, atLeast: 0, "The seed of initial weights, data order and methods."),
  ]

  private static let whereItRuns: [ConfigurationField] = [
    .value(
      "device", \.device, rule: "cpu, cuda, cuda:<index>, mps or auto", "The device the run computes on."
    ) { $0.wholeMatch(of: #/cpu|cuda(:\d+)?|mps|auto/#) != nil }.that(.places),
    .count("threads", \.threads, atLeast: 0, "CPU threads; 0 leaves the choice to the engine.")
      .that(.places),
    .optionalCount(
      "workers", \.workers, "Processes in which environments step; none for one on each core but one."
    ).that(.places).only(for: .agent),
    .optionalCount(
      "worker_start_seconds", \.workerStartSeconds,
      "Seconds such a process may take until its environments stand; none for 180."
    ).that(.places).only(for: .agent),
    .optionalCount(
      "worker_step_seconds", \.workerStepSeconds,
      "Seconds such a process may take for a step or to begin an episode; none for 30."
    ).that(.places).only(for: .agent),
    .choice("gradient_memory", \.gradientMemory, "How much of the task gradients is held at one time.")
      .that(.places),
    .choice("tf32", \.tf32, "What a CUDA device may round to the 10 bits of TF32.").that(.places),
    .choice("precision", \.precision, "The floating-point type of the network."),
    .choice(
      "autocast", \.autocast, "The narrower type in which the network's operations compute that bear it."
    ).only(for: .network),
    .choice(
      "gradient_scaling", \.gradientScaling,
      "Whether one number multiplies all losses before they are differentiated and divides the gradients."
    ).only(for: .network),
    .options(
      "gradient_scaling_options", \.gradientScalingOptions, "The scaling's options: \(scalingOptions)."
    ).only(for: .network),
  ]

  /// The options of the scaling with their defaults.
  private static var scalingOptions: String {
    GradientScaling.parameters.map { "\($0.name) (\($0.defaultValue?.description ?? "required"))" }
      .joined(separator: ", ")
  }

  private static let whatIsRecorded: [ConfigurationField] = [
    .count("evaluate_every", \.evaluateEvery, atLeast: 1, "Epochs between two measurements."),
    .count("checkpoint_every", \.checkpointEvery, atLeast: 1, "Epochs between two checkpoints."),
    .optionalCount(
      "checkpoint_every_steps", \.checkpointEverySteps, "Steps between checkpoints in an epoch."),
    .count("log_every", \.logEvery, atLeast: 1, "Steps between two lines of metrics.jsonl."),
    .count(
      "conflict_every", \.conflictEvery, atLeast: 0,
      "Steps between two measurements of the tasks' conflict; 0 for none."),
    .count(
      "similarity_every", \.similarityEvery, atLeast: 0,
      "Steps between two measurements of gradient similarity, sample by sample; 0 for none."
    ).only(for: .network),
    .count(
      "similarity_samples", \.similaritySamples, atLeast: 1,
      "Samples, and at most as many tasks, that a measurement of similarity compares."
    ).only(for: .network),
    .optional(
      "similarity_layers", \.similarityLayers, rule: "a list of layers",
      "The shared layers whose gradients are compared, as their parameters' names begin; none for all."
    ) { !$0.isEmpty }.only(for: .network),
    .optional(
      "corruptions", \.corruptions, rule: "a list of corruptions, or [all]",
      "The corruptions of the pictures under which the trained network is measured once more."
    ) { !$0.isEmpty && Set($0).count == $0.count }.only(for: .network),
    .optionalCount("updates_every", \.updatesEvery, "Steps between two records of the parameters' updates.")
      .only(for: .network),
    .flag("tensorboard", \.tensorBoard, "Whether values are also written for TensorBoard."),
  ]
}
