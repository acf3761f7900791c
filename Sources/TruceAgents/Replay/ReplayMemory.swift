/// What is remembered of the past: for each step the tasks' observations, actions and rewards, in a ring of rows.
///
/// An observation is stored once. A row begins with the observations of all tasks; when the step has been taken, its
/// actions and rewards are put beside them, and the observations it led to begin the next row. So what follows a
/// transition is the row behind it. The last row of an episode has observations only: no transition leads out of it.
/// A row is overwritten when the ring has gone round, the oldest first.
///
///     row     K × (observation, action, reward) in single precision, then K marks of one byte
final class ReplayMemory {
  /// What a row holds of one task beside numbers.
  enum Mark: UInt8 {
    /// No transition: the row ends an episode, is the newest one, or lies behind the task's own end.
    case none
    /// A transition.
    case transition
    /// A transition after which no return follows.
    case terminal
  }

  /// The sizes of a row.
  struct Shape: Equatable, Sendable {
    /// The number of tasks, K.
    let taskCount: Int
    /// How many numbers an observation has.
    let observationSize: Int
    /// How many numbers an action has.
    let actionSize: Int

    /// The numbers of one task in a row.
    var width: Int { observationSize + actionSize + 1 }

    /// The numbers of a row.
    var rowWidth: Int { taskCount * width }

    /// The bytes of a row.
    var rowBytes: Int { rowWidth * MemoryLayout<Float>.stride + taskCount }
  }

  /// The sizes of a row.
  let shape: Shape
  /// How many rows there is room for.
  let capacity: Int
  /// The rows ever begun, those that were overwritten among them.
  private(set) var rowCount = 0
  /// How many transitions each task has.
  private(set) var transitionCounts: [Int]

  private var firstRow = 0
  private let numbers: UnsafeMutablePointer<Float>
  private let marks: UnsafeMutablePointer<UInt8>

  /// Makes room for rows; memory is taken as they come.
  init(_ shape: Shape, capacity: Int) {
    precondition(capacity >= 2, "a transition needs two rows")
    self.shape = shape
    self.capacity = capacity
    transitionCounts = [Int](repeating: 0, count: shape.taskCount)
    numbers = .allocate(capacity: capacity * shape.rowWidth)
    marks = .allocate(capacity: capacity * shape.taskCount)
  }

  deinit {
    numbers.deallocate()
    marks.deallocate()
  }

  /// The rows that are there, by their numbers since the beginning.
  var rows: Range<Int> { max(firstRow, rowCount - capacity)..<rowCount }

  // MARK: Writing

  /// Begins a row with the observations of all tasks.
  func begin(_ observations: [Float]) {
    precondition(observations.count == shape.taskCount * shape.observationSize)
    let slot = freeSlot()
    for task in 0..<shape.taskCount {
      let start = place(slot, task)
      for position in 0..<shape.observationSize {
        numbers[start + position] = observations[task * shape.observationSize + position]
      }
      for position in shape.observationSize..<shape.width { numbers[start + position] = 0 }
      marks[slot * shape.taskCount + task] = Mark.none.rawValue
    }
    rowCount += 1
  }

  /// Puts what was done and what it brought beside the newest observations.
  ///
  /// - Parameters:
  ///   - actions: The actions of all tasks.
  ///   - rewards: The reward of each task.
  ///   - marks: What each task's transition is.
  func complete(actions: [Float], rewards: [Float], marks newMarks: [Mark]) {
    let slot = (rowCount - 1) % capacity
    for task in 0..<shape.taskCount {
      let start = place(slot, task) + shape.observationSize
      for position in 0..<shape.actionSize {
        numbers[start + position] = actions[task * shape.actionSize + position]
      }
      numbers[start + shape.actionSize] = rewards[task]
      set(newMarks[task], slot, task)
    }
  }

  private func set(_ mark: Mark, _ slot: Int, _ task: Int) {
    marks[slot * shape.taskCount + task] = mark.rawValue
    if mark != .none { transitionCounts[task] += 1 }
  }

  /// The place of the next row, which loses the row that lay there.
  private func freeSlot() -> Int {
    let slot = rowCount % capacity
    guard rows.count == capacity else { return slot }
    for task in 0..<shape.taskCount where marks[slot * shape.taskCount + task] != Mark.none.rawValue {
      transitionCounts[task] -= 1
    }
    return slot
  }

  private func place(_ slot: Int, _ task: Int) -> Int { (slot * shape.taskCount + task) * shape.width }

  // MARK: Reading

  /// What the row of this number holds of a task; `none` for a row that is not there.
  func mark(row: Int, task: Int) -> Mark {
    guard rows.contains(row) else { return .none }
    return Mark(rawValue: marks[(row % capacity) * shape.taskCount + task]) ?? .none
  }

  /// The observation, the action and the reward of a task in a row.
  func numbers(row: Int, task: Int) -> UnsafeBufferPointer<Float> {
    precondition(rows.contains(row), "row \(row) is not there")
    return UnsafeBufferPointer(start: numbers + place(row % capacity, task), count: shape.width)
  }

  /// The newest observations.
  var newestObservations: [Float] {
    (0..<shape.taskCount).flatMap { numbers(row: rowCount - 1, task: $0).prefix(shape.observationSize) }
  }

  // MARK: Whole rows

  /// The bytes of rows, in order, as ``ReplayLog`` keeps them.
  func bytes(of rows: Range<Int>) -> [UInt8] {
    precondition(
      rows.isEmpty || (self.rows.contains(rows.lowerBound) && self.rows.contains(rows.upperBound - 1)))
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.count * shape.rowBytes)
    for row in rows {
      let slot = row % capacity
      let line = UnsafeRawBufferPointer(
        UnsafeBufferPointer(start: numbers + slot * shape.rowWidth, count: shape.rowWidth))
      bytes.append(contentsOf: line)
      bytes.append(
        contentsOf: UnsafeBufferPointer(start: marks + slot * shape.taskCount, count: shape.taskCount))
    }
    return bytes
  }

  /// Forgets everything, and counts from this row on.
  func restart(at row: Int) {
    (firstRow, rowCount) = (row, row)
    transitionCounts = [Int](repeating: 0, count: shape.taskCount)
  }

  /// Adds a row as ``bytes(of:)`` gave it.
  func append(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count == shape.rowBytes)
    let slot = freeSlot()
    let lineBytes = shape.rowBytes - shape.taskCount
    UnsafeMutableRawBufferPointer(start: numbers + slot * shape.rowWidth, count: lineBytes)
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<lineBytes]))
    for task in 0..<shape.taskCount {
      set(Mark(rawValue: bytes[lineBytes + task]) ?? .none, slot, task)
    }
    rowCount += 1
  }
}
