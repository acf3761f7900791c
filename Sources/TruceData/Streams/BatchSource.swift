/// Where batches come from: a set in memory, a stream read by workers, or several of them zipped.
///
/// What an epoch's batches are is a function of the source and the epoch's number alone, so that a run resumes from the
/// number of the epoch and of the next batch.
public protocol BatchSource {
  /// The domains with their inputs and tasks, in the order in which a batch has them.
  var domains: [DomainLayout] { get }

  /// The number of examples of each domain.
  var exampleCounts: [Int] { get }

  /// The number of batches in an epoch.
  var batchCount: Int { get }

  /// The batches of some epochs, one behind the other.
  ///
  /// - Parameters:
  ///   - epochs: The epochs' numbers, from 0 on.
  ///   - first: The batch to begin with, counted from the first epoch's, for a run that goes on where it stopped.
  func batches(epochs: Range<Int>, from first: Int) -> any EpochBatches

  /// Random examples of each domain without repetition, or all of them where there are no more.
  ///
  /// - Parameters:
  ///   - count: The number of examples of a domain.
  ///   - seed: Decides the draws.
  ///   - number: Tells one draw of a seed from another.
  /// - Throws: ``DataError`` where an example cannot be read.
  func randomBatch(of count: Int, seed: UInt64, number: Int) throws(DataError) -> Batch

  /// The first examples of each domain as they are stored, or all of them where there are no more.
  ///
  /// - Throws: ``DataError`` where an example cannot be read.
  func firstBatch(of count: Int) throws(DataError) -> Batch

  /// The labels of a task: of all examples, or of some that are evenly spaced where there are many.
  ///
  /// - Returns: Nil where they cannot be had without the inputs.
  func labels(ofTask name: String) -> TaskTarget?
}

extension BatchSource {
  /// Nil.
  public func labels(ofTask name: String) -> TaskTarget? { nil }

  /// The batches of one epoch.
  ///
  /// - Parameters:
  ///   - epoch: The epoch's number.
  ///   - first: The batch to begin with.
  public func batches(epoch: Int, from first: Int = 0) -> any EpochBatches {
    batches(epochs: epoch..<(epoch + 1), from: first)
  }
}

/// The batches of an epoch, or of several in a row, given one after the other.
public protocol EpochBatches: AnyObject {
  /// The number of batches.
  var count: Int { get }

  /// The place of the batch that ``next()`` gives.
  var place: Int { get }

  /// What reading has cost so far.
  var statistics: LoaderStatistics { get }

  /// The next batch, or nil at the end.
  ///
  /// - Throws: ``DataError``, naming the file, where an example of this batch cannot be read; the next call goes on
  ///   behind it.
  func next() throws(DataError) -> Batch?

  /// The batch so many places behind the one that ``next()`` gave last, which stays where it is.
  ///
  /// Behind the end come the first batches again.
  ///
  /// - Parameter distance: At least 0, which asks for the last batch once more.
  /// - Throws: ``DataError``, naming the file, where an example of that batch cannot be read.
  func ahead(by distance: Int) throws(DataError) -> Batch
}

extension EpochBatches {
  /// The place that ``ahead(by:)`` means.
  func placeAhead(by distance: Int) -> Int {
    let place = (place - 1 + distance) % count
    return place < 0 ? place + count : place
  }
}

/// What reading the batches of an epoch has cost its reader.
public struct LoaderStatistics: Equatable, Sendable {
  /// The seconds in which the reader waited for a batch to be read.
  ///
  /// Putting together what lies in memory is no waiting.
  public var waitedSeconds: Double
  /// The examples left out because they could not be read.
  public var skipped: [SkippedExample]

  /// Creates statistics.
  public init(waitedSeconds: Double = 0, skipped: [SkippedExample] = []) {
    self.waitedSeconds = waitedSeconds
    self.skipped = skipped
  }

  /// Adds what reading something else has cost.
  mutating func add(_ other: LoaderStatistics) {
    waitedSeconds += other.waitedSeconds
    skipped += other.skipped
  }
}

/// An example that a batch does without.
public struct SkippedExample: Equatable, Sendable {
  /// Its position in the set it comes from.
  public let position: Int
  /// Why it could not be read, with its file.
  public let error: DataError

  /// Creates a record.
  public init(position: Int, error: DataError) {
    self.position = position
    self.error = error
  }
}
