/// The mean of numbers that arrive one by one, with a weight each.
public struct RunningMean: Codable, Equatable, Sendable {
  private var sum = 0.0
  private var weight = 0.0

  /// Creates a mean of nothing.
  public init() {}

  /// Takes in a value.
  public mutating func add(_ value: Double, weight: Double = 1) {
    sum += value * weight
    self.weight += weight
  }

  /// Takes in all that another mean has taken in.
  public mutating func merge(_ other: RunningMean) {
    sum += other.sum
    weight += other.weight
  }

  /// The weight of all values together: their number, where none had a weight of its own.
  public var totalWeight: Double { weight }

  /// The mean; nil before the first value.
  public var value: Double? { weight == 0 ? nil : sum / weight }
}

/// Named running means, such as the losses of an epoch.
public struct RunningMeans: Codable, Equatable, Sendable {
  private var means: [String: RunningMean] = [:]

  /// Creates an empty set.
  public init() {}

  /// Takes in a value under a name.
  public mutating func add(_ value: Double, to name: String, weight: Double = 1) {
    means[name, default: RunningMean()].add(value, weight: weight)
  }

  /// The weight of all values under a name; 0 where nothing was taken in.
  public func totalWeight(of name: String) -> Double { means[name]?.totalWeight ?? 0 }

  /// The means by name.
  public var values: [String: Double] { means.compactMapValues(\.value) }

  /// The mean under a name; nil where nothing was taken in.
  public subscript(name: String) -> Double? { means[name]?.value }
}
