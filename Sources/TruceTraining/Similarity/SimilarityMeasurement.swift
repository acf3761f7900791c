import Foundation
public import TruceData
import TruceRun
import TruceTasks
import TruceTorch

/// Gradient similarity over some batches: every pair of tasks for the same sample, every pair of samples for the
/// same task.
public struct SimilarityMeasurement: Sendable {
  /// The mean of some comparisons and where most of them lie.
  public struct Spread: Sendable, Equatable, Encodable {
    /// The mean.
    public let mean: Double
    /// 2.5 percent of the values are below.
    public let low: Double
    /// 2.5 percent of the values are above.
    public let high: Double

    package init(mean: Double, low: Double, high: Double) {
      self.mean = mean
      self.low = low
      self.high = high
    }

    /// Summarises values; nil where there is none.
    init?(_ values: [Double]) {
      guard let low = percentile(2.5, of: values), let high = percentile(97.5, of: values) else { return nil }
      self.init(mean: values.reduce(0, +) / Double(values.count), low: low, high: high)
    }
  }

  /// All comparisons of two tasks, or of the samples of one.
  public struct Comparison: Sendable, Equatable {
    /// The two tasks, or the one.
    public let tasks: [String]
    /// The number of comparisons.
    public let count: Int
    /// The cosines of the gradients.
    public let cosine: Spread
    /// Their magnitude similarities.
    public let magnitude: Spread
    /// The shares of coordinates with opposite signs.
    public let conflicting: Spread
    /// The share of comparisons with a negative cosine.
    public let conflictShare: Double

    package init(
      tasks: [String], count: Int, cosine: Spread, magnitude: Spread, conflicting: Spread,
      conflictShare: Double
    ) {
      self.tasks = tasks
      self.count = count
      self.cosine = cosine
      self.magnitude = magnitude
      self.conflicting = conflicting
      self.conflictShare = conflictShare
    }
  }

  /// What was measured of one layer.
  public struct Layer: Sendable {
    /// The layer.
    public let name: String
    /// The number of its parameters' numbers.
    public let parameterCount: Int
    /// All pairs of tasks together; nil where no sample has labels for two.
    public let betweenTasks: Comparison?
    /// All tasks' samples together; nil where no task has two.
    public let betweenSamples: Comparison?

    package init(
      name: String, parameterCount: Int, betweenTasks: Comparison?, betweenSamples: Comparison?
    ) {
      self.name = name
      self.parameterCount = parameterCount
      self.betweenTasks = betweenTasks
      self.betweenSamples = betweenSamples
    }
  }

  /// The number of coordinates of a gradient.
  public let parameterCount: Int
  /// The number of samples of a batch.
  public let sampleCount: Int
  /// The number of batches.
  public let batchCount: Int
  /// The pairs of tasks, in task order; those that have no sample in common are left out.
  public let betweenTasks: [Comparison]
  /// The tasks; those with fewer than two samples of a batch are left out.
  public let betweenSamples: [Comparison]
  /// The geometric mean length of each task's gradients, for tasks that have any that is not zero.
  public let lengths: [String: Double]
  /// Each shared layer by itself; empty where that was not asked for.
  public let layers: [Layer]

  package init(
    parameterCount: Int, sampleCount: Int, batchCount: Int, betweenTasks: [Comparison],
    betweenSamples: [Comparison], lengths: [String: Double], layers: [Layer] = []
  ) {
    self.layers = layers
    self.parameterCount = parameterCount
    self.sampleCount = sampleCount
    self.batchCount = batchCount
    self.betweenTasks = betweenTasks
    self.betweenSamples = betweenSamples
    self.lengths = lengths
  }

