import Foundation
import Testing

@testable import Truce

@Suite("Properties of the loss weightings")
struct LossWeightingPropertyTests {
  static let names = lossWeightingNames

  /// Runs of every size and scale; the tasks of some differ by twelve orders of magnitude.
  static let runs: [LossRun] = {
    let imbalanced = [1e-6, 1, 1e6, 1e-3, 1e3]
    return [1, 2, 3, 100].map { LossRun(taskCount: $0, seed: UInt64($0)) }
      + [1e-10, 1e-3, 1e3, 1e10].map { LossRun(taskCount: 3, scales: [$0, $0, $0]) }
      + [LossRun(taskCount: 5, scales: imbalanced)]
  }()

  private func holding(_ property: MethodProperty) -> [String] {
    Catalogue.entries.map(\.about)
      .filter { $0.kind == .lossWeighting && $0.properties.contains(property) }.map(\.name)
  }

  @Test(arguments: names)
  func weightsAreFinite(_ name: String) throws {
    for run in Self.runs {
      let weights = try run.weights(of: name)
      #expect(weights.allSatisfy { $0.count == run.losses[0].count && $0.allSatisfy(\.isFinite) })
    }
  }

  @Test func weightsDeclaredNonNegativeAre() throws {
    for name in holding(.nonNegativeWeights) {
      for run in Self.runs {
        #expect(try run.weights(of: name).joined().allSatisfy { $0 >= 0 }, "\(name)")
      }
    }
  }

  @Test func weightsDeclaredConvexAddUpToOne() throws {
    for name in holding(.convexWeights) {
      for run in Self.runs {
        for weights in try run.weights(of: name) {
          #expect((weights.reduce(0, +) - 1).magnitude < 1e-12, "\(name)")
        }
      }
    }
  }

  @Test func reorderedTasksReorderTheWeights() throws {
    let order = [3, 0, 4, 1, 2]
    let run = LossRun(taskCount: 5, seed: 9)
    for name in holding(.permutationEquivariant) {
      let plain = try run.weights(of: name)
      let reordered = try run.reordered(by: order).weights(of: name)
      for (a, b) in zip(plain, reordered) {
        #expect(agree(order.map { a[$0] }, b, tolerance: 1e-10), "\(name): \(a) and \(b)")
      }
    }
  }

  /// The direction `Σ wᵢ gᵢ` stays where every `wᵢ` is divided by the factor of its task.
  @Test func scaleInvariantDirectionsStay() throws {
    let run = LossRun(taskCount: 3, seed: 11)
    for (property, factors) in [
      (MethodProperty.taskScaleInvariant, [1e-3, 7, 400]), (.commonScaleInvariant, [30, 30, 30]),
    ] {
      for name in holding(property) {
        let plain = try run.weights(of: name)
        let scaled = try run.scaled(by: factors).weights(of: name)
        for (a, b) in zip(plain, scaled) {
          #expect(agree(zip(b, factors).map { $0 * $1 }, a, tolerance: 1e-10), "\(name)")
        }
      }
    }
  }

  @Test func homogeneousWeightsStay() throws {
    let run = LossRun(taskCount: 3, seed: 12)
    for (property, factors) in [
      (MethodProperty.homogeneous, [30, 30, 30]), (.linearUnderScaling, [1e-3, 7, 400]),
    ] {
      for name in holding(property) {
        let plain = try run.weights(of: name)
        let scaled = try run.scaled(by: factors).weights(of: name)
        for (a, b) in zip(plain, scaled) { #expect(agree(b, a, tolerance: 1e-10), "\(name)") }
      }
    }
  }

  @Test func deterministicWeightsDoNotDependOnTheSeed() throws {
    let run = LossRun(taskCount: 4)
    for name in holding(.deterministic) {
      #expect(try run.weights(of: name, seed: 1) == run.weights(of: name, seed: 2), "\(name)")
    }
    #expect(try run.weights(of: "rlw", seed: 1) != run.weights(of: "rlw", seed: 2))
  }

  @Test(arguments: names)
  func aRestoredRunEqualsAnUninterruptedOne(_ name: String) throws {
    let run = LossRun(taskCount: 3, steps: 8)
    let expected = try run.weights(of: name)
    for stop in [0, 1, 5] {
      var trial = try makeWeighting(name, taskCount: 3)
      var source = RandomSource(seed: 0)
      for t in 0..<stop { _ = try run.step(t, of: &trial, using: &source) }
      var restored = try makeWeighting(name, taskCount: 3)
      try restored.decodeState(from: saved(trial.encodeState))
      for t in stop..<8 {
        #expect(try run.step(t, of: &restored, using: &source) == expected[t], "step \(t)")
      }
    }
  }
}

/// Writes a state as JSON and returns a decoder that reads it back.
func saved(_ write: @escaping (any Encoder) throws -> Void) throws -> any Decoder {
  struct Written: Encodable {
    let write: (any Encoder) throws -> Void
    func encode(to encoder: any Encoder) throws { try write(encoder) }
  }
  struct Read: Decodable {
    let decoder: any Decoder
    init(from decoder: any Decoder) { self.decoder = decoder }
  }
  let data = try JSONEncoder().encode(Written(write: write))
  return try JSONDecoder().decode(Read.self, from: data).decoder
}
