import ArgumentParser

/// Numbers of a command line that count something.
enum PositiveNumbers {
  /// Throws where a number is given that is less than 1.
  static func check(_ numbers: [(name: String, value: Int?)]) throws {
    for (name, value) in numbers {
      if let value, value < 1 { throw ValidationError("--\(name) must be a whole number, at least 1") }
    }
  }
}
