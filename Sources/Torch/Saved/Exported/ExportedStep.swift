/// A value that a call of an exported program takes or gives: by its place among all values of a run, or itself.
enum ExportedValue {
  case tensor(Tensor)
  case integer(Int)
  case real(Double)
  case truth(Bool)
}

/// One step of a run.
final class ExportedStep {
  /// What the step does.
  enum Action {
    /// Runs an operation of libtorch.
    case call(PreparedCall)
    /// The length of an axis.
    case size(tensor: Int, axis: Int)
    /// Arithmetic on lengths.
    case arithmetic(ExportedArithmetic, [ExportedNumber])
  }

  let action: Action
  /// The places of the results.
  let results: [Int]
  /// The values that no later step needs.
  var lastUses: [Int] = []
  /// The node's name in the program, for messages.
  let node: String
  /// The call as the program writes it.
  let target: String
  /// The place of the buffer that the step changes and does not use otherwise; nil for other steps.
  let counts: Int?

  init(action: Action, results: [Int], node: String, target: String, counts: Int? = nil) {
    self.action = action
    self.results = results
    self.node = node
    self.target = target
    self.counts = counts
  }
}

/// A number that a step takes: one written in the program, or one that an earlier step computed.
enum ExportedNumber {
  case integer(Int)
  case real(Double)
  case truth(Bool)
  case place(Int)
}

/// The arithmetic on lengths that programs contain, by the names Python gives it.
enum ExportedArithmetic: String {
  case add, sub, mul, floordiv, mod, neg, eq, ne, lt, le, gt, ge
  case maximum = "sym_max"
  case minimum = "sym_min"

  /// The operation of a call; nil where it is none of them.
  init?(target: String) {
    guard target.hasPrefix("_operator.") || target.hasPrefix("torch.sym_") else { return nil }
    self.init(rawValue: String(target.split(separator: ".").last ?? ""))
  }

  /// The result for whole numbers; nil where there is none.
  func result(_ operands: [Int]) -> ExportedValue? {
    guard let a = operands.first else { return nil }
    if self == .neg { return .integer(-a) }
    guard operands.count == 2 else { return nil }
    let b = operands[1]
    switch self {
    case .add: return whole(a.addingReportingOverflow(b))
    case .sub: return whole(a.subtractingReportingOverflow(b))
    case .mul: return whole(a.multipliedReportingOverflow(by: b))
    case .floordiv: return b > 0 ? .integer(Int((Double(a) / Double(b)).rounded(.down))) : nil
    case .mod: return b > 0 ? .integer(((a % b) + b) % b) : nil
    case .neg: return nil
    case .eq: return .truth(a == b)
    case .ne: return .truth(a != b)
    case .lt: return .truth(a < b)
    case .le: return .truth(a <= b)
    case .gt: return .truth(a > b)
    case .ge: return .truth(a >= b)
    case .maximum: return .integer(max(a, b))
    case .minimum: return .integer(min(a, b))
    }
  }

  private func whole(_ sum: (partialValue: Int, overflow: Bool)) -> ExportedValue? {
    sum.overflow ? nil : .integer(sum.partialValue)
  }
}
