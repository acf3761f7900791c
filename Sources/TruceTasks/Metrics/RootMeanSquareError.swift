import Foundation
public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// The root of the mean squared distance between outputs and targets, over the whole split.
public struct RootMeanSquareError: DeferredMetric {
  private var squares = RunningMean()

  /// Creates an error that has seen nothing.
  public init() {}

  /// `root_mean_square_error`, lower is better.
  public var records: [MetricRecord] {
    [MetricRecord(name: "root_mean_square_error", higherIsBetter: false)]
  }

  /// Keeps the mean square of the distances of outputs and targets of one shape, [B, …]; what the mask leaves out does
  /// not count.
  public func numbers(output: Tensor, target: TaskTarget) -> BatchNumbers? {
    let counted = target.counted((output - target.values).square())
    return counted.count > 0 ? BatchNumbers(count: counted.count, [counted.mean()]) : nil
  }

  /// Adds a batch's mean.
  public mutating func add(_ numbers: [[Double]], count: Int) {
    squares.add(numbers[0][0], weight: Double(count))
  }

  /// Adds the other's distances.
  public mutating func merge(_ other: RootMeanSquareError) { squares.merge(other.squares) }

  /// The root of the mean over all that counted.
  public var values: [Double] { [squares.value?.squareRoot() ?? .nan] }
}

extension MetricEntry {
  /// The line of the root of the mean squared distance.
  static let rootMeanSquareError = MetricEntry(
    about: MetricDescription(
      name: "root-mean-square-error",
      summary: "the root of the mean squared distance between outputs and targets",
      source: "common use", suits: [.numbers])
  ) { RootMeanSquareError() }
}
