import Torch
public import TorchNN
public import Truce
import TruceTorch

/// Updates of an agent from random transitions, again and again, to be timed.
public final class UpdateBenchmark {
  /// The seconds of an update and of its parts.
  public struct Times: Sendable {
    /// All.
    public let whole: Double
    /// Drawing and gathering the batch.
    public let drawing: Double
    /// The backward passes of critics and actor.
    public let gradients: Double
    /// The inner products of the gradients.
    public let gramians: Double
    /// The method's weights.
    public let weights: Double
    /// Combining the gradients and handing them to the parameters.
    public let combination: Double
  }

  private let update: SACUpdate
  private let memory: ReplayMemory
  private let settings: SACSettings
  private let noise: TaskNoise
  private var sources: PerTask<RandomSource>
  private let clock = StepClock.system

  /// Makes networks and transitions from fixed seeds.
  ///
  /// - Parameters:
  ///   - settings: How the agent learns.
  ///   - taskCount: The number of tasks.
  ///   - observationSize: How many numbers an observation has.
  ///   - actionSize: How many numbers an action has.
  ///   - method: What reconciles the tasks.
  ///   - rule: What moves the parameters.
  /// - Throws: `MethodError`, `OptionError` or `TorchError`.
  public init(
    _ settings: SACSettings, taskCount: Int, observationSize: Int = 39, actionSize: Int = 4,
    method: AnyMethod,
    rule: any UpdateRule
  ) throws {
    self.settings = settings
    let shape = AgentShape(
      taskCount: taskCount, observationSize: observationSize, actionSize: actionSize,
      taskInput: settings.taskInput)
    let networks = try SACNetworks(settings, shape, dtype: .float32, using: Generator(seed: 1))
    update = try SACUpdate(
      networks, settings, AgentRules(rule, settings),
      MethodChoice(method: method, weighting: nil, settings: StepSettings()), RandomStreams(seed: 0))
    memory = Self.memory(shape, rows: 4000)
    let streams = RandomStreams(seed: 2)
    noise = TaskNoise(.updates, streams, taskCount: taskCount)
    sources = PerTask(streams.sources(of: .replay, taskCount: taskCount))
  }

  private static func memory(_ shape: AgentShape, rows: Int) -> ReplayMemory {
    let memory = ReplayMemory(
      ReplayMemory.Shape(
        taskCount: shape.taskCount, observationSize: shape.observationSize, actionSize: shape.actionSize),
      capacity: rows)
    let generator = Generator(seed: 3)
    func draw(_ count: Int) -> [Float] {
      Tensor.normal([shape.taskCount * count], using: generator).toArray()
    }
    memory.begin(draw(shape.observationSize))
    for _ in 1..<rows {
      let marks = [ReplayMemory.Mark](repeating: .transition, count: shape.taskCount)
      memory.complete(actions: draw(shape.actionSize), rewards: draw(1), marks: marks)
      memory.begin(draw(shape.observationSize))
    }
    return memory
  }

  /// Takes an update and tells the seconds of its parts.
  public func take() throws -> Times {
    let start = clock.seconds()
    let input = drawInput()
    let drawn = clock.seconds()
    let report = try update.take(input, further: { [self] in drawInput() })
    let end = clock.seconds()
    func sum(_ part: (StepTimings) -> Double) -> Double {
      part(report.critic.timings) + part(report.actor.timings)
    }
    return Times(
      whole: end - start, drawing: drawn - start, gradients: sum(\.gradients), gramians: sum(\.gramian),
      weights: sum(\.weights), combination: sum(\.combination))
  }

  private func drawInput() -> UpdateInput {
    let shape = update.networks.shape
    let count = settings.batchSize(taskCount: shape.taskCount) / shape.taskCount
    let factors = [Float](repeating: 1, count: shape.taskCount)
    let places = memory.drawEach(count, using: &sources)
    return UpdateInput(memory.batch(places, shape, dtype: .float32, factors: factors), using: noise)
  }
}
