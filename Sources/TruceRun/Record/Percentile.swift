/// Returns the percentile of some values, interpolated linearly between the order statistics.
///
/// Position (n − 1)·p/100 in the sorted values: Hyndman and Fan's definition 7, NumPy's default.
///
/// - Parameters:
///   - percent: The share of values at or below the result, 0…100.
///   - values: The values in any order; the result is nil where there is none.
public func percentile(_ percent: Double, of values: some Collection<Double>) -> Double? {
  precondition(percent >= 0 && percent <= 100, "a percentile lies between 0 and 100")
  let sorted = values.sorted()
  guard let last = sorted.indices.last else { return nil }
  let position = Double(last) * percent / 100
  let lower = Int(position.rounded(.down))
  let upper = min(lower + 1, last)
  return sorted[lower] + (position - Double(lower)) * (sorted[upper] - sorted[lower])
}
