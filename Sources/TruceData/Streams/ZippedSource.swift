/// One stream for each domain, read side by side: a batch holds one batch of each.
///
/// Each stream goes its own way through its epochs. In epoch e of B batches a stream of b batches gives those from e · B
/// on, counted over all its epochs: so it begins again, in a new order, wherever it ends, and what one epoch leaves out
/// the next one brings.
public struct ZippedSource: BatchSource {
  /// Which of the streams says how long an epoch is.
  public enum Ending: String, Codable, Sendable, CaseIterable {
    /// The longest; the others begin again.
    case restart
    /// The shortest; the others go on in the next epoch.
    case stop
  }

  /// The domains, in order.
  public let domains: [DomainLayout]
  /// The number of batches in an epoch.
  public let batchCount: Int
  private let sources: [any BatchSource]

  /// Zips streams.
  ///
  /// - Parameters:
  ///   - streams: The name and the source of each domain, in order; each source has one domain.
  ///   - ending: Which of the streams says how long an epoch is.
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where names of domains or tasks are not different,
  ///   or a source has several domains.
  public init(
    _ streams: [(domain: String, source: any BatchSource)], ending: Ending = .restart
  ) throws(DataError) {
    try Self.check(streams)
    sources = streams.map(\.source)
    domains = streams.compactMap { stream in
      stream.source.domains.first.map {
        DomainLayout(name: stream.domain, inputs: $0.inputs, tasks: $0.tasks)
      }
    }
    let counts = sources.map(\.batchCount)
    batchCount = (ending == .restart ? counts.max() : counts.min()) ?? 0
  }

  private static func check(_ streams: [(domain: String, source: any BatchSource)]) throws(DataError) {
    guard !streams.isEmpty else {
      throw .invalidValue(parameter: "the number of streams", rule: "at least 1", received: "0")
    }
    for stream in streams where stream.source.domains.count != 1 {
      throw .invalidValue(
        parameter: "the stream of domain '\(stream.domain)'", rule: "of one domain",
        received: "\(stream.source.domains.count)")
    }
    if let name = firstRepeated(streams.map(\.domain)) {
      throw .invalidValue(parameter: "the domains' names", rule: "different", received: "'\(name)' twice")
    }
    if let task = firstRepeated(streams.flatMap { $0.source.domains.flatMap(\.tasks) }) {
      throw .invalidValue(
        parameter: "the tasks' names", rule: "different from domain to domain", received: "'\(task)' twice")
    }
  }

  private static func firstRepeated(_ names: [String]) -> String? {
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
  }

  /// The number of examples of each domain.
  public var exampleCounts: [Int] { sources.flatMap(\.exampleCounts) }

  /// The batches of some epochs, side by side.
  public func batches(epochs: Range<Int>, from first: Int) -> any EpochBatches {
    let (start, end) = (epochs.lowerBound * batchCount, epochs.upperBound * batchCount)
    let place = min(first, end - start)
    let streams = sources.map { source in
      let (epoch, offset) = start.quotientAndRemainder(dividingBy: source.batchCount)
      let endEpoch = max((end + source.batchCount - 1) / source.batchCount, epoch)
      return ZippedBatches.Stream(
        batches: source.batches(epochs: epoch..<endEpoch, from: offset + place), offset: offset)
    }
    return ZippedBatches(streams, domains: domains.map(\.name), count: end - start, from: place)
  }

  /// Random examples of each domain.
  public func randomBatch(of count: Int, seed: UInt64, number: Int) throws(DataError) -> Batch {
    try joined { (source) throws(DataError) in
      try source.randomBatch(of: count, seed: seed, number: number)
    }
  }

  /// The first examples of each domain.
  public func firstBatch(of count: Int) throws(DataError) -> Batch {
    try joined { (source) throws(DataError) in try source.firstBatch(of: count) }
  }

  /// The labels of a task in the domain it belongs to.
  public func labels(ofTask name: String) -> TaskTarget? {
    zip(sources, domains).first { $1.tasks.contains(name) }?.0.labels(ofTask: name)
  }

  private func joined(
    _ batch: (any BatchSource) throws(DataError) -> Batch
  ) throws(DataError) -> Batch {
    var parts: [Batch] = []
    for source in sources { parts.append(try batch(source)) }
    return Batch(zipping: parts, domains: domains.map(\.name))
  }
}

/// The batches of several streams side by side.
private final class ZippedBatches: EpochBatches {
  struct Stream {
    let batches: any EpochBatches
    /// The stream's place when the zipped one is at 0.
    let offset: Int
  }

  let count: Int
  private(set) var place: Int
  private let streams: [Stream]
  private let domains: [String]

  init(_ streams: [Stream], domains: [String], count: Int, from place: Int) {
    self.streams = streams
    self.domains = domains
    self.count = count
    self.place = place
  }

  var statistics: LoaderStatistics {
    streams.reduce(into: LoaderStatistics()) { $0.add($1.batches.statistics) }
  }

  func next() throws(DataError) -> Batch? {
    guard place < count else { return nil }
    place += 1
    // Every stream moves on, whichever of them fails.
    let parts = streams.map { stream in
      Result { () throws(DataError) in try stream.batches.next() }
    }
    var batches: [Batch] = []
    for part in parts {
      guard let batch = try part.get() else { return nil }
      batches.append(batch)
    }
    return Batch(zipping: batches, domains: domains)
  }

  func ahead(by distance: Int) throws(DataError) -> Batch {
    let wanted = placeAhead(by: distance)
    var batches: [Batch] = []
    for stream in streams {
      let gap = stream.offset + wanted - (stream.batches.place - 1)
      let count = stream.batches.count
      batches.append(try stream.batches.ahead(by: gap < 0 ? gap + count : gap % count))
    }
    return Batch(zipping: batches, domains: domains)
  }
}

extension Batch {
  /// The batches of several streams as one, under the names of their domains.
  init(zipping batches: [Batch], domains names: [String]) {
    self.init(
      domains: zip(batches, names).map { batch, name in
        DomainBatch(
          name: name, inputs: batch.inputs, targets: batch.targets, positions: batch.positions)
      })
  }
}
