/// The K×K inner products of the task gradients of two independent batches; not symmetric.
public struct CrossGramian: Equatable, Sendable, Codable {
  /// The number of tasks, K.
  public let taskCount: Int
  /// The K² entries `g¹ᵢ · g²ⱼ`, row by row.
  public let elements: [Double]

  /// Creates the matrix from its entries, row by row.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)`` unless there are K² entries.
  public init(taskCount: Int, elements: [Double]) throws(MethodError) {
    guard taskCount >= 1, elements.count == taskCount * taskCount else {
      throw .wrongCount(
        what: "cross-Gramian entries", expected: taskCount * taskCount, received: elements.count)
    }
    self.taskCount = taskCount
    self.elements = elements
  }

  /// The inner product of task `i` in the first batch with task `j` in the second.
  public subscript(i: Int, j: Int) -> Double { elements[i * taskCount + j] }

  /// The first task whose gradients make an entry infinite or not a number, or nil where all are finite.
  public var firstNonFiniteTask: Int? {
    if let own = (0..<taskCount).first(where: { !self[$0, $0].isFinite }) { return own }
    return elements.firstIndex { !$0.isFinite }.map { $0 / taskCount }
  }
}

extension CrossGramian {
  private init(taskCount: Int, product: (Int, Int) -> Double) {
    self.taskCount = taskCount
    elements = (0..<(taskCount * taskCount)).map { product($0 / taskCount, $0 % taskCount) }
  }

  /// The product `M w`.
  func applied(to weights: [Double]) -> [Double] {
    (0..<taskCount).map { i in
      (0..<taskCount).reduce(0) { $0 + self[i, $1] * weights[$1] }
    }
  }

  /// The inner products of the gradients multiplied by these factors, alike in both batches.
  func scaled(by factors: [Double]) -> CrossGramian {
    CrossGramian(taskCount: taskCount) { self[$0, $1] * factors[$0] * factors[$1] }
  }

  /// The inner products after some tasks' gradients have been set to zero.
  func without(_ tasks: [Int]) -> CrossGramian {
    guard !tasks.isEmpty else { return self }
    return CrossGramian(taskCount: taskCount) {
      tasks.contains($0) || tasks.contains($1) ? 0 : self[$0, $1]
    }
  }
}
