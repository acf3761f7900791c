import Truce

/// Where a transition lies.
struct TransitionPlace: Equatable {
  /// The number of its row.
  let row: Int
  /// Its task.
  let task: Int
}

extension ReplayMemory {
  /// Draws as many transitions of each task, with replacement, task after task.
  ///
  /// A row that holds no transition of the task is drawn again, so that all that do are equally likely.
  ///
  /// - Precondition: Each task has a transition.
  func drawEach(_ count: Int, using sources: inout PerTask<RandomSource>) -> [TransitionPlace] {
    (0..<shape.taskCount).flatMap { task in
      (0..<count).map { _ in TransitionPlace(row: drawRow(task, using: &sources[task]), task: task) }
    }
  }

  /// Draws transitions from those of all tasks alike, with replacement, and sorts them by tasks.
  ///
  /// - Precondition: There is a transition.
  func drawAny(_ count: Int, using source: inout RandomSource) -> [TransitionPlace] {
    var rows = [[Int]](repeating: [], count: shape.taskCount)
    for _ in 0..<count {
      var place = drawPlace(using: &source)
      while mark(row: place.row, task: place.task) == .none { place = drawPlace(using: &source) }
      rows[place.task].append(place.row)
    }
    return rows.enumerated().flatMap { task, rows in rows.map { TransitionPlace(row: $0, task: task) } }
  }

  private func drawRow(_ task: Int, using source: inout RandomSource) -> Int {
    precondition(transitionCounts[task] > 0, "task \(task) has no transition to draw")
    while true {
      let row = Int.random(in: rows, using: &source)
      if mark(row: row, task: task) != .none { return row }
    }
  }

  private func drawPlace(using source: inout RandomSource) -> TransitionPlace {
    precondition(transitionCounts.contains { $0 > 0 }, "there is no transition to draw")
    let row = Int.random(in: rows, using: &source)
    return TransitionPlace(row: row, task: Int.random(in: 0..<shape.taskCount, using: &source))
  }
}
