public import Torch
import Truce

/// What becomes of an example that cannot be read.
public enum BadSamplePolicy: String, Codable, Sendable, CaseIterable {
  /// The batch it belongs to fails with its error.
  case fail
  /// The batch does without it, and ``LoaderStatistics/skipped`` names it; in place of a batch that has none left comes
  /// the next one that has.
  case skip
}

/// How a stream is read; nothing here changes what a batch holds, but for examples that cannot be read.
public struct LoadingOptions: Sendable {
  /// The threads that read ahead; with 0 the reader's own thread makes each batch when it asks for it.
  public var workers: Int
  /// The most batches that are being made or wait for the reader, at least 3.
  public var prefetch: Int
  /// What becomes of an example that cannot be read.
  public var badSamples: BadSamplePolicy
  /// Where the batches' tensors lie.
  public var device: Device
  /// What the time is read from.
  public var clock: LoaderClock

  /// Creates options.
  ///
  /// - Parameters:
  ///   - workers: Threads that read.
  ///   - prefetch: Batches made ahead; by default twice the workers, at least 4.
  ///   - badSamples: What becomes of an example that cannot be read.
  ///   - device: Where the batches' tensors lie.
  ///   - clock: What the time is read from.
  public init(
    workers: Int = 0, prefetch: Int? = nil, badSamples: BadSamplePolicy = .fail, device: Device = .cpu,
    clock: LoaderClock = .system
  ) {
    self.workers = workers
    self.prefetch = prefetch ?? max(2 * workers, 4)
    self.badSamples = badSamples
    self.device = device
    self.clock = clock
  }
}

/// A clock that only goes forward.
public struct LoaderClock: Sendable {
  /// The time in seconds since some moment.
  public let seconds: @Sendable () -> Double

  /// Creates a clock.
  public init(seconds: @escaping @Sendable () -> Double) {
    self.seconds = seconds
  }

  /// The system's.
  public static let system: LoaderClock = {
    let start = ContinuousClock.now
    return LoaderClock { (ContinuousClock.now - start) / .seconds(1) }
  }()
}

/// Reads the examples of a source in batches, ahead of its reader and with several threads where wanted.
///
/// What a batch holds is a function of the source, the plan, the augmentation and the epoch alone: neither the number of
/// workers nor what was read before changes a bit of it. The memory of the batches comes from a pool, and the tensors
/// read it where it lies; it goes back when the last tensor of a batch is gone.
public struct StreamLoader: BatchSource {
  /// The inputs and tasks, in one domain.
  public let domains: [DomainLayout]
  /// Which examples form which batch.
  public var plan: BatchPlan { maker.plan }
  /// How the stream is read.
  public let options: LoadingOptions
  private let maker: BatchMaker

  /// Creates a loader, and reads the first example that it may to learn what all look like.
  ///
  /// - Parameters:
  ///   - source: The examples.
  ///   - augmentation: How the workers change each example.
  ///   - batchSize: The number of examples in a batch.
  ///   - order: The order in which an epoch visits the examples.
  ///   - remainder: What becomes of the examples that do not fill a batch.
  ///   - options: How the stream is read.
  /// - Throws: ``DataError`` where an epoch would have no batch, an option breaks its rule, or the first example cannot
  ///   be read.
  public init(
    _ source: any SampleSource, augmentation: Augmentation = .none, batchSize: Int, order: BatchPlan.Order,
    remainder: BatchPlan.Remainder = .keep, options: LoadingOptions = LoadingOptions()
  ) throws(DataError) {
    guard options.workers >= 0 else {
      throw .invalidValue(
        parameter: "the number of workers", rule: "at least 0", received: "\(options.workers)")
    }
    guard options.prefetch >= Self.leastPrefetch else {
      throw .invalidValue(
        parameter: "the number of batches read ahead", rule: "at least \(Self.leastPrefetch)",
        received: "\(options.prefetch)")
    }
    let plan = try BatchPlan(
      exampleCount: source.count, batchSize: batchSize, order: order, remainder: remainder)
    let pool = BufferPool(keeping: options.workers == 0 ? 1 : options.prefetch)
    maker = try BatchMaker(source, augmentation, plan, pool, options.badSamples)
    domains = [maker.layout.domain]
    self.options = options
  }

  /// A method may ask for the two batches behind the one it was given.
  private static let leastPrefetch = 3

  /// The number of examples.
  public var exampleCounts: [Int] { [plan.exampleCount] }

  /// The number of batches in an epoch.
  public var batchCount: Int { plan.batchCount }

  /// How many buffers hold batches now, how many did at most, and how many lie idle.
  var bufferCounts: (lent: Int, mostLent: Int, idle: Int) { maker.pool.counts }

  /// The batches of some epochs; the workers begin at once, and end when the result is let go.
  public func batches(epochs: Range<Int>, from first: Int) -> any EpochBatches {
    StreamedBatches(maker, epochs: epochs, from: first, options: options)
  }

  /// Random examples without repetition, changed by the augmentation in a draw of their own.
  public func randomBatch(of count: Int, seed: UInt64, number: Int) throws(DataError) -> Batch {
    var source = RandomSource(seed: seed, for: .sample, number: number)
    let positions = source.choice(of: min(count, plan.exampleCount), from: plan.exampleCount)
    return try batch(of: positions, seed: seed, number: number)
  }

  /// The first examples of the source, changed by the augmentation in a draw of their own.
  public func firstBatch(of count: Int) throws(DataError) -> Batch {
    try batch(of: Array(0..<min(count, plan.exampleCount)), seed: 0, number: 0)
  }

  /// The labels of a task, of twenty thousand examples and four million numbers at most.
  public func labels(ofTask name: String) -> TaskTarget? {
    LabelReader().target(ofTask: name, in: maker.source)
  }

  private func batch(of positions: [Int], seed: UInt64, number: Int) throws(DataError) -> Batch {
    try maker.batch(of: positions, seed: seed, number: number).tensors(on: options.device)
  }
}
