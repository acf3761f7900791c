public import Torch

/// What one task asks of the examples of a set or a batch.
public struct TaskTarget {
  /// The task's name.
  public let task: String
  /// The targets, one row for each example: class labels of shape [count], or any dense target.
  public let values: Tensor
  /// What of the target counts: booleans whose axes are the first ones of the values, each of the same length or
  /// of length 1; nil where everything counts.
  ///
  /// [count] says which examples have a target, [count, height, width] which elements of a map do, and
  /// [count, 1, height, width] the same for all channels of [count, channels, height, width].
  public let mask: Tensor?

  /// Creates a target.
  public init(task: String, values: Tensor, mask: Tensor? = nil) {
    self.task = task
    self.values = values
    self.mask = mask
  }

  /// Whether anything of the target counts.
  ///
  /// Where there is a mask this reads a value: a step must know which tasks take part before it asks for their gradients.
  public var hasLabels: Bool { mask.map { $0.any().item() != 0 } ?? true }

  /// The mask with as many axes as the values, so that the two meet element by element.
  public var elementMask: Tensor? {
    mask.map { mask in
      let missing = values.rank - mask.rank
      return missing > 0 ? mask.reshaped(mask.shape + Array(repeating: 1, count: missing)) : mask
    }
  }

  /// The values that count, in one row.
  public var labelledValues: Tensor { counted(values) }

  /// Of a tensor shaped like the values the elements that count, in one row.
  public func counted(_ elements: Tensor) -> Tensor {
    guard let mask = elementMask else { return elements.reshaped([-1]) }
    return elements.maskedSelect(mask.expanded(elements.shape))
  }

  /// The values with a label in place of those that do not count.
  public func values(ignoring label: Int) -> Tensor {
    elementMask.map { values.maskedFilled($0.not(), with: label) } ?? values
  }

  /// Whether the mask fits the values.
  var hasFittingMask: Bool {
    guard let mask else { return true }
    let fits = zip(mask.shape, values.shape).allSatisfy { $0 == $1 || $0 == 1 }
    return mask.dtype == .bool && mask.rank <= values.rank && fits
  }

  func selecting(_ rows: Tensor) -> TaskTarget {
    TaskTarget(task: task, values: values.indexSelect(0, rows), mask: mask?.indexSelect(0, rows))
  }

  func moved(to device: Device) throws(TorchError) -> TaskTarget {
    let values = try values.converted(to: values.dtype, on: device)
    guard let mask else { return TaskTarget(task: task, values: values) }
    return TaskTarget(task: task, values: values, mask: try mask.converted(to: .bool, on: device))
  }
}
