/// The order in which the methods of gradient surgery let each task meet the others.
enum EncounterOrder {
  /// Returns the fixed order, or a random one for each task.
  ///
  /// Two tasks have only one order, and none is drawn for them.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)`` where the fixed order is for another K.
  static func drawn(
    fixed: [[Int]]?, taskCount: Int, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> [[Int]] {
    if let fixed {
      guard fixed.count == taskCount else {
        throw .wrongCount(what: "lists in 'order'", expected: taskCount, received: fixed.count)
      }
      return fixed
    }
    return (0..<taskCount).map { task in
      (0..<taskCount).filter { $0 != task }.shuffledUnlessSingle(using: &generator)
    }
  }
}

extension Parameter where Value == [[Int]]? {
  /// For each task, the order in which it meets the others.
  static var order: Parameter {
    Parameter(
      "order", default: .some(nil), rule: "a list for each task of the other tasks, each once, or none",
      "The order in which each task meets the others; random where none.",
      isValid: { order in
        guard let order else { return true }
        return order.indices.allSatisfy { task in
          order[task].sorted() == order.indices.filter { $0 != task }
        }
      })
  }
}

extension Array {
  /// Returns the elements in random order; a list of one draws no random number.
  func shuffledUnlessSingle(using generator: inout some RandomNumberGenerator) -> [Element] {
    count > 1 ? shuffled(using: &generator) : self
  }
}
