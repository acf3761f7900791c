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

  /// The batches of an epoch, each made no earlier than the source's own buffers allow.
  ///
  /// - Parameters:
  ///   - epoch: The epoch's number.
  ///   - first: The batch to begin with, for a run that goes on in the middle of an epoch.
  func batches(epoch: Int, from first: Int) -> any EpochBatches

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
}

extension BatchSource {
  /// All batches of an epoch.
  public func batches(epoch: Int) -> any EpochBatches { batches(epoch: epoch, from: 0) }
}

/// The batches of one epoch, given one after the other.
public protocol EpochBatches: AnyObject {
  /// The number of batches in the epoch.
  var count: Int { get }

  /// The place in the epoch of the batch that ``next()`` gives.
  var place: Int { get }

  /// What reading has cost so far.
  var statistics: LoaderStatistics { get }

  /// The next batch, or nil at the epoch's end.
  ///
  /// - Throws: ``DataError``, naming the file, where an example of this batch cannot be read; the next call goes on
  ///   behind it.
  func next() throws(DataError) -> Batch?

  /// The batch so many places behind the one that ``next()`` gave last, which stays where it is.
  ///
  /// Behind the epoch's end come its first batches again.
  ///
  /// - Parameter distance: At least 0, which asks for the last batch once more.
  /// - Throws: ``DataError``, naming the file, where an example of that batch cannot be read.
  func ahead(by distance: Int) throws(DataError) -> Batch
}

/// What reading the batches of an epoch has cost its reader.
public struct LoaderStatistics: Equatable, Sendable {
  /// The seconds in which the reader waited for a batch to be read.
  ///
  /// Putting together what lies in memory is no waiting.
  public var waitedSeconds: Double
  /// The examples left out because they could not be read.
  public var skippedExamples: Int

  /// Creates statistics.
  public init(waitedSeconds: Double = 0, skippedExamples: Int = 0) {
    self.waitedSeconds = waitedSeconds
    self.skippedExamples = skippedExamples
  }
}