  /// Measures batches.
  ///
  /// - Parameters:
  ///   - batches: The samples.
  ///   - tasks: The tasks' names.
  ///   - probe: What measures.
  ///   - byLayer: Whether each shared layer is looked at by itself too, in the same passes.
  /// - Throws: `SampleGradientError`, or `TorchError`.
  /// - Complexity: One forward pass and one backward pass a task for each batch.
  public init(
    of batches: [Batch], tasks: [String], using probe: SimilarityProbe, byLayer: Bool = false
  ) throws {
    let parts = try batches.enumerated().map { index, batch in
      byLayer
        ? try probe.measureByLayer(batch, checksSamples: index == 0)
        : [("", try probe.measure(batch, checksSamples: index == 0))]
    }
    let gramians = parts.compactMap { SampleGramian(joining: $0.map(\.gramian)) }
    layers = byLayer ? Layer.layers(of: parts) : []
    parameterCount = probe.parameterCount
    sampleCount = batches.first?.count ?? 0
    batchCount = batches.count
    betweenTasks = tasks.indices.flatMap { a in
      tasks.indices.dropFirst(a + 1).compactMap { b in
        Comparison([tasks[a], tasks[b]], gramians.flatMap { $0.betweenTasks(a, b) })
      }
    }
    betweenSamples = tasks.indices.compactMap { task in
      Comparison([tasks[task]], gramians.flatMap { $0.betweenSamples(ofTask: task) })
    }
    lengths = tasks.indices.reduce(into: [:]) { lengths, task in
      lengths[tasks[task]] = Self.meanLength(of: task, gramians)
    }
  }

  private static func meanLength(of task: Int, _ gramians: [SampleGramian]) -> Double? {
    let squares = gramians.flatMap { gramian in
      (0..<gramian.sampleCount).map { gramian[task, $0, task, $0] }
    }
    let logarithms = squares.filter { $0 > 0 && $0.isFinite }.map { log($0) / 2 }
    return logarithms.isEmpty ? nil : exp(logarithms.reduce(0, +) / Double(logarithms.count))
  }
}

extension SimilarityMeasurement.Layer {
  /// The layers of some batches, each with the same ones.
  fileprivate static func layers(of batches: [[(layer: String, gramian: SampleGramian)]]) -> [Self] {
    (batches.first ?? []).indices.map { place in
      let gramians = batches.map { $0[place].gramian }
      let tasks = 0..<gramians[0].taskCount
      let pairs = tasks.flatMap { a in tasks.dropFirst(a + 1).map { (a, $0) } }
      return Self(
        name: batches[0][place].layer, parameterCount: gramians[0].parameterCount,
        betweenTasks: .init(
          [], gramians.flatMap { gramian in pairs.flatMap { gramian.betweenTasks($0, $1) } }),
        betweenSamples: .init(
          [], gramians.flatMap { gramian in tasks.flatMap { gramian.betweenSamples(ofTask: $0) } }))
    }
  }
}

extension SimilarityMeasurement.Comparison {
  /// Summarises similarities whose signs were counted; nil where there is none that is finite.
  init?(_ tasks: [String], _ similarities: [GradientSimilarity]) {
    let finite = similarities.filter { $0.product.isFinite }
    guard let cosine = SimilarityMeasurement.Spread(finite.map(\.cosine)),
      let magnitude = SimilarityMeasurement.Spread(finite.map(\.magnitude)),
      let conflicting = SimilarityMeasurement.Spread(finite.compactMap(\.conflicting))
    else { return nil }
    self.init(
      tasks: tasks, count: finite.count, cosine: cosine, magnitude: magnitude, conflicting: conflicting,
      conflictShare: Double(finite.count { $0.cosine < 0 }) / Double(finite.count))
  }
}

extension SampleGramian {
  fileprivate func betweenTasks(_ a: Int, _ b: Int) -> [GradientSimilarity] {
    (0..<sampleCount).compactMap { betweenTasks(a, b, sample: $0) }
  }

  fileprivate func betweenSamples(ofTask task: Int) -> [GradientSimilarity] {
    (0..<sampleCount).flatMap { first in
      (0..<first).compactMap { betweenSamples($0, first, task: task) }
    }
  }
}
