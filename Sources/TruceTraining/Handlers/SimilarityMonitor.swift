import Truce
public import TruceData
public import TruceRun
import TruceTasks
import TruceTorch

/// Records how alike gradients are as training goes on: of different tasks for one sample, and of different
/// samples for one task.
///
/// After every n-th step it draws some training samples, compares their gradients and writes a line of its own to
/// `metrics.jsonl`, one value for each `SimilarityKey`. The draws are a function of the seed and the step alone,
/// and the measurement is a pass of its own in evaluation, so that training goes on as if nobody looked and a run
/// that is resumed records the same values.
///
/// - Source: C. Elich et al., "Examining Common Paradigms in Multi-Task Learning", GCPR 2024, arXiv 2311.04698,
///   section 3.3: every 5 steps, 8 samples and at most 8 tasks.
public final class SimilarityMonitor: TrainingHandler {
  private let log: MetricLog
  private let network: SupervisedNetwork
  private let data: any BatchSource
  private let stepInterval: Int
  private let sampleCount: Int
  private let layers: [String]?
  private let seed: UInt64
  private var probe: SimilarityProbe?

  /// Creates a monitor.
  ///
  /// - Parameters:
  ///   - log: The open log.
  ///   - network: The network whose gradients are compared, and its tasks.
  ///   - data: Where samples are drawn from.
  ///   - stepInterval: Steps between two measurements.
  ///   - sampleCount: The samples that are compared, and the most tasks.
  ///   - layers: The shared layers whose parameters count, as the parameters' names begin; nil for all.
  ///   - seed: Decides which samples are drawn.
  public init(
    log: MetricLog, of network: SupervisedNetwork, on data: any BatchSource, stepInterval: Int,
    sampleCount: Int = 8, layers: [String]? = nil, seed: UInt64
  ) {
    self.log = log
    self.network = network
    self.data = data
    self.stepInterval = max(stepInterval, 1)
    self.sampleCount = max(sampleCount, 1)
    self.layers = layers
    self.seed = seed
  }

  /// Measures after every n-th step; before the first, makes sure that the layers exist.
  ///
  /// - Throws: `SampleGradientError` where the network's gradients cannot be told apart by samples, or
  ///   `RunError` where the log cannot be written.
  public func handle(_ event: TrainingEvent, at progress: TrainingProgress) throws {
    switch event {
    case .began: probe = try SimilarityProbe(of: network, layers: layers)
    case .stepped where progress.position.step % stepInterval == 0: try record(at: progress)
    default: break
    }
  }

  private func record(at progress: TrainingProgress) throws {
    guard let probe else { return }
    let number = progress.position.step
    let batch = try data.randomBatch(of: sampleCount, seed: seed, number: number)
    let tasks = network.tasks.draw(sampleCount, seed: seed, number: number)
    // That samples do not meet is a property of the network: asking once is enough.
    let gramian = try probe.measure(batch, tasks: tasks, checksSamples: number == stepInterval)
    let values = gramian.values(tasks: tasks.map { network.taskNames[$0] })
    try log.append(
      .step(
        RunProgress(
          epoch: progress.position.epoch, step: number, seconds: progress.seconds, values: values)))
  }
}

extension Array {
  /// The positions of some random elements, or of all where there are no more.
  fileprivate func draw(_ count: Int, seed: UInt64, number: Int) -> [Int] {
    guard self.count > count else { return Array<Int>(indices) }
    var source = RandomSource(seed: seed, for: .tasks, number: number)
    return source.choice(of: count, from: self.count)
  }
}

extension SampleGramian {
  /// Every comparison under the key of its record, those that are not finite left out.
  func values(tasks: [String]) -> [String: Double] {
    var values: [String: Double] = [:]
    for (a, name) in tasks.enumerated() {
      for (b, other) in tasks.enumerated().dropFirst(a + 1) {
        for sample in 0..<sampleCount {
          let similarity = betweenTasks(a, b, sample: sample)
          values.add(similarity) { SimilarityKey($0, tasks: name, other, sample: sample) }
        }
      }
      for first in 0..<sampleCount {
        for second in (first + 1)..<max(sampleCount, first + 1) {
          let similarity = betweenSamples(first, second, task: a)
          values.add(similarity) { SimilarityKey($0, task: name, samples: first, second) }
        }
      }
    }
    return values.filter { $0.value.isFinite }
  }
}

extension [String: Double] {
  fileprivate mutating func add(
    _ similarity: GradientSimilarity?, under key: (SimilarityKey.Measure) -> SimilarityKey
  ) {
    guard let similarity else { return }
    for measure in SimilarityKey.Measure.allCases { self[key(measure).text] = similarity[measure] }
  }
}

extension GradientSimilarity {
  /// The value of one measure; nil for a share that was not counted.
  subscript(measure: SimilarityKey.Measure) -> Double? {
    switch measure {
    case .cosine: cosine
    case .magnitude: magnitude
    case .conflicting: conflicting
    case .product: product
    }
  }
}

extension HandlerEntry {
  /// The line of gradient similarity, where `similarity_every` asks for it.
  static let similarity = HandlerEntry(name: "similarity") { run in
    let configuration = run.configuration
    guard configuration.similarityEvery > 0, let learner = run.supervised else { return nil }
    return SimilarityMonitor(
      log: run.log, of: learner.supervisedNetwork, on: learner.problem.trainingLoader,
      stepInterval: configuration.similarityEvery, sampleCount: configuration.similaritySamples,
      layers: configuration.similarityLayers, seed: UInt64(configuration.seed))
  }
}
