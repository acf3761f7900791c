extension Parameter where Value == TaskValues? {
  /// A preference among the tasks: numbers of at least 0 that are not all 0, or none for equal ones.
  static func preference(_ name: String = "weights") -> Parameter {
    Parameter(
      name, default: .some(nil), rule: "at least 0 and not all 0, or none",
      "How much each task matters; the same for all where none."
    ) { value in
      guard let numbers = value?.numbers else { return true }
      return numbers.allSatisfy { $0.isFinite && $0 >= 0 } && numbers.contains { $0 > 0 }
    }
  }
}

extension TaskValues? {
  /// Returns the preference of each of K tasks; where there is none a common value, by default 1/K.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)`` where a list is for another K.
  func preference(taskCount: Int, otherwise common: Double? = nil) throws(MethodError) -> [Double] {
    try (self ?? .same(common ?? 1 / Double(taskCount)))
      .values(taskCount: taskCount, what: "preference weights")
  }
}
