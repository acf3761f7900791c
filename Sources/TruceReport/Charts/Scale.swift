import Foundation

/// A map from values to positions in a drawing.
struct Scale {
  let domain: ClosedRange<Double>
  let start: Double
  let end: Double
  let isLogarithmic: Bool

  /// Creates a scale over some values, widened a little unless told otherwise.
  ///
  /// On a logarithmic scale only positive values count.
  init(
    _ values: some Sequence<Double>, from start: Double, to end: Double, isLogarithmic: Bool = false,
    padding: Double = 0.04
  ) {
    let usable = values.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
    let mapped = isLogarithmic ? usable.map { log10($0) } : usable
    let low = mapped.min() ?? 0
    let high = mapped.max() ?? 1
    let extra = high > low ? (high - low) * padding : max(0.5, low.magnitude * 0.1)
    domain = low - extra...high + extra
    self.start = start
    self.end = end
    self.isLogarithmic = isLogarithmic
  }

  /// The position of a value; nil where it has none.
  func position(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    let x = isLogarithmic ? log10(value) : value
    let share = (x - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    return start + share * (end - start)
  }

  /// Round values across the scale.
  var ticks: [Double] {
    isLogarithmic ? logarithmicTicks : Self.roundValues(in: domain)
  }

  private var logarithmicTicks: [Double] {
    let first = Int(domain.lowerBound.rounded(.up))
    let last = Int(domain.upperBound.rounded(.down))
    if last - first >= 1 {
      let step = max(1, (last - first) / 6)
      return stride(from: first, through: last, by: step).map { pow(10, Double($0)) }
    }
    let candidates = (first - 1...max(first, last) + 1).flatMap { exponent in
      [1, 2, 5].map { $0 * pow(10, Double(exponent)) }
    }
    return candidates.filter { domain.contains(log10($0)) }
  }

  /// Multiples of 1, 2 or 5 times a power of ten, about five of them.
  static func roundValues(in range: ClosedRange<Double>) -> [Double] {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite else { return [range.lowerBound] }
    let rough = span / 5
    let power = pow(10, log10(rough).rounded(.down))
    let step = ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10) * power
    let first = Int((range.lowerBound / step).rounded(.up))
    let last = Int((range.upperBound / step).rounded(.down))
    guard first <= last else { return [] }
    return (first...last).map { Double($0) * step }
  }

  /// Texts of the ticks, with no more decimals than they need; counts up to ten million without an exponent.
  static func labels(of ticks: [Double]) -> [String] {
    ticks.map { tick in
      let isCount = abs(tick) < 1e7 && tick == tick.rounded()
      return String(format: isCount ? "%.0f" : "%.5g", tick == 0 ? 0 : tick).replacing("-", with: "−")
    }
  }
}
