import Foundation
import Testing
import Torch
import TorchNN
import TorchTestSupport
import Truce
import TruceOptions

@testable import TruceAgents

/// Updates against those that `Tools/reference-values/sac.py` computed with PyTorch.
@Suite("An update")
struct GoldenUpdateTests {
  struct File: Decodable {
    let cases: [Case]
  }

  struct Case: Decodable, CustomTestStringConvertible {
    struct Losses: Decodable {
      let critic: [Double]
      let actor: [Double]
    }

    let name: String
    let method: String
    let options: [String: OptionValue]
    let counts: [Int]
    let losses: [Losses]
    let after: [String: ReferenceTensor]

    var testDescription: String { "\(method): \(name)" }
  }

  static let cases = (try? referenceValues("sac", as: File.self, in: .module))?.cases ?? []

  @Test("has cases to be held against") func isComplete() { #expect(Self.cases.count == 15) }

  @Test("moves critics, actor, temperatures and targets as PyTorch does", arguments: cases)
  func agreement(_ recorded: Case) throws {
    let networks = try Self.networks(recorded)
    let update = try Self.update(networks, recorded)
    for (number, losses) in recorded.losses.enumerated() {
      let report = try update.take(
        Self.input(recorded, number), further: { preconditionFailure("not needed") })
      expectClose(report.criticLosses, losses.critic)
      expectClose(report.actorLosses, losses.actor)
    }
    let state = NamedTensors(
      networks.parts.flatMap { part in Array(part.module.stateDictionary().prefixed(part.name)) })
    #expect(Set(state.names) == Set(recorded.after.keys))
    for (name, tensor) in state {
      let expected = try #require(recorded.after[name])
      #expect(tensor.distance(to: expected.tensor()) <= 1e-6, "\(name)")
    }
  }

  private func expectClose(_ found: [Double?], _ expected: [Double]) {
    for (found, expected) in zip(found, expected) {
      #expect(((found ?? .nan) - expected).magnitude <= 1e-6 * max(1, expected.magnitude))
    }
  }

  // MARK: What the script does

  private static func settings(_ recorded: Case) throws -> SACSettings {
    try SACSettings(
      recorded.options.merging([
        "widths": [6, 5], "discount": 0.9, "polyak": 0.2, "initial_temperature": 0.3,
      ]) { $1 })
  }

  private static func networks(_ recorded: Case) throws -> SACNetworks {
    let settings = try settings(recorded)
    let shape = AgentShape(taskCount: 3, observationSize: 3, actionSize: 2, taskInput: settings.taskInput)
    let networks = try SACNetworks(settings, shape, dtype: .float64, using: Generator(seed: 1))
    fill(networks.actor, 0.1)
    fill(networks.critics, 0.7)
    fill(networks.slowCritics, 0.9)
    let logarithms = networks.temperatures.parameters.tensors[0].detached()
    logarithms.copyInPlace(
      from: Tensor((0..<logarithms.count).map { log(0.3) + 0.4 * Double($0) }))
    return networks
  }

  private static func fill(_ module: any Module, _ phase: Double) {
    for (index, tensor) in module.parameters.tensors.enumerated() {
      tensor.detached().copyInPlace(from: wave(tensor.shape, Double(index) + phase, scale: 0.5))
    }
  }

  private static func update(_ networks: SACNetworks, _ recorded: Case) throws -> SACUpdate {
    let options: [String: [String: OptionValue]] = [
      "pcgrad": ["reduction": "mean", "order": [[1, 2], [2, 0], [0, 1]]], "cagrad": ["c": 0.4],
    ]
    let method = try Catalogue.method(named: recorded.method, options: options[recorded.method] ?? [:])
    let settings = try settings(recorded)
    let rule = try Adam(learningRate: 0.05, epsilon: 0.1)
    return try SACUpdate(
      networks, settings, AgentRules(rule, settings),
      MethodChoice(method: method, weighting: nil, settings: .init()), RandomStreams(seed: 0))
  }

  private static func input(_ recorded: Case, _ update: Int) -> UpdateInput {
    let (rows, phase) = (TaskRows(counts: recorded.counts), Double(update))
    let count = rows.total
    let offsets = zip([3.0, -3, 1], recorded.counts).flatMap { [Double](repeating: $0, count: $1) }
    let batch = ReplayBatch(
      rows: rows, states: states(wave([count, 3], 0.3 + phase), recorded),
      actions: wave([count, 2], 2.5 + phase, scale: 0.9),
      rewards: wave([count], 0.8 + phase, scale: 2) + Tensor(offsets),
      nextStates: states(wave([count, 3], 1.9 + phase), recorded),
      continuations: Tensor((0..<count).map { $0 % 5 == 2 ? 0.0 : 1 }))
    return UpdateInput(
      batch, nextNoise: wave([count, 2], 0.2 + phase, scale: 1.2),
      noise: wave([count, 2], 3.1 + phase, scale: 1.2))
  }

  private static func states(_ observations: Tensor, _ recorded: Case) -> Tensor {
    guard recorded.options["task_input"] == "one-hot" else { return observations }
    let tasks = recorded.counts.enumerated().flatMap { [Int64](repeating: Int64($0), count: $1) }
    return Tensor.concatenated([observations, Tensor(tasks).oneHot(classCount: 3).to(.float64)], axis: 1)
  }
}
