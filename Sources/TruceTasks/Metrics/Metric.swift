public import Foundation
public import Torch
public import TruceData
public import TruceRun

/// A measure of one task's outputs, gathered over the batches of a split: one value, or several of one pass.
///
/// The state is `Codable`, and what several have gathered can be merged, so that parts of a split may be measured
/// apart, such as on several machines.
public protocol Metric: Codable, Sendable {
  /// The names and directions of the values, in their order.
  var records: [MetricRecord] { get }

  /// Takes in one batch: the task's outputs and its targets.
  mutating func update(output: Tensor, target: TaskTarget)

  /// Takes in all that another metric of the same kind has gathered from other samples.
  mutating func merge(_ other: Self)

  /// One value for each record over everything taken in; not a number before the first sample.
  var values: [Double] { get }
}

extension Metric {
  /// The values with their names and directions.
  public var measurements: [(record: MetricRecord, value: Double)] {
    Array(zip(records, values))
  }

  /// All that has been gathered, for ``merge(state:)`` elsewhere.
  public var state: Data { RecordCoding.line(self) }

  /// Takes in what a metric of the same kind gathered elsewhere.
  ///
  /// - Returns: Whether the state was one of this kind; nothing is taken in where it was not.
  public mutating func merge(state: Data) -> Bool {
    guard let other = RecordCoding.decode(Self.self, from: state) else { return false }
    merge(other)
    return true
  }
}
