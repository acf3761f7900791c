/// The parts of a data set that a run keeps apart.
public struct DatasetSplits {
  /// The examples to learn from.
  public let training: Dataset
  /// The examples to choose by, where some are held out.
  public let validation: Dataset?
  /// The examples to report on.
  public let test: Dataset

  /// Creates splits.
  public init(training: Dataset, validation: Dataset? = nil, test: Dataset) {
    self.training = training
    self.validation = validation
    self.test = test
  }

  /// Holds out a random part of the training examples for validation.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where none would be held out or left.
  public func holdingOut(_ count: Int, seed: UInt64) throws(DataError) -> DatasetSplits {
    let parts = try training.split(takingOut: count, seed: seed)
    return DatasetSplits(training: parts.rest, validation: parts.taken, test: test)
  }

  /// Keeps a random part of the training examples, for a quicker run.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where there are not so many examples.
  public func limitingTraining(to count: Int, seed: UInt64) throws(DataError) -> DatasetSplits {
    DatasetSplits(
      training: try training.subset(count: count, seed: seed), validation: validation, test: test)
  }

  /// Keeps a random part of the test examples, for a quicker measurement.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where there are not so many examples.
  public func limitingTest(to count: Int, seed: UInt64) throws(DataError) -> DatasetSplits {
    DatasetSplits(
      training: training, validation: validation, test: try test.subset(count: count, seed: seed))
  }

  /// Adds a task to every part; see ``Dataset/addingTask(_:)``.
  public func addingTask(_ target: ([TaskTarget]) -> TaskTarget) throws(DataError) -> DatasetSplits {
    var held: Dataset?
    if let validation { held = try validation.addingTask(target) }
    return DatasetSplits(
      training: try training.addingTask(target), validation: held, test: try test.addingTask(target))
  }
}
