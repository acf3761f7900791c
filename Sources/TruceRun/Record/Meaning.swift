/// What measured numbers mean: the one place that is asked before statistics are made of them.
///
/// Networks compute in single precision, so a measured number carries a relative error of about 2⁻²³. Two numbers that
/// are closer are the same result, and a number that is as small beside its peers is zero.
public enum Meaning {
  /// The relative difference up to which two measured numbers are the same.
  public static let resolution = 0x1p-23

  /// Whether two measured numbers are the same result.
  ///
  /// - Parameters:
  ///   - a: The one.
  ///   - b: The other.
  ///   - size: The size of what both were computed from, where that is larger than they are.
  public static func areTied(_ a: Double, _ b: Double, size: Double = 0) -> Bool {
    guard a.isFinite, b.isFinite else { return a == b }
    return (a - b).magnitude <= resolution * max(a.magnitude, b.magnitude, size)
  }

  /// Whether something can be divided by a number: it is finite, and not zero beside its peers.
  public static func isDenominator(_ value: Double, among peers: some Sequence<Double> = []) -> Bool {
    let largest = peers.reduce(0) { $1.isFinite ? max($0, $1.magnitude) : $0 }
    return value.isFinite && value != 0 && value.magnitude > resolution * largest
  }

  /// Whether some values have a mean: there is one, and all are finite.
  public static func isSample(_ values: some Collection<Double>) -> Bool {
    !values.isEmpty && values.allSatisfy(\.isFinite)
  }

  /// Whether some values spread by more than the rounding of numbers of their size.
  ///
  /// - Parameters:
  ///   - values: The values.
  ///   - size: The size of what they were computed from, where that is larger than they are.
  public static func hasSpread(_ values: some Collection<Double>, size: Double = 0) -> Bool {
    guard isSample(values), let low = values.min(), let high = values.max() else { return false }
    return !areTied(low, high, size: size)
  }

  /// A difference of two measured numbers, which is zero where they are tied.
  public static func difference(_ a: Double, _ b: Double, size: Double = 0) -> Double {
    areTied(a, b, size: size) ? 0 : a - b
  }
}

/// Returns the rank of each value from 1 for the smallest; values that are tied share their mean rank.
///
/// A value is tied with those above it up to the difference that ``Meaning/areTied(_:_:size:)`` allows.
///
/// - Parameters:
///   - values: The values.
///   - size: The size of what they were computed from, where that is larger than they are.
public func averageRanks(of values: [Double], size: Double = 0) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start
    while end + 1 < order.count, Meaning.areTied(values[order[end + 1]], values[order[start]], size: size) {
      end += 1
    }
    for position in start...end { ranks[order[position]] = Double(start + end) / 2 + 1 }
    start = end + 1
  }
  return ranks
}
