import Torch

/// A batch in host memory, made by a worker: one buffer that holds all inputs, targets and masks.
struct HostBatch: Sendable {
  /// A part of the buffer.
  struct Slice: Sendable {
    let offset: Int
    let shape: [Int]
    let dtype: DType
  }

  let loan: BufferLoan
  let inputs: [(name: String, slice: Slice)]
  let targets: [(task: String, values: Slice, mask: Slice?)]
  let positions: [Int]
  let skipped: [SkippedExample]

  /// The batch as tensors that read the buffer where it lies, or as copies on another device.
  ///
  /// - Throws: ``DataError/noRoom(device:reason:)``.
  func tensors(on device: Device) throws(DataError) -> Batch {
    var namedInputs: [NamedInput] = []
    for input in inputs { namedInputs.append(NamedInput(input.name, try tensor(input.slice, on: device))) }
    var taskTargets: [TaskTarget] = []
    for target in targets {
      var mask: Tensor?
      if let slice = target.mask { mask = try tensor(slice, on: device) }
      taskTargets.append(
        TaskTarget(task: target.task, values: try tensor(target.values, on: device), mask: mask))
    }
    return Batch(inputs: namedInputs, targets: taskTargets, positions: positions)
  }

  private func tensor(_ slice: Slice, on device: Device) throws(DataError) -> Tensor {
    let bytes = UnsafeMutableRawBufferPointer(rebasing: loan.buffer.memory[slice.offset...])
    let host = Tensor(borrowing: bytes, ownedBy: loan, shape: slice.shape, dtype: slice.dtype)
    do throws(TorchError) {
      return try host.converted(to: slice.dtype, on: device)
    } catch {
      throw .noRoom(device: "\(device)", reason: error.reason)
    }
  }
}

/// Joins examples to a batch.
struct BatchAssembly {
  private let layout: SampleLayout
  private let samples: [Sample]
  private var size = 0
  private var copies: [(slice: HostBatch.Slice, arrays: [HostArray], joining: Joining)] = []

  /// Joins examples that have the layout.
  init(_ samples: [Sample], _ layout: SampleLayout) {
    self.samples = samples
    self.layout = layout
  }

  /// Copies the examples into a buffer of the pool.
  mutating func batch(positions: [Int], skipped: [SkippedExample], from pool: BufferPool) -> HostBatch {
    let inputs = layout.inputNames.indices.map { index in
      let slice = place(samples.map { $0.inputs[index].values }, layout.inputs[index])
      return (name: layout.inputNames[index], slice: slice)
    }
    let targets = layout.targets.indices.map { index in
      let target = layout.targets[index]
      let values = place(samples.map { $0.targets[index].values }, target.values)
      let mask = target.mask.map { place(samples.compactMap { $0.targets[index].mask }, $0) }
      return (task: target.task, values: values, mask: mask)
    }
    let loan = pool.lend(byteCount: size)
    for copy in copies { fill(loan.buffer.memory, copy.slice, copy.arrays, copy.joining) }
    return HostBatch(loan: loan, inputs: inputs, targets: targets, positions: positions, skipped: skipped)
  }

  /// Finds a place in the buffer for an array of every example.
  private mutating func place(_ arrays: [HostArray], _ field: SampleLayout.Field) -> HostBatch.Slice {
    var shape = field.shape
    if let axis = field.freeAxis {
      shape[axis] = arrays.reduce(0) { $0 + $1.shape[axis] }
    } else {
      shape.insert(arrays.count, at: 0)
    }
    let slice = HostBatch.Slice(offset: size, shape: shape, dtype: field.dtype)
    let byteCount = shape.reduce(field.dtype.byteCount, *)
    size += (byteCount + 63) / 64 * 64
    copies.append((slice, arrays, field.joining))
    return slice
  }

  private func fill(
    _ memory: UnsafeMutableRawBufferPointer, _ slice: HostBatch.Slice, _ arrays: [HostArray],
    _ joining: Joining
  ) {
    guard case .concatenated(let axis, let offset) = joining else {
      return Self.interleave(arrays.map(\.bytes), runs: 1, into: memory, at: slice.offset)
    }
    let runs = slice.shape[..<axis].reduce(1, *)
    let moved = zip(arrays, offsets(offset)).map { $0.adding($1) }
    Self.interleave(moved.map(\.bytes), runs: runs, into: memory, at: slice.offset)
  }

  /// What each example's whole numbers are moved by.
  private func offsets(_ offset: Joining.Offset) -> [Int] {
    switch offset {
    case .none: samples.map { _ in 0 }
    case .example: Array(samples.indices)
    case .rows(let name):
      samples.reduce(into: (offsets: [Int](), sum: 0)) { result, sample in
        result.offsets.append(result.sum)
        result.sum += sample[input: name]?.shape.first ?? 0
      }.offsets
    }
  }

  /// Copies the first of so many runs of every array, then the second of every array, and so on.
  private static func interleave(
    _ arrays: [[UInt8]], runs: Int, into memory: UnsafeMutableRawBufferPointer, at start: Int
  ) {
    var place = start
    for run in 0..<runs {
      for array in arrays {
        let length = array.count / runs
        array.withUnsafeBytes { bytes in
          let part = UnsafeRawBufferPointer(rebasing: bytes[(run * length)..<((run + 1) * length)])
          UnsafeMutableRawBufferPointer(rebasing: memory[place...]).copyMemory(from: part)
        }
        place += length
      }
    }
  }
}

extension HostArray {
  /// Whole numbers moved by an offset; the layout has made sure that they are.
  fileprivate func adding(_ offset: Int) -> HostArray {
    guard offset != 0 else { return self }
    var moved = self
    switch dtype {
    case .int64: moved.withMutableElements(as: Int64.self) { for i in $0.indices { $0[i] += Int64(offset) } }
    default: moved.withMutableElements(as: Int32.self) { for i in $0.indices { $0[i] += Int32(offset) } }
    }
    return moved
  }
}
