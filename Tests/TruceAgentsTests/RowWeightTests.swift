import Testing
import Torch
import TorchNN
import Truce
import TruceOptions
import TruceTorch

@testable import TruceAgents

@Suite("Tasks weighed by their rows of a batch")
struct RowWeightTests {
  private static let rowCount = 12

  /// What is learned after two updates from the same rows, told apart as those of so many tasks.
  private func learned(
    _ counts: [Int], weights: String, method: String = "ew", gradient: String = "plain"
  ) throws -> [String: [Double]] {
    let settings = try SACSettings([
      "widths": [6, 5], "task_input": "none", "temperature": "shared", "replay": "uniform",
      "initial_temperature": 0.3, "polyak": 0.2, "task_weights": .string(weights),
      "temperature_gradient": .string(gradient),
    ])
    let shape = AgentShape(taskCount: counts.count, observationSize: 3, actionSize: 2, taskInput: .none)
    let networks = try SACNetworks(settings, shape, dtype: .float64, using: Generator(seed: 1))
    // Large steps of a rule that is linear in the gradient.
    let update = try SACUpdate(
      networks, settings, AgentRules(try SGD(learningRate: 0.05), settings),
      MethodChoice(method: try Catalogue.method(named: method), weighting: nil, settings: .init()),
      RandomStreams(seed: 0))
    for number in 0..<2 {
      let input = Self.input(TaskRows(counts: counts), seed: UInt64(number))
      let report = try update.take(input, further: { input })
      let losses = report.criticLosses
      #expect(zip(counts, losses).allSatisfy { ($0 == 0) == ($1 == nil) })
    }
    return networks.parts.reduce(into: [:]) { values, part in
      for (name, tensor) in part.module.stateDictionary() {
        values["\(part.name).\(name)"] = tensor.toArray(as: Double.self)
      }
    }
  }

  private static func input(_ rows: TaskRows, seed: UInt64) -> UpdateInput {
    let generator = Generator(seed: 5 + seed)
    func draw(_ width: Int) -> Tensor {
      Tensor.normal([rowCount, width], using: generator, dtype: .float64)
    }
    let batch = ReplayBatch(
      rows: rows, states: draw(3), actions: draw(2), rewards: draw(1).squeezed(-1) * 3, nextStates: draw(3),
      continuations: Tensor.ones([rowCount]).to(.float64))
    return UpdateInput(batch, nextNoise: draw(2), noise: draw(2))
  }

  private func distance(_ one: [String: [Double]], _ other: [String: [Double]]) -> Double {
    #expect(one.keys.sorted() == other.keys.sorted())
    return one.reduce(0) { most, entry in
      zip(entry.value, other[entry.key] ?? []).reduce(most) { max($0, ($1.0 - $1.1).magnitude) }
    }
  }

  @Test(
    "move under equal weighting as if all rows were one task's, as published code does",
    arguments: [[5, 3, 4], [9, 1, 2], [7, 0, 5], [4, 4, 4]], ["plain", "method"])
  func wholeBatch(counts: [Int], gradient: String) throws {
    let one = try learned([Self.rowCount], weights: "equal", gradient: gradient)
    #expect(try distance(learned(counts, weights: "rows", gradient: gradient), one) < 1e-13)
    let isAlike = Set(counts).count == 1
    let plain = try distance(learned(counts, weights: "equal", gradient: gradient), one)
    #expect(isAlike ? plain < 1e-13 : plain > 1e-5)
  }

  @Test("are weighed before a method that looks at gradients, too")
  func methods() throws {
    let (rows, equal) = (
      try learned([9, 1, 2], weights: "rows", method: "mgda"),
      try learned([9, 1, 2], weights: "equal", method: "mgda")
    )
    #expect(distance(rows, equal) > 1e-6)
    let alike = try learned([4, 4, 4], weights: "rows", method: "mgda")
    #expect(try distance(alike, learned([4, 4, 4], weights: "equal", method: "mgda")) < 1e-13)
  }

  @Test("have weights whose mean is one")
  func weights() {
    #expect(TaskRows(counts: [6, 2, 4]).weights == [1.5, 0.5, 1])
    #expect(TaskRows(counts: [3, 0]).weights == [2, 0])
    #expect(TaskRows(counts: [1280]).weights == [1])
  }
}
