import Testing
import Torch
import TorchNN
import TruceModels

@Suite("Tasks with domains of their own")
struct DomainTests {
  private let generator = Generator(seed: 1)

  private func network() -> HardSharing {
    HardSharing(
      trunk: Linear(3, 4, using: generator), featureCount: 4,
      tasks: [("cat", 2), ("dog", 2), ("size", 1)], using: generator)
  }

  private func named(_ tensor: Tensor) -> NamedTensors { NamedTensors([(name: "picture", tensor: tensor)]) }

  @Test("share a trunk that sees each domain by itself, once")
  func outputs() {
    let network = network()
    let (first, second) = (
      Tensor.uniform([5, 3], using: generator), Tensor.uniform([2, 3], using: generator)
    )
    let input = NetworkInput(domains: [named(first), named(second)], domainOfTask: [0, 1, 0])
    let outputs = network(input)
    #expect(outputs.cut.map(\.shape) == [[5, 4], [2, 4]])
    for (task, seen) in [first, second, first].enumerated() {
      #expect(outputs[task].isClose(to: network(seen)[task]))
    }
  }

  @Test("are passed over where the batch has nothing of them or they are not asked for")
  func absent() {
    let network = network()
    let input = NetworkInput(
      domains: [named(.uniform([5, 3], using: generator))], domainOfTask: [0, nil, 0])
    #expect(network(input).all.map { $0?.shape } == [[5, 2], nil, [5, 1]])
    #expect(network.forward(input, tasks: [2]).all.map { $0?.shape } == [nil, nil, [5, 1]])
  }

  @Test("are refused by name under an architecture that shows all tasks the same examples")
  func refusal() {
    let network = Together(network())
    let domains = [named(.uniform([1, 3], using: generator)), named(.uniform([1, 3], using: generator))]
    let error = #expect(throws: NetworkError.self) {
      try NetworkAudit(network).check(on: NetworkInput(domains: domains, domainOfTask: [0, 1, 0]))
    }
    #expect(
      error?.description
        == "the network shows all tasks the same examples, and these tasks have 2 domains")
    #expect(error?.help == "choose the architecture hard-sharing, which takes a domain for each task")
  }
}

/// A network whose tasks all look at one input.
private final class Together: MultiTaskNetwork {
  private let network: HardSharing

  init(_ network: HardSharing) {
    self.network = network
  }

  var taskNames: [String] { network.taskNames }
  var sharedParameters: NamedTensors { network.sharedParameters }
  func headParameters(ofTask task: Int) -> NamedTensors { network.headParameters(ofTask: task) }
  func visit(_ visitor: ModuleVisitor) { network.visit(visitor) }
  func forward(_ input: NetworkInput, tasks: [Int]) -> NetworkOutputs {
    network.forward(NetworkInput(input.only), tasks: tasks)
  }
}
