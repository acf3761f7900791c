public import Truce

/// Everything that determines a training run, as `config.yaml` states it.
///
/// A run is repeated by feeding the file back in. Keys are in snake case; ``fields`` lists them with their
/// defaults and rules, and the command line, the study file and the writer all read that list.
public struct RunConfiguration: Equatable, Sendable {
  /// The problem: data and tasks.
  public var problem: String
  /// The problem's options.
  public var problemOptions: [String: OptionValue] = [:]
  /// The trunk; nil for the one the problem is usually learned with.
  public var trunk: String?
  /// The trunk's options.
  public var trunkOptions: [String: OptionValue] = [:]
  /// The architecture: how the tasks share; nil for the one the problem is usually learned with.
  public var architecture: String?
  /// The architecture's options.
  public var architectureOptions: [String: OptionValue] = [:]
  /// What learns to act in the problem's environments; nil for the problem's usual agent.
  public var agent: String?
  /// The agent's options.
  public var agentOptions: [String: OptionValue] = [:]
  /// The names of metrics that judge the tasks they suit, beside the tasks' own; nil for none.
  public var metrics: [String]?
  /// The names of the tasks to train; nil for all, one for a single-task baseline.
  public var tasks: [String]?
  /// The method that weighs the losses or reconciles the gradients.
  public var method: String
  /// The method's options.
  public var options: [String: OptionValue] = [:]
  /// A loss weighting in front of a gradient method.
  public var weighting: String?
  /// The weighting's options.
  public var weightingOptions: [String: OptionValue] = [:]
  /// A named set of choices that other options refine.
  public var preset: String?
  /// The parts of the network for which the method is asked separately.
  public var grouping = GradientGrouping.network
  /// What the task gradients are taken with respect to.
  public var gradients = GradientTarget.parameters
  /// How much of the task gradients is held at one time.
  public var gradientMemory = GradientMemory.auto
  /// What a CUDA device may round to TF32.
  public var tf32 = TF32Use.convolutions
  /// What to do about a gradient that is infinite or not a number.
  public var nonFinite = NonFinitePolicy.throw
  /// The run or checkpoint whose network, and where they fit whose memories, the run begins with; nil for fresh ones.
  public var from: String?
  /// The optimizer.
  public var optimizer = OptimizerName.adam
  /// The optimizer's options, such as `weight_decay`.
  public var optimizerOptions: [String: OptionValue] = [:]
  /// The learning rate at the start.
  public var learningRate = 1e-3
  /// How the learning rate changes.
  public var schedule = ScheduleName.constant
  /// The schedule's options.
  public var scheduleOptions: [String: OptionValue] = [:]
  /// How often the training data are gone through.
  public var epochs = 3
  /// Where to stop before the last epoch, in steps.
  public var maxSteps: Int?
  /// Samples a step.
  public var batchSize = 256
  /// Samples at once when measuring.
  public var evaluationBatchSize = 1000
  /// The seed from which initial weights, data order and methods draw.
  public var seed = 0
  /// The device: `cpu`, `cuda`, `cuda:1`, `mps`, or `auto` for the best one there.
  public var device = "auto"
  /// CPU threads; 0 leaves the choice to the engine and to `OMP_NUM_THREADS`.
  public var threads = 0
  /// Processes in which environments step; nil for one on each core but the learner's.
  public var workers: Int?
  /// Seconds such a process may take until its environments stand; nil for the usual 180.
  public var workerStartSeconds: Int?
  /// Seconds such a process may take for a step, or to begin an episode; nil for the usual 30.
  public var workerStepSeconds: Int?
  /// Epochs between two measurements on the test data; the last epoch is always measured.
  public var evaluateEvery = 1
  /// Epochs between two checkpoints.
  public var checkpointEvery = 1
  /// Steps between two checkpoints within an epoch; nil for none.
  public var checkpointEverySteps: Int?
  /// Steps between two lines of `metrics.jsonl`.
  public var logEvery = 50
  /// Steps between two measurements of the conflict between the tasks; 0 for none.
  public var conflictEvery = 0
  /// Steps between two measurements of gradient similarity, sample by sample; 0 for none.
  public var similarityEvery = 0
  /// The training samples, and at most as many tasks, that a measurement of similarity compares.
  public var similaritySamples = 8
  /// The layers whose gradients are compared, as their parameters' names begin; nil for all shared ones.
  public var similarityLayers: [String]?
  /// Whether the values of `metrics.jsonl` are also written for TensorBoard.
  public var tensorBoard = false
  /// The floating-point type of the network.
  public var precision = Precision.float32
  /// The narrower type in which the operations of a network compute that bear it, or none.
  public var autocast = Autocast.none
  /// Whether the losses are scaled on their way back, and whether the scale moves.
  public var gradientScaling = GradientScalingName.none
  /// The options of the scaling.
  public var gradientScalingOptions: [String: OptionValue] = [:]
  /// What each task's loss is multiplied by before any method sees it; nil for nothing.
  public var lossScales: [Double]?
  /// The parameters that keep their first values; nil for none.
  public var freeze: FrozenParameters?
  /// Steps between two records of the parameters' updates; nil for no record.
  public var updatesEvery: Int?
  /// The corruptions under which the trained network is measured once more, or `all`; nil for none.
  public var corruptions: [String]?

  /// Creates a configuration with the defaults.
  public init(problem: String, method: String) {
    self.problem = problem
    self.method = method
  }
}

/// An optimizer's name.
public enum OptimizerName: String, ParameterValue, CaseIterable {
  /// Stochastic gradient descent, with momentum where its option says so.
  case sgd
  /// The sign of the momentum.
  case signsgd
  /// Adam.
  case adam
  /// Adam with decoupled weight decay.
  case adamw
  /// RMSprop.
  case rmsprop
  /// Adagrad.
  case adagrad
}

/// A learning-rate schedule's name.
public enum ScheduleName: String, ParameterValue, CaseIterable {
  /// No change.
  case constant
  /// A factor every so many epochs.
  case step
  /// A factor at given epochs.
  case multiStep = "multi-step"
  /// Half a cosine down to a final rate.
  case cosine
  /// A factor each epoch.
  case exponential
  /// A power of the remaining share.
  case polynomial
  /// A factor whenever a measure stops improving.
  case plateau
}

/// Parameters that training leaves as they are.
public enum FrozenParameters: String, ParameterValue, CaseIterable {
  /// Those that the tasks share.
  case shared
}

/// A floating-point type.
public enum Precision: String, ParameterValue, CaseIterable {
  /// 32 bits.
  case float32
  /// 64 bits.
  case float64
}

/// A narrower type for the operations of a network that bear it.
public enum Autocast: String, ParameterValue, CaseIterable {
  /// None: all computes in the network's own type.
  case none
  /// Single precision's exponent with a seven-bit fraction.
  case bfloat16
  /// Half precision, whose small gradients want to be scaled.
  case float16
}

/// Which single-precision operations a CUDA device may do with factors rounded to TF32's 10 bits.
public enum TF32Use: String, ParameterValue, CaseIterable {
  /// None, so that results differ from a processor's by the order of sums alone.
  case none
  /// Convolutions, as PyTorch does by itself.
  case convolutions
  /// Convolutions and products of matrices.
  case all
}

/// What becomes of the losses before they are differentiated.
public enum GradientScalingName: String, ParameterValue, CaseIterable {
  /// Nothing.
  case none
  /// All are multiplied by one number, which falls where a gradient is not finite and grows after many that are.
  case dynamic
}
