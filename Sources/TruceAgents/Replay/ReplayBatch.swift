import Torch

/// Transitions as the networks see them, task after task.
struct ReplayBatch {
  /// Which rows belong to which task.
  let rows: TaskRows
  /// The states, [rows, ``AgentShape/inputSize``].
  let states: Tensor
  /// The actions, [rows, numbers of an action].
  let actions: Tensor
  /// The rewards, one a row.
  let rewards: Tensor
  /// The states that followed.
  let nextStates: Tensor
  /// One, or zero after a transition behind which no return follows.
  let continuations: Tensor
}

extension ReplayMemory {
  /// Gathers transitions.
  ///
  /// - Parameters:
  ///   - places: Where they lie, sorted by tasks.
  ///   - shape: What the networks see.
  ///   - dtype: The networks' type.
  ///   - factors: What each task's rewards are multiplied by.
  func batch(_ places: [TransitionPlace], _ shape: AgentShape, dtype: DType, factors: [Float]) -> ReplayBatch
  {
    let (count, size) = (places.count, shape.observationSize)
    let actions = Tensor.empty([count, shape.actionSize])
    let rewards = Tensor.empty([count])
    let continuations = Tensor.empty([count])
    fill(actions, places) { $0[size..<(size + shape.actionSize)] }
    rewards.withFloats { rewards in
      for (position, place) in places.enumerated() {
        rewards[position] =
          numbers(row: place.row, task: place.task)[size + shape.actionSize] * factors[place.task]
      }
    }
    continuations.withFloats { numbers in
      for (position, place) in places.enumerated() {
        numbers[position] = mark(row: place.row, task: place.task) == .terminal ? 0 : 1
      }
    }
    let next = places.map { TransitionPlace(row: $0.row + 1, task: $0.task) }
    return ReplayBatch(
      rows: TaskRows(counts: (0..<shape.taskCount).map { task in places.count { $0.task == task } }),
      states: states(places, shape).to(dtype), actions: actions.to(dtype), rewards: rewards.to(dtype),
      nextStates: states(next, shape).to(dtype), continuations: continuations.to(dtype))
  }

  private func states(_ places: [TransitionPlace], _ shape: AgentShape) -> Tensor {
    let states = Tensor.empty([places.count, shape.inputSize])
    fill(states, places) { $0[..<shape.observationSize] }
    states.withFloats { shape.markTasks(in: $0, places.map(\.task)) }
    return states
  }

  /// Copies a part of each transition to the beginning of a row of a tensor.
  private func fill(
    _ tensor: Tensor, _ places: [TransitionPlace],
    _ part: (UnsafeBufferPointer<Float>) -> Slice<UnsafeBufferPointer<Float>>
  ) {
    let width = tensor.shape[1]
    tensor.withFloats { target in
      for (position, place) in places.enumerated() {
        let source = part(numbers(row: place.row, task: place.task))
        _ = UnsafeMutableBufferPointer(rebasing: target[(position * width)...]).update(fromContentsOf: source)
      }
    }
  }
}

extension AgentShape {
  /// Observations of all tasks as states, a row for each task.
  func states(_ observations: [Float], dtype: DType) -> Tensor {
    let states = Tensor.empty([taskCount, inputSize])
    states.withFloats { target in
      for task in 0..<taskCount {
        for position in 0..<observationSize {
          target[task * inputSize + position] = observations[task * observationSize + position]
        }
      }
      markTasks(in: target, Array(0..<taskCount))
    }
    return states.to(dtype)
  }

  /// Writes behind each row's observation which task it is, where the networks are told.
  fileprivate func markTasks(in states: UnsafeMutableBufferPointer<Float>, _ tasks: [Int]) {
    guard taskInput == .oneHot else { return }
    for (row, task) in tasks.enumerated() {
      for other in 0..<taskCount {
        states[row * inputSize + observationSize + other] = other == task ? 1 : 0
      }
    }
  }
}

extension Tensor {
  /// Lends the elements of a tensor in single precision to be written.
  fileprivate func withFloats(_ body: (UnsafeMutableBufferPointer<Float>) -> Void) {
    withUnsafeMutableBytes { body($0.bindMemory(to: Float.self)) }
  }
}
