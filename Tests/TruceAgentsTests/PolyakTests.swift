import Testing
import Torch
import TorchNN
import TruceOptions

@testable import TruceAgents

@Suite("The critics' slow targets")
struct PolyakTests {
  private func networks(_ share: Double, seed: UInt64) throws -> SACNetworks {
    let settings = try SACSettings(["widths": [5, 4], "polyak": .number(share)])
    let shape = AgentShape(taskCount: 2, observationSize: 3, actionSize: 2, taskInput: .oneHot)
    return try SACNetworks(settings, shape, dtype: .float64, using: Generator(seed: seed))
  }

  private func numbers(_ module: any Module) -> [Double] {
    module.parameters.tensors.flatMap { $0.toArray(as: Double.self) }
  }

  /// Gives a module other values.
  private func change(_ module: any Module, using generator: Generator) {
    for tensor in module.parameters.tensors {
      tensor.detached().copyInPlace(from: Tensor.normal(tensor.shape, using: generator, dtype: .float64))
    }
  }

  @Test("begin as the critics do and learn by nothing else", arguments: [1, 2, 3])
  func beginning(seed: UInt64) throws {
    let networks = try networks(0.1, seed: seed)
    #expect(numbers(networks.slowCritics) == numbers(networks.critics))
    #expect(networks.slowCritics.parameters.tensors.allSatisfy { !$0.requiresGrad })
    networks.followCritics()
    let distances = zip(numbers(networks.slowCritics), numbers(networks.critics)).map { ($0 - $1).magnitude }
    #expect((distances.max() ?? 1) < 1e-15)
  }

  @Test(
    "come nearer by their share each time: what is left of the distance after n times is (1 − τ)ⁿ",
    arguments: [0, 0.005, 0.3, 1], [1, 2, 17])
  func following(share: Double, times: Int) throws {
    for seed in UInt64(0)..<3 {
      let networks = try networks(share, seed: seed)
      change(networks.critics, using: Generator(seed: 100 + seed))
      let (slow, fast) = (numbers(networks.slowCritics), numbers(networks.critics))
      for _ in 0..<times { networks.followCritics() }
      let left = (0..<times).reduce(1) { left, _ in left * (1 - share) }
      for (found, (slow, fast)) in zip(numbers(networks.slowCritics), zip(slow, fast)) {
        #expect((found - (fast + left * (slow - fast))).magnitude < 1e-12)
      }
      #expect(numbers(networks.critics) == fast)
    }
  }

  @Test("lie between where they were and the critics", arguments: [0.005, 0.5])
  func between(share: Double) throws {
    let networks = try networks(share, seed: 7)
    let generator = Generator(seed: 8)
    for _ in 0..<20 {
      change(networks.critics, using: generator)
      let before = numbers(networks.slowCritics)
      networks.followCritics()
      for (found, (slow, fast)) in zip(numbers(networks.slowCritics), zip(before, numbers(networks.critics)))
      {
        #expect(found >= min(slow, fast) - 1e-15 && found <= max(slow, fast) + 1e-15)
      }
    }
  }
}
