/// The values of one run of an exported program.
final class ExportedRun {
  /// Whether the program runs in training.
  let isTraining: Bool
  /// Where its first input lies.
  let device: Device
  private var values: [ExportedValue?]

  init(placeCount: Int, isTraining: Bool, device: Device) {
    values = Array(repeating: nil, count: placeCount)
    self.isTraining = isTraining
    self.device = device
  }

  /// The value at a place.
  subscript(place: Int) -> ExportedValue? {
    get { values[place] }
    set { values[place] = newValue }
  }

  /// The tensor at a place; nil where there is none.
  func tensor(_ place: Int) -> Tensor? {
    if case .tensor(let tensor) = values[place] { tensor } else { nil }
  }

  /// Whether a tensor has more than one number for each index of its second axis.
  func hasSpread(_ place: Int) -> Bool {
    guard let tensor = tensor(place) else { return true }
    let shape = tensor.shape
    return shape.count < 2 || tensor.count > shape[1]
  }

  /// A number of a step.
  func value(_ number: ExportedNumber) -> ExportedValue? {
    switch number {
    case .integer(let value): .integer(value)
    case .real(let value): .real(value)
    case .truth(let value): .truth(value)
    case .place(let place): values[place]
    }
  }

  /// A whole number of a step.
  func integer(_ number: ExportedNumber) -> Int {
    if case .integer(let value) = value(number) { value } else { 0 }
  }

  /// Makes a step.
  func perform(_ step: ExportedStep) throws(TorchError) {
    if let buffer = step.counts, !isTraining {
      for result in step.results { values[result] = values[buffer] }
    } else {
      try compute(step)
    }
    for place in step.lastUses { values[place] = nil }
  }

  /// Makes a step, in evaluation also one that only counts batches, and keeps every value.
  func compute(_ step: ExportedStep) throws(TorchError) {
    switch step.action {
    case .call(let call):
      let results = try named(step) { () throws(TorchError) in try call.results(in: self) }
      for (place, tensor) in zip(step.results, results) { values[place] = tensor.map(ExportedValue.tensor) }
    case .size(let place, let axis):
      guard let shape = tensor(place)?.shape, shape.indices.contains(axis < 0 ? axis + shape.count : axis)
      else { throw problem(step, "there is no axis \(axis)") }
      values[step.results[0]] = .integer(shape[axis < 0 ? axis + shape.count : axis])
    case .arithmetic(let operation, let numbers):
      guard let result = operation.result(numbers.map(integer)) else {
        throw problem(step, "the lengths \(numbers.map(integer)) give no length")
      }
      values[step.results[0]] = result
    }
  }

  /// The error with the step's names in it.
  private func named(
    _ step: ExportedStep, _ body: () throws(TorchError) -> [Tensor?]
  ) throws(TorchError) -> [Tensor?] {
    do throws(TorchError) {
      return try body()
    } catch {
      throw TorchError(
        kind: error.kind, operation: "\(step.target) (node \(step.node))", reason: error.reason,
        operands: error.operands, help: error.help)
    }
  }

  private func problem(_ step: ExportedStep, _ reason: String) -> TorchError {
    TorchError(operation: "\(step.target) (node \(step.node))", reason: reason)
  }
}
