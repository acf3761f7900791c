import Torch

/// Which rows of a batch belong to which task: those of one task lie together, task after task.
struct TaskRows: Equatable {
  /// The number of rows of each task.
  let counts: [Int]

  /// As many rows of each task.
  init(taskCount: Int, each count: Int) {
    counts = [Int](repeating: count, count: taskCount)
  }

  /// Rows by their numbers.
  init(counts: [Int]) {
    self.counts = counts
  }

  /// The number of all rows.
  var total: Int { counts.reduce(0, +) }

  /// The number of rows of each task, where it is the same.
  private var commonCount: Int? { Set(counts).count == 1 ? counts[0] : nil }

  /// K · n / B for each task: what makes the mean of the tasks' means the mean of all rows.
  var weights: [Double] { counts.map { Double(counts.count * $0) / Double(total) } }

  /// The rows of each task, as views; nil for a task without any.
  func parts(of tensor: Tensor) -> [Tensor?] {
    zip(counts, tensor.split(counts)).map { $0 == 0 ? nil : $1 }
  }

  /// The mean of each task's numbers, of one a row; nil for a task without rows.
  func means(of numbers: Tensor) -> [Tensor?] {
    if let commonCount, commonCount > 0 { return numbers.view([-1, commonCount]).mean([1]).unbound() }
    return parts(of: numbers).map { $0?.mean() }
  }

  /// A number for each row from one for each task, or from one for all.
  func spread(_ values: Tensor) -> Tensor {
    guard values.count > 1 else { return values.expanded([total]) }
    if let commonCount {
      return values.unsqueezed(1).expanded([counts.count, commonCount]).reshaped([-1])
    }
    return values.indexSelect(
      0, Tensor(counts.enumerated().flatMap { [Int64](repeating: Int64($0), count: $1) }))
  }
}

/// Whose rows a tensor holds, for networks that treat tasks differently.
enum RowOwners {
  /// Those of all tasks, task after task.
  case all(TaskRows)
  /// Those of one task.
  case task(Int)
}
