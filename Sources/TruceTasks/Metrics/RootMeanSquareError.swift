import Foundation
public import Torch
public import TruceData
import TruceOptions
public import TruceRun

/// The root of the mean squared distance between outputs and targets, over the whole split.
public struct RootMeanSquareError: Metric {
  private var squares = RunningMean()

  /// Creates an error that has seen nothing.
  public init() {}

  /// `root_mean_square_error`, lower is better.
  public var records: [MetricRecord] {
    [MetricRecord(name: "root_mean_square_error", higherIsBetter: false)]
  }

  /// Takes in outputs and targets of one shape, [B, …]; what the mask leaves out does not count.
  public mutating func update(output: Tensor, target: TaskTarget) {
    let counted = target.counted((output - target.values).square())
    guard counted.count > 0 else { return }
    squares.add(counted.mean().item(), weight: Double(counted.count))
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
