import Truce

/// Makes batches of a stream's examples; any thread may do so at any time, with the same result.
struct BatchMaker: Sendable {
  /// A place in the reading of some epochs, one after the other.
  struct Place: Sendable {
    let epoch: Int
    let batch: Int
  }

  let source: any SampleSource
  let augmentation: Augmentation
  let plan: BatchPlan
  let layout: SampleLayout
  let pool: BufferPool
  let badSamples: BadSamplePolicy
  private let orders: EpochOrders

  /// Reads the first example to learn the layout, or the first that can be read where the policy is to skip.
  ///
  /// - Throws: ``DataError`` of the first example where it cannot be read, or none can.
  init(
    _ source: any SampleSource, _ augmentation: Augmentation, _ plan: BatchPlan, _ pool: BufferPool,
    _ badSamples: BadSamplePolicy
  ) throws(DataError) {
    self.source = source
    self.augmentation = augmentation
    self.plan = plan
    self.pool = pool
    self.badSamples = badSamples
    orders = EpochOrders(plan)
    layout = try Self.layout(of: source, augmentation, badSamples)
  }

  private static func layout(
    of source: any SampleSource, _ augmentation: Augmentation, _ badSamples: BadSamplePolicy
  ) throws(DataError) -> SampleLayout {
    try firstThatSucceeds(of: badSamples == .skip ? source.count : 1) { (position) throws(DataError) in
      var sample = try source.sample(at: position)
      try augmentation.change(&sample, epoch: 0, position: position)
      return try SampleLayout(of: sample, from: source, name: source.name(ofSample: position))
    }
  }

  /// The batch at a place of an epoch; where the policy is to skip and none of its examples can be read, those of the
  /// next batch that has any, so that an epoch keeps its length.
  ///
  /// - Throws: ``DataError`` of the first example that cannot be read, where the policy is to fail or none can.
  func batch(at place: Place) throws(DataError) -> HostBatch {
    let order = orders.order(ofEpoch: place.epoch)
    let (source, augmentation) = (source, augmentation)
    return try filled(from: plan.batchCount) { (step) throws(DataError) in
      let number = (place.batch + step) % plan.batchCount
      return try read(Array(order[plan.range(ofBatch: number)])) { (position) throws(DataError) in
        var sample = try source.sample(at: position)
        try augmentation.change(&sample, epoch: place.epoch, position: position)
        return sample
      }
    }
  }

  /// A batch of these examples, changed as in a draw of their own; where the policy is to skip and none can be read, of
  /// those behind them.
  func batch(of positions: [Int], seed: UInt64, number: Int) throws(DataError) -> HostBatch {
    let (source, augmentation) = (source, augmentation)
    return try filled(from: source.count) { (step) throws(DataError) in
      try read(positions.map { ($0 + step) % source.count }) { (position) throws(DataError) in
        var sample = try source.sample(at: position)
        try augmentation.change(&sample, drawnWith: seed, number: number, position: position)
        return sample
      }
    }
  }

  /// The first of some readings that has an example, with what the first of them left out: what the others leave out
  /// is told at their own places.
  private func filled(
    from count: Int, _ reading: (Int) throws(DataError) -> Reading
  ) throws(DataError) -> HostBatch {
    let wanted = try reading(0)
    guard wanted.samples.isEmpty, let first = wanted.skipped.first else { return batch(wanted) }
    for step in 1..<max(count, 1) {
      var other = try reading(step)
      guard !other.samples.isEmpty else { continue }
      other.skipped = wanted.skipped
      return batch(other)
    }
    throw first.error
  }

  private func batch(_ reading: Reading) -> HostBatch {
    var parts = BatchAssembly(reading.samples, layout)
    return parts.batch(positions: reading.positions, skipped: reading.skipped, from: pool)
  }

  /// What of some examples can be read.
  private struct Reading {
    var samples: [Sample] = []
    var positions: [Int] = []
    var skipped: [SkippedExample] = []
  }

  private func read(
    _ positions: [Int], _ one: (Int) throws(DataError) -> Sample
  ) throws(DataError) -> Reading {
    var reading = Reading()
    for position in positions {
      do throws(DataError) {
        let sample = try one(position)
        try layout.check(sample, name: source.name(ofSample: position))
        reading.samples.append(sample)
        reading.positions.append(position)
      } catch {
        guard badSamples == .skip else { throw error }
        reading.skipped.append(SkippedExample(position: position, error: error))
      }
    }
    return reading
  }
}

/// What the first of some attempts gives that succeeds.
///
/// - Throws: The first attempt's error where none does.
private func firstThatSucceeds<Result>(
  of count: Int, _ attempt: (Int) throws(DataError) -> Result
) throws(DataError) -> Result {
  do throws(DataError) {
    return try attempt(0)
  } catch {
    for number in 1..<max(count, 1) {
      if let result = try? attempt(number) { return result }
    }
    throw error
  }
}
