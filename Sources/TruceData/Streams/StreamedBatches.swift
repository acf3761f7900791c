import Torch

/// The batches of some epochs of a stream, as its workers or the reader's own thread make them.
final class StreamedBatches: EpochBatches {
  private let maker: BatchMaker
  private let epochs: Range<Int>
  private let options: LoadingOptions
  private let queue: BatchQueue?
  /// What was taken before its turn; an error waits for its turn like a batch.
  private var early: [Int: Result<Batch, DataError>] = [:]
  private(set) var place: Int
  private(set) var statistics = LoaderStatistics()

  let count: Int

  /// Lets the workers begin.
  init(_ maker: BatchMaker, epochs: Range<Int>, from first: Int, options: LoadingOptions) {
    self.maker = maker
    self.epochs = epochs
    self.options = options
    count = epochs.count * maker.plan.batchCount
    place = min(first, count)
    guard options.workers > 0, place < count else {
      queue = nil
      return
    }
    let queue = BatchQueue(from: place, to: count, room: options.prefetch)
    self.queue = queue
    let make = Self.make(with: maker, epochs)
    Workers.start(min(options.workers, options.prefetch), on: queue, make)
  }

  deinit { queue?.stop() }

  func next() throws(DataError) -> Batch? {
    guard place < count else { return nil }
    defer { place += 1 }
    return try (early.removeValue(forKey: place) ?? received(place)).get()
  }

  func ahead(by distance: Int) throws(DataError) -> Batch {
    let wanted = placeAhead(by: distance)
    if let batch = early[wanted] { return try batch.get() }
    // What has been given, or is beyond the workers' reach, is made for this once.
    guard wanted >= place, wanted - place < options.prefetch else {
      return try waiting { Self.make(with: maker, epochs)(wanted) }.flatMap(wrapped).get()
    }
    let batch = received(wanted)
    early[wanted] = batch
    return try batch.get()
  }

  /// The batch of a place that has not been given yet, from the workers or made here.
  private func received(_ place: Int) -> Result<Batch, DataError> {
    let made = waiting { queue?.take(place) ?? Self.make(with: maker, epochs)(place) }
    if case .success(let batch) = made { statistics.skipped += batch.skipped }
    return made.flatMap(wrapped)
  }

  private func wrapped(_ made: HostBatch) -> Result<Batch, DataError> {
    Result { () throws(DataError) in
      try made.tensors(on: options.device)
    }
  }

  private func waiting<Value>(_ body: () -> Value) -> Value {
    let start = options.clock.seconds()
    defer { statistics.waitedSeconds += options.clock.seconds() - start }
    return body()
  }

  /// Makes the batch of a place, without the reader.
  private static func make(
    with maker: BatchMaker, _ epochs: Range<Int>
  ) -> @Sendable (Int) -> BatchQueue.Made {
    { place in
      let (epoch, batch) = place.quotientAndRemainder(dividingBy: maker.plan.batchCount)
      return Result { () throws(DataError) in
        try maker.batch(at: BatchMaker.Place(epoch: epochs.lowerBound + epoch, batch: batch))
      }
    }
  }
}
