public import Truce

/// The inner products of the gradients of K tasks on S samples each, (K·S)² of them.
public struct SampleGramian: Equatable, Sendable {
  /// The number of tasks, K.
  public let taskCount: Int
  /// The number of samples, S.
  public let sampleCount: Int
  /// The number of coordinates of a gradient, P.
  public let parameterCount: Int
  private let products: [Double]
  private let conflicts: [Double]?
  private let isPresent: [Bool]

  /// Creates the table from rows that are ordered by task, then by sample.
  ///
  /// - Parameters:
  ///   - taskCount: The number of tasks, K.
  ///   - parameterCount: The number of coordinates.
  ///   - products: The inner products, K·S rows of K·S.
  ///   - conflicts: How many coordinates of each pair have opposite signs, in the same order; nil where they
  ///     were not counted.
  ///   - isPresent: Whether each sample has a label for each task.
  init(
    taskCount: Int, parameterCount: Int, products: [Double], conflicts: [Double]?, isPresent: [Bool]
  ) {
    self.taskCount = taskCount
    sampleCount = isPresent.count / taskCount
    self.parameterCount = parameterCount
    self.products = products
    self.conflicts = conflicts
    self.isPresent = isPresent
  }

  /// The products over all coordinates, from those of parts of them; nil where there is no part.
  ///
  /// - Parameter parts: The products over parts, of the same tasks and samples.
  public init?(joining parts: [SampleGramian]) {
    guard let first = parts.first else { return nil }
    let sum = { (numbers: [[Double]]) in
      numbers.dropFirst().reduce(numbers[0]) { zip($0, $1).map(+) }
    }
    let counted = parts.compactMap(\.conflicts)
    self.init(
      taskCount: first.taskCount, parameterCount: parts.reduce(0) { $0 + $1.parameterCount },
      products: sum(parts.map(\.products)), conflicts: counted.count == parts.count ? sum(counted) : nil,
      isPresent: first.isPresent)
  }

  private func row(_ task: Int, _ sample: Int) -> Int { task * sampleCount + sample }

  /// Whether a sample has a label for a task, and so a gradient.
  public func hasGradient(task: Int, sample: Int) -> Bool { isPresent[row(task, sample)] }

  /// The inner product of two gradients.
  public subscript(task: Int, sample: Int, otherTask: Int, otherSample: Int) -> Double {
    products[row(task, sample) * isPresent.count + row(otherTask, otherSample)]
  }

  /// The gradients of two tasks for the same sample; nil where either has no label for it.
  public func betweenTasks(_ a: Int, _ b: Int, sample: Int) -> GradientSimilarity? {
    similarity(row(a, sample), row(b, sample))
  }

  /// The gradients of two samples for the same task; nil where either has no label.
  public func betweenSamples(_ a: Int, _ b: Int, task: Int) -> GradientSimilarity? {
    similarity(row(task, a), row(task, b))
  }

  private func similarity(_ a: Int, _ b: Int) -> GradientSimilarity? {
    guard isPresent[a], isPresent[b] else { return nil }
    let count = isPresent.count
    return GradientSimilarity(
      squares: (products[a * count + a], products[b * count + b]), product: products[a * count + b],
      conflicting: conflicts.map { $0[a * count + b] / Double(max(parameterCount, 1)) })
  }

  /// The Gramian of the task gradients of all samples together: the means over each task's labelled samples.
  ///
  /// A task without any labelled sample has a zero gradient.
  public var batch: Gramian {
    Gramian(taskCount: taskCount) { a, b in
      let (mine, others) = (labelled(a), labelled(b))
      let sum = mine.reduce(0) { sum, row in
        others.reduce(sum) { $0 + products[row * isPresent.count + $1] }
      }
      return sum / Double(max(mine.count * others.count, 1))
    }
  }

  private func labelled(_ task: Int) -> [Int] {
    (0..<sampleCount).map { row(task, $0) }.filter { isPresent[$0] }
  }
}
