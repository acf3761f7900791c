/// One stream for each domain, read one behind the other: a batch holds one domain, and an epoch each example once.
///
/// This is how splits are measured; ``ZippedSource``, which trains, would count the examples of a short stream several
/// times, or leave some of a long one out.
public struct SequencedSource: BatchSource {
  /// The domains, in order.
  public var domains: [DomainLayout] { zipped.domains }
  /// The number of batches in an epoch.
  public let batchCount: Int
  private let sources: [(domain: String, source: any BatchSource)]
  /// The same streams side by side, for draws.
  private let zipped: ZippedSource

  /// Puts streams one behind the other.
  ///
  /// - Parameter streams: The name and the source of each domain, in order; each source has one domain.
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where names of domains or tasks are not different,
  ///   or a source has several domains.
  public init(_ streams: [(domain: String, source: any BatchSource)]) throws(DataError) {
    zipped = try ZippedSource(streams)
    sources = streams
    batchCount = streams.reduce(0) { $0 + $1.source.batchCount }
  }

  /// The number of examples of each domain.
  public var exampleCounts: [Int] { zipped.exampleCounts }

  /// The batches of some epochs, in each all of the first domain first.
  public func batches(epochs: Range<Int>, from first: Int) -> any EpochBatches {
    SequencedBatches(sources, count: epochs.count * batchCount, firstEpoch: epochs.lowerBound, from: first)
  }

  /// Random examples of each domain.
  public func randomBatch(of count: Int, seed: UInt64, number: Int) throws(DataError) -> Batch {
    try zipped.randomBatch(of: count, seed: seed, number: number)
  }

  /// The first examples of each domain.
  public func firstBatch(of count: Int) throws(DataError) -> Batch { try zipped.firstBatch(of: count) }

  /// The labels of a task in the domain it belongs to.
  public func labels(ofTask name: String) -> TaskTarget? { zipped.labels(ofTask: name) }
}

/// The batches of several streams one behind the other.
private final class SequencedBatches: EpochBatches {
  /// A batch of one of the streams.
  private struct Turn {
    let stream: Int
    let epoch: Int
    let batch: Int
  }

  let count: Int
  private(set) var place: Int
  private let sources: [(domain: String, source: any BatchSource)]
  private let firstEpoch: Int
  private let epochLength: Int
  /// The stream that is being read, and the place behind its last batch.
  private var current: (batches: any EpochBatches, end: Int)?
  /// What reading the streams before has cost.
  private var spent = LoaderStatistics()

  init(
    _ sources: [(domain: String, source: any BatchSource)], count: Int, firstEpoch: Int, from first: Int
  ) {
    self.sources = sources
    self.count = count
    self.firstEpoch = firstEpoch
    epochLength = sources.reduce(0) { $0 + $1.source.batchCount }
    place = min(first, count)
  }

  var statistics: LoaderStatistics {
    var sum = spent
    if let current { sum.add(current.batches.statistics) }
    return sum
  }

  func next() throws(DataError) -> Batch? {
    guard place < count else { return nil }
    let turn = turn(at: place)
    let batches = opened(turn)
    place += 1
    return try batches.next().map { named($0, turn) }
  }

  func ahead(by distance: Int) throws(DataError) -> Batch {
    let wanted = placeAhead(by: distance)
    let turn = turn(at: wanted)
    let batches = sources[turn.stream].source.batches(epoch: turn.epoch, from: turn.batch)
    guard let batch = try batches.next() else { preconditionFailure("a stream without batch \(turn.batch)") }
    spent.add(batches.statistics)
    return named(batch, turn)
  }

  /// The stream at a turn, which goes on where it is the one being read.
  private func opened(_ turn: Turn) -> any EpochBatches {
    if let current, place < current.end { return current.batches }
    if let current { spent.add(current.batches.statistics) }
    let source = sources[turn.stream].source
    let batches = source.batches(epoch: turn.epoch, from: turn.batch)
    current = (batches, place + source.batchCount - turn.batch)
    return batches
  }

  private func turn(at place: Int) -> Turn {
    var (epoch, batch) = place.quotientAndRemainder(dividingBy: epochLength)
    epoch += firstEpoch
    var stream = 0
    while batch >= sources[stream].source.batchCount {
      batch -= sources[stream].source.batchCount
      stream += 1
    }
    return Turn(stream: stream, epoch: epoch, batch: batch)
  }

  private func named(_ batch: Batch, _ turn: Turn) -> Batch {
    Batch(zipping: [batch], domains: [sources[turn.stream].domain])
  }
}
