/// Makes batches of a data set in memory as a plan asks for them.
public struct DataLoader: BatchSource {
  /// The examples.
  public let dataset: Dataset
  /// Which examples form which batch.
  public let plan: BatchPlan

  /// Creates a loader.
  ///
  /// - Parameters:
  ///   - dataset: The examples.
  ///   - batchSize: The number of examples in a batch.
  ///   - order: The order in which an epoch visits the examples.
  ///   - remainder: What becomes of the examples that do not fill a batch.
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where an epoch would have no batch.
  public init(
    _ dataset: Dataset, batchSize: Int, order: BatchPlan.Order, remainder: BatchPlan.Remainder = .keep
  ) throws(DataError) {
    self.dataset = dataset
    plan = try BatchPlan(
      exampleCount: dataset.count, batchSize: batchSize, order: order, remainder: remainder)
  }

  /// The set's input and tasks, in one domain.
  public var domains: [DomainLayout] { [dataset.layout] }

  /// The number of examples.
  public var exampleCounts: [Int] { [dataset.count] }

  /// The number of batches in an epoch.
  public var batchCount: Int { plan.batchCount }

  /// The batches of some epochs, each made when it is asked for.
  public func batches(epochs: Range<Int>, from first: Int) -> any EpochBatches {
    GatheredBatches(dataset, plan, epochs: epochs, from: first)
  }

  /// Random examples without repetition; see ``Dataset/randomBatch(of:seed:number:)``.
  public func randomBatch(of count: Int, seed: UInt64, number: Int) -> Batch {
    dataset.randomBatch(of: count, seed: seed, number: number)
  }

  /// The first examples of the set.
  public func firstBatch(of count: Int) -> Batch { dataset.batch(at: Array(0..<min(count, dataset.count))) }

  /// The labels of all examples.
  public func labels(ofTask name: String) -> TaskTarget? { dataset.target(ofTask: name) }
}

/// The batches of some epochs of a data set in memory.
private final class GatheredBatches: EpochBatches {
  private let dataset: Dataset
  private let plan: BatchPlan
  private let orders: EpochOrders
  private let firstEpoch: Int
  private(set) var place: Int
  let count: Int
  let statistics = LoaderStatistics()

  init(_ dataset: Dataset, _ plan: BatchPlan, epochs: Range<Int>, from first: Int) {
    self.dataset = dataset
    self.plan = plan
    orders = EpochOrders(plan)
    firstEpoch = epochs.lowerBound
    count = epochs.count * plan.batchCount
    place = min(first, count)
  }

  func next() -> Batch? {
    guard place < count else { return nil }
    place += 1
    return batch(at: place - 1)
  }

  func ahead(by distance: Int) -> Batch { batch(at: placeAhead(by: distance)) }

  private func batch(at place: Int) -> Batch {
    let (epoch, batch) = place.quotientAndRemainder(dividingBy: plan.batchCount)
    let positions = orders.order(ofEpoch: firstEpoch + epoch)
    return dataset.batch(at: Array(positions[plan.range(ofBatch: batch)]))
  }
}
