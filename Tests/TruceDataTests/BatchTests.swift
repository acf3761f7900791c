import Testing
import Torch

@testable import TruceData

@Suite("Batches")
struct BatchTests {
  /// Three examples of one domain, two of another, each with a task of its own.
  private let batch = Batch(domains: [
    DomainBatch(
      name: "amazon", inputs: [NamedInput("image", Tensor.ones([3, 2]))],
      targets: [TaskTarget(task: "a", values: Tensor([1, 2, 3]))], positions: [4, 5, 6]),
    DomainBatch(
      name: "dslr",
      inputs: [NamedInput("image", Tensor.ones([2, 2])), NamedInput("depth", Tensor.zeros([2, 1]))],
      targets: [TaskTarget(task: "d", values: Tensor([7, 8]))], positions: [0, 1]),
  ])

  @Test("keep the domains' examples, inputs and tasks apart")
  func domains() {
    #expect(batch.count == 5 && batch.targets.map(\.task) == ["a", "d"])
    #expect(batch.count(ofTask: "a") == 3 && batch.count(ofTask: "d") == 2 && batch.count(ofTask: "x") == 0)
    #expect(batch.domain(ofTask: "d")?.positions == [0, 1])
    #expect(batch[task: "d"]?.values.toArray(as: Int.self) == [7, 8])
    #expect(batch[task: "x"] == nil)
    #expect(batch.domains[1][input: "depth"]?.shape == [2, 1])
    #expect(batch.domains[0][input: "depth"] == nil)
  }

  @Test("change the first input of each domain and nothing else")
  func changing() {
    let changed = batch.changingInput { $0 * 3 }
    #expect(changed.domains.map { $0.input.sum().item() } == [18, 12])
    #expect(changed.domains[1][input: "depth"]?.isSame(as: batch.domains[1].inputs[1].values) == true)
    #expect(changed.domains.map(\.name) == ["amazon", "dslr"])
    #expect(changed.domains.map(\.positions) == batch.domains.map(\.positions))
  }
}
