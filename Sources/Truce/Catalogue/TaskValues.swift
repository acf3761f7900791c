/// A number for each task: one that all share, or a list in the order of the tasks.
public enum TaskValues: Equatable, Sendable {
  /// One number for every task.
  case same(Double)
  /// One number for each task.
  case each([Double])

  /// The numbers given: one, or one for each task.
  public var numbers: [Double] {
    switch self {
    case .same(let number): [number]
    case .each(let numbers): numbers
    }
  }

  /// Returns one number for each of K tasks.
  ///
  /// - Throws: ``MethodError/wrongCount(what:expected:received:)`` where a list has another length.
  public func values(taskCount: Int, what: String) throws(MethodError) -> [Double] {
    let values = spread(over: taskCount)
    guard values.count == taskCount else {
      throw .wrongCount(what: what, expected: taskCount, received: values.count)
    }
    return values
  }

  /// The values of some tasks; a list that does not reach them stays as it is, to be refused for its length.
  func chosen(_ tasks: [Int]) -> TaskValues {
    guard case .each(let numbers) = self, tasks.allSatisfy(numbers.indices.contains) else { return self }
    return .each(tasks.map { numbers[$0] })
  }

  /// Returns the number repeated K times, or the list as it is.
  func spread(over taskCount: Int) -> [Double] {
    switch self {
    case .same(let number): [Double](repeating: number, count: taskCount)
    case .each(let numbers): numbers
    }
  }
}

extension TaskValues: ParameterValue {
  /// "number or list of numbers".
  public static var typeName: String { "number or list of numbers" }

  /// Reads a number or a list of numbers.
  public init?(option: OptionValue) {
    if let number = Double(option: option) {
      self = .same(number)
    } else if let numbers = [Double](option: option) {
      self = .each(numbers)
    } else {
      return nil
    }
  }

  /// The number or the list as an option.
  public var option: OptionValue {
    switch self {
    case .same(let number): number.option
    case .each(let numbers): numbers.option
    }
  }
}

extension TaskValues: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// Creates one number for every task.
  public init(floatLiteral value: Double) { self = .same(value) }
  /// Creates one number for every task.
  public init(integerLiteral value: Int) { self = .same(Double(value)) }
  /// Creates one number for each task.
  public init(arrayLiteral elements: Double...) { self = .each(elements) }
}

extension Parameter where Value == TaskValues {
  /// Finite numbers.
  public static func finite(_ name: String, default value: TaskValues?, _ summary: String) -> Parameter {
    Parameter(name, default: value, rule: "finite", summary) { $0.numbers.allSatisfy(\.isFinite) }
  }

  /// Finite numbers no smaller than `bound`.
  public static func atLeast(
    _ bound: Double, _ name: String, default value: TaskValues?, _ summary: String
  ) -> Parameter {
    Parameter(name, default: value, rule: "at least \(OptionValue.text(of: bound))", summary) {
      $0.numbers.allSatisfy { $0.isFinite && $0 >= bound }
    }
  }

  /// Numbers in a closed range.
  public static func inside(
    _ range: ClosedRange<Double>, _ name: String, default value: TaskValues?, _ summary: String
  ) -> Parameter {
    let ends = (OptionValue.text(of: range.lowerBound), OptionValue.text(of: range.upperBound))
    return Parameter(name, default: value, rule: "between \(ends.0) and \(ends.1)", summary) {
      $0.numbers.allSatisfy(range.contains)
    }
  }
}

extension Parameter where Value == TaskValues? {
  /// Finite numbers greater than zero, or none.
  public static func positive(_ name: String, _ summary: String) -> Parameter {
    Parameter(name, default: .some(nil), rule: "greater than 0, or none", summary) {
      $0?.numbers.allSatisfy { $0.isFinite && $0 > 0 } ?? true
    }
  }
}
