public import Torch
import Truce

/// Examples held in memory: an input and, for each task, a target.
///
/// A subset shares the tensors of the set it was taken from and costs only its positions.
public struct Dataset {
  /// The inputs of all examples ever loaded, shape [count, …]; a subset uses some of the rows.
  public let input: Tensor
  /// What whole-number inputs are divided by on their way into a batch.
  ///
  /// 255 brings pixels to 0 … 1. Inputs that are real numbers stay as they are.
  public let inputDivisor: Double
  /// The targets in task order, each with as many rows as the input.
  public let targets: [TaskTarget]
  private let rows: [Int]?

  /// Creates a data set.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where the tensors have different numbers of
  ///   rows or none.
  public init(input: Tensor, inputDivisor: Double = 255, targets: [TaskTarget]) throws(DataError) {
    let rowCount = input.shape.first ?? 0
    guard rowCount > 0 else {
      throw .invalidValue(parameter: "the input", rule: "at least one example", received: "\(input.shape)")
    }
    for target in targets {
      for tensor in [target.values, target.mask].compactMap({ $0 }) where tensor.shape.first != rowCount {
        throw .invalidValue(
          parameter: "the target of task '\(target.task)'", rule: "as long as the input, \(rowCount) rows",
          received: "shape \(tensor.shape)")
      }
      guard target.hasFittingMask else {
        throw .invalidValue(
          parameter: "the mask of task '\(target.task)'",
          rule: "truth values as long as the first axes of its values, \(target.values.shape), or 1",
          received: "\(target.mask?.summary ?? "none")")
      }
    }
    self.init(input: input, inputDivisor: inputDivisor, targets: targets, rows: nil)
  }

  private init(input: Tensor, inputDivisor: Double, targets: [TaskTarget], rows: [Int]?) {
    self.input = input
    self.inputDivisor = inputDivisor
    self.targets = targets
    self.rows = rows
  }

  /// The number of examples.
  public var count: Int { rows?.count ?? input.shape[0] }

  /// The names of the tasks, in order.
  public var tasks: [String] { targets.map(\.task) }

  /// The target of a task, of the set's own examples; nil where the set has no such task.
  public func target(ofTask name: String) -> TaskTarget? {
    targets.first { $0.task == name }.map {
      TaskTarget(task: $0.task, values: selected($0.values), mask: $0.mask.map(selected))
    }
  }

  /// What an example looks like in a batch.
  var layout: DomainLayout {
    let dtype = input.dtype.isFloatingPoint ? input.dtype : .float32
    let shape = input.shape.dropFirst().map { Optional($0) }
    return DomainLayout(
      inputs: [InputLayout(name: NamedInput.usualName, shape: shape, dtype: dtype)], tasks: tasks)
  }

  /// Copies examples into a batch: one gather for each tensor.
  ///
  /// - Parameter positions: Which examples, each in 0 ..< ``count``; another value traps.
  public func batch(at positions: [Int]) -> Batch {
    let chosen = rows.map { rows in positions.map { rows[$0] } } ?? positions
    let index = Tensor(chosen).to(input.device)
    let raw = input.indexSelect(0, index)
    let isReal = raw.dtype.isFloatingPoint
    return Batch(
      input: isReal ? raw : raw.to(.float32).divideInPlace(inputDivisor),
      targets: targets.map { $0.selecting(index) }, positions: positions)
  }

  /// The rows of a tensor that belong to the set.
  func selected(_ tensor: Tensor) -> Tensor {
    rows.map { tensor.indexSelect(0, Tensor($0).to(tensor.device)) } ?? tensor
  }

  /// Copies the set's own examples to a device, so that batches are put together there; on the same device all is
  /// shared.
  ///
  /// - Throws: `TorchError` where the device is not available or has too little memory.
  public func moved(to device: Device) throws(TorchError) -> Dataset {
    guard device != input.device else { return self }
    let own = withoutOthers
    let input = try own.input.converted(to: input.dtype, on: device)
    var moved: [TaskTarget] = []
    for target in own.targets { moved.append(try target.moved(to: device)) }
    return Dataset(input: input, inputDivisor: inputDivisor, targets: moved, rows: nil)
  }

  /// The set with tensors of its own examples alone.
  var withoutOthers: Dataset {
    guard rows != nil else { return self }
    let targets = targets.compactMap { target(ofTask: $0.task) }
    return Dataset(input: selected(input), inputDivisor: inputDivisor, targets: targets, rows: nil)
  }
}

// MARK: Further tasks

extension Dataset {
  /// The same examples with one more task, whose target follows from the targets there are.
  ///
  /// - Parameter target: Makes the target of all examples ever loaded, also of those that a subset leaves out.
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where the target has another number of rows.
  public func addingTask(_ target: ([TaskTarget]) -> TaskTarget) throws(DataError) -> Dataset {
    let whole = try Dataset(
      input: input, inputDivisor: inputDivisor, targets: targets + [target(targets)])
    return Dataset(input: input, inputDivisor: inputDivisor, targets: whole.targets, rows: rows)
  }
}

// MARK: Parts of a set

extension Dataset {
  /// The examples at these positions, in this order.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` for a position outside 0 ..< ``count``.
  public func subset(_ positions: [Int]) throws(DataError) -> Dataset {
    if let bad = positions.first(where: { !(0..<count).contains($0) }) {
      throw .invalidValue(parameter: "a position", rule: "in 0 ..< \(count)", received: "\(bad)")
    }
    let chosen = rows.map { rows in positions.map { rows[$0] } } ?? positions
    return Dataset(input: input, inputDivisor: inputDivisor, targets: targets, rows: chosen)
  }

  /// A random choice of examples without repetition, in the order of the set.
  ///
  /// With the same seed, a smaller choice is part of every larger one.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where there are not so many examples.
  public func subset(count wanted: Int, seed: UInt64) throws(DataError) -> Dataset {
    guard (1...count).contains(wanted) else {
      throw .invalidValue(parameter: "the subset's size", rule: "in 1 … \(count)", received: "\(wanted)")
    }
    var source = RandomSource(seed: seed, for: .subset)
    return try subset(source.order(of: count).prefix(wanted).sorted())
  }

  /// Takes a random choice of examples out of the set, as for validation.
  ///
  /// - Returns: The examples taken and those left, each in the order of the set.
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where none would be taken or left.
  public func split(
    takingOut taken: Int, seed: UInt64
  ) throws(DataError) -> (taken: Dataset, rest: Dataset) {
    guard taken >= 1, taken < count else {
      throw .invalidValue(
        parameter: "the number of examples held out", rule: "in 1 ..< \(count)", received: "\(taken)")
    }
    var source = RandomSource(seed: seed, for: .split)
    let order = source.order(of: count)
    return (try subset(order.prefix(taken).sorted()), try subset(order.dropFirst(taken).sorted()))
  }
}
