import Foundation
import Truce

/// Examples that are kept in memory once they have been read, so that later epochs wait for no file.
public final class CachedSamples: SampleSource, @unchecked Sendable {
  private let base: any SampleSource
  // The lock guards what it stands above.
  private let lock = NSLock()
  private var samples: [Sample?]

  /// Keeps the examples of a source.
  public init(_ base: any SampleSource) {
    self.base = base
    samples = Array(repeating: nil, count: base.count)
  }

  /// The number of examples.
  public var count: Int { base.count }

  /// As the source says.
  public func joining(ofInput name: String) -> Joining { base.joining(ofInput: name) }

  /// As the source says.
  public func name(ofSample position: Int) -> String { base.name(ofSample: position) }

  /// What a task asks of an example, kept or not.
  public func target(ofTask name: String, at position: Int) throws(DataError) -> Sample.Target? {
    if let known = lock.withLock({ samples[position] }) { return known[task: name] }
    return try base.target(ofTask: name, at: position)
  }

  /// Reads an example the first time it is asked for.
  public func sample(at position: Int) throws(DataError) -> Sample {
    if let known = lock.withLock({ samples[position] }) { return known }
    let sample = try base.sample(at: position)
    lock.withLock { samples[position] = sample }
    return sample
  }
}

/// Some of the examples of a source.
public struct SampleSubset: SampleSource {
  private let base: any SampleSource
  private let positions: [Int]

  /// Takes examples out of a source, in the order given.
  ///
  /// - Precondition: Each is an example of the source.
  public init(_ base: any SampleSource, at positions: [Int]) {
    precondition(positions.allSatisfy { (0..<base.count).contains($0) }, "an example that is not there")
    self.base = base
    self.positions = positions
  }

  /// The number of examples.
  public var count: Int { positions.count }

  /// As the source says.
  public func joining(ofInput name: String) -> Joining { base.joining(ofInput: name) }

  /// As the source says.
  public func name(ofSample position: Int) -> String { base.name(ofSample: positions[position]) }

  /// Reads an example.
  public func sample(at position: Int) throws(DataError) -> Sample {
    try base.sample(at: positions[position])
  }

  /// What a task asks of an example.
  public func target(ofTask name: String, at position: Int) throws(DataError) -> Sample.Target? {
    try base.target(ofTask: name, at: positions[position])
  }

  /// The examples of a source without some that are held out, and those, drawn by a seed.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where none would be left.
  public static func holdingOut(
    _ count: Int, of base: any SampleSource, seed: UInt64
  ) throws(DataError) -> (rest: SampleSubset, heldOut: SampleSubset) {
    guard count >= 1, count < base.count else {
      throw .invalidValue(
        parameter: "the number of examples held out", rule: "in 1 … \(base.count - 1)", received: "\(count)")
    }
    var source = RandomSource(seed: seed, for: .split)
    let order = source.order(of: base.count)
    return (
      SampleSubset(base, at: order.dropFirst(count).sorted()),
      SampleSubset(base, at: order.prefix(count).sorted())
    )
  }
}
