public import Torch
public import Truce

/// Where the gradients of a step are: it collects them, tells their inner products, and hands a combination to the
/// parameters.
///
/// A source need not hold the gradients. One that does conforms to ``GradientMatrix``; one that does not may walk
/// the losses again for the combination, or add up inner products over several machines.
public protocol GradientSource: AnyObject {
  /// The number of groups of parameters that get weights of their own.
  var groupCount: Int { get }

  /// Differentiates losses, each with the parameters of its head, whose own gradients are added to.
  ///
  /// - Parameters:
  ///   - tasks: A loss and its head for each gradient; a missing loss gives a gradient of zero.
  ///   - pass: The forward pass they come from.
  ///   - keepsGraph: Whether the recording is needed once more.
  func collect(_ tasks: [GradientSweep.Task], of pass: ForwardPass, keepsGraph: Bool) throws

  /// The inner products of what was collected last, over one group or, for nil, over all.
  func gramian(ofGroup group: Int?) throws -> Gramian

  /// Counts a gradient as zero from now on, so that no infinity or NaN in it reaches a combination.
  func discard(_ position: Int) throws

  /// Hands a combination of what was collected to the shared parameters as their gradient; what was collected may be gone
  /// then.
  ///
  /// - Parameters:
  ///   - factors: For each group a number for each gradient.
  ///   - pass: The forward pass.
  func deliver(_ factors: [[Double]], of pass: ForwardPass) throws

  /// Whether the source can tell how much the gradients disagree; not so by default.
  var tellsConflict: Bool { get }

  /// How much the gradients that were collected disagree.
  ///
  /// - Parameters:
  ///   - gramian: Their inner products, with zeros for those discarded.
  ///   - pass: The forward pass.
  func conflict(_ gramian: Gramian, of pass: ForwardPass) throws -> ConflictMeasurement?
}

/// A source that holds the gradients as the rows of one tensor.
public protocol GradientMatrix: GradientSource {
  /// The gradients collected last, one row each; written in place every step, and over the first one by
  /// ``GradientSource/deliver(_:of:)``.
  var rows: Tensor { get throws }

  /// Hands any vector as long as a row to the shared parameters as their gradient.
  func deliver(direction: Tensor, of pass: ForwardPass) throws
}

extension GradientSource {
  /// Differentiates the losses of these tasks; the others' gradients are zero.
  package func collect(
    _ pass: ForwardPass, tasks: [Int], heads: [[Tensor]], keepsGraph: Bool = false
  ) throws {
    try collect(pass.sweepTasks(tasks, heads: heads), of: pass, keepsGraph: keepsGraph)
  }

  /// The inner products over each group, or none where there is one only.
  func groupGramians() throws -> [Gramian] {
    groupCount > 1 ? try (0..<groupCount).map { try gramian(ofGroup: $0) } : []
  }
}

extension GradientSource {
  /// False.
  public var tellsConflict: Bool { false }
  /// Nothing.
  public func conflict(_ gramian: Gramian, of pass: ForwardPass) throws -> ConflictMeasurement? { nil }
}

extension GradientMatrix {
  /// True: the rows are there.
  public var tellsConflict: Bool { true }

  /// Measures the rows.
  public func conflict(_ gramian: Gramian, of pass: ForwardPass) throws -> ConflictMeasurement? {
    try ConflictMeasurement(gramian: gramian, signsOf: rows)
  }

  /// The inner products over some columns, or over all of them.
  func gramian(columns: Range<Int>? = nil) throws -> Gramian {
    let all = try rows
    return try Gramian(
      taskCount: all.shape[0], elements: GradientSweep.gramian(of: all, columns: columns))
  }

  /// Sets a row to zero.
  public func discard(_ position: Int) throws {
    try rows.selected(0, position).zeroInPlace()
  }
}

extension ForwardPass {
  /// The parts of a vector as long as all features, each in the shape and type of its feature.
  func split(_ vector: Tensor) -> [Tensor?] {
    zip(features, GradientSweep.columns(of: features)).map { feature, columns in
      vector.narrowed(0, start: columns.lowerBound, length: columns.count).reshaped(feature.shape)
        .to(feature.dtype)
    }
  }

  /// The sweep's tasks: the losses of those that take part, each with its head.
  func sweepTasks(_ tasks: [Int], heads: [[Tensor]]) -> [GradientSweep.Task] {
    losses.indices.map { task in
      GradientSweep.Task(
        loss: tasks.contains(task) ? losses[task] : nil, headParameters: heads.isEmpty ? [] : heads[task])
    }
  }
}

/// Rows for gradients, kept from step to step while their shape stays.
final class RowBuffer {
  private(set) var current: Tensor?

  /// Rows for so many gradients with respect to these tensors.
  func rows(count: Int, of tensors: [Tensor]) throws -> Tensor {
    let width = width(of: tensors)
    if let current, current.shape == [count, width] { return current }
    return try fresh(count, tensors)
  }

  /// As ``rows(count:of:)``, fresh where somebody still looks at a part of the old ones, such as at the last step's
  /// gradients.
  func ownRows(count: Int, of tensors: [Tensor]) throws -> Tensor {
    if current?.hasViews == true { current = nil }
    return try rows(count: count, of: tensors)
  }

  /// So many rows or more.
  func rows(atLeast count: Int, of tensors: [Tensor]) throws -> Tensor {
    if let current, current.shape[0] >= count, current.shape[1] == width(of: tensors) { return current }
    return try fresh(count, tensors)
  }

  private func width(of tensors: [Tensor]) -> Int { tensors.reduce(0) { $0 + $1.count } }

  private func fresh(_ count: Int, _ tensors: [Tensor]) throws -> Tensor {
    // The old ones are let go of first.
    current = nil
    let fresh = try GradientSweep.allocateRows(taskCount: count, parameters: tensors)
    current = fresh
    return fresh
  }
}
