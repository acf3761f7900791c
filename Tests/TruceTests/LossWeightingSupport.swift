import Foundation
import Testing
import Truce

/// A file of reference values of one method.
struct ReferenceFile<Case: Decodable>: Decodable {
  let cases: [Case]

  static func load(_ method: String) throws -> [Case] {
    let file = Bundle.module.url(forResource: "ReferenceValues/\(method)", withExtension: "json")
    return try JSONDecoder().decode(Self.self, from: Data(contentsOf: #require(file))).cases
  }
}

/// Loss weights over a few steps, from a public implementation or a formula.
struct LossWeightingCase: Decodable, Sendable {
  let source: String
  let options: [String: OptionValue]
  let losses: [[Double]]
  let weights: [[Double]]
  let lossesAfter: [[Double]]?
  let gradientNorms: [[Double]]?
  let gradientOfLogVariance: [[Double]]?

  enum CodingKeys: String, CodingKey {
    case source, options, losses, weights
    case lossesAfter = "losses_after"
    case gradientNorms = "gradient_norms"
    case gradientOfLogVariance = "gradient_of_log_variance"
  }
}

/// Names of the loss weightings in the catalogue.
let lossWeightingNames = Catalogue.entries.map(\.about).filter { $0.kind == .lossWeighting }.map(\.name)

/// Starts a loss weighting of the catalogue.
func makeWeighting(
  _ name: String, _ options: [String: OptionValue] = [:], taskCount: Int
) throws -> MethodTrial {
  let method = try Catalogue.method(named: name, options: options)
  guard case .lossWeighting(let weighting) = method else {
    throw MethodError.notApplicable(method: name, reason: "not a loss weighting")
  }
  return try MethodTrial(.lossWeighting(weighting), taskCount: taskCount)
}

/// What a short training, one batch an epoch, shows to a loss weighting.
struct LossRun: Sendable {
  var losses: [[Double]]
  var lossesAfter: [[Double]]
  var gradientNorms: [[Double]]

  /// Positive losses over some steps, drawn from a seed.
  init(taskCount: Int, scales: [Double]? = nil, steps: Int = 6, seed: UInt64 = 1) {
    var source = RandomSource(seed: seed)
    let scales = scales ?? [Double](repeating: 1, count: taskCount)
    func draw(_ step: Int) -> [Double] {
      scales.map { $0 * Double.random(in: 0.2..<2, using: &source) / Double(step + 1) }
    }
    losses = (0..<steps).map(draw)
    lossesAfter = losses.map { zip($0, draw(0)).map { $0 * (0.8 + 0.1 * $1) } }
    gradientNorms = (0..<steps).map(draw)
  }

  /// The same run with every task's losses and gradients multiplied by its factor.
  func scaled(by factors: [Double]) -> LossRun {
    mapped { zip($0, factors).map { $0 * $1 } }
  }

  /// The same run with the tasks in another order.
  func reordered(by order: [Int]) -> LossRun {
    mapped { values in order.map { values[$0] } }
  }

  private func mapped(_ transform: ([Double]) -> [Double]) -> LossRun {
    var copy = self
    copy.losses = losses.map(transform)
    copy.lossesAfter = lossesAfter.map(transform)
    copy.gradientNorms = gradientNorms.map(transform)
    return copy
  }

  /// Returns the weights of one step of the run.
  func step(
    _ t: Int, of trial: inout MethodTrial, using source: inout RandomSource
  ) throws -> [Double] {
    let context = StepContext(
      losses: losses[t], gradientNorms: gradientNorms[t], epoch: t, iteration: t, learningRate: 0.01)
    let weights = try trial.weights(context: context, using: &source)
    if trial.about.needs.contains(.secondForward) {
      try trial.observe(lossesAfterStep: lossesAfter[t])
    }
    try trial.endEpoch(meanLosses: losses[t])
    return weights
  }

  /// Returns the weights of all steps.
  func weights(
    of name: String, _ options: [String: OptionValue] = [:], seed: UInt64 = 0
  ) throws -> [[Double]] {
    var trial = try makeWeighting(name, options, taskCount: losses[0].count)
    var source = RandomSource(seed: seed)
    return try losses.indices.map { try step($0, of: &trial, using: &source) }
  }
}

/// Whether two lists agree to a tolerance relative to the largest entry.
func agree(_ a: [Double], _ b: [Double], tolerance: Double = 1e-12) -> Bool {
  guard a.count == b.count else { return false }
  let size = b.map(\.magnitude).max() ?? 0
  return zip(a, b).allSatisfy { ($0 - $1).magnitude <= tolerance * max(size, .leastNormalMagnitude) }
}
