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

  /// Reads the first example to learn the layout.
  ///
  /// - Throws: ``DataError`` where it cannot be read.
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
    var first = try source.sample(at: 0)
    try augmentation.change(&first, epoch: 0, position: 0)
    layout = try SampleLayout(of: first, from: source, name: source.name(ofSample: 0))
  }

  /// The batch at a place of an epoch.
  ///
  /// - Throws: ``DataError`` of the first example that cannot be read, where the policy is to fail or none can.
  func batch(at place: Place) throws(DataError) -> HostBatch {
    let order = orders.order(ofEpoch: place.epoch)
    let positions = Array(order[plan.range(ofBatch: place.batch)])
    let (source, augmentation) = (source, augmentation)
    return try batch(positions) { (position) throws(DataError) in
      var sample = try source.sample(at: position)
      try augmentation.change(&sample, epoch: place.epoch, position: position)
      return sample
    }
  }

  /// A batch of these examples, changed as in a draw of their own.
  func batch(of positions: [Int], seed: UInt64, number: Int) throws(DataError) -> HostBatch {
    let (source, augmentation) = (source, augmentation)
    return try batch(positions) { (position) throws(DataError) in
      var sample = try source.sample(at: position)
      try augmentation.change(&sample, drawnWith: seed, number: number, position: position)
      return sample
    }
  }

  private func batch(
    _ positions: [Int], _ read: (Int) throws(DataError) -> Sample
  ) throws(DataError) -> HostBatch {
    var samples: [Sample] = []
    var readable: [Int] = []
    var skipped: [SkippedExample] = []
    for position in positions {
      do throws(DataError) {
        let sample = try read(position)
        try layout.check(sample, name: source.name(ofSample: position))
        samples.append(sample)
        readable.append(position)
      } catch {
        skipped.append(SkippedExample(position: position, error: error))
        if badSamples == .fail { throw error }
      }
    }
    if samples.isEmpty, let first = skipped.first { throw first.error }
    var parts = BatchAssembly(samples, layout)
    return parts.batch(positions: readable, skipped: skipped, from: pool)
  }
}
