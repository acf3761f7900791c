import Testing
import Torch
import TorchNN
import TruceModels
import TruceOptions

/// What holds for every architecture over every trunk that it fits.
@Suite("Architectures")
struct ArchitectureTests {
  private static let trunks: [(name: String, options: [String: OptionValue])] = [
    ("resnet18", [:]), ("segnet", ["width": 8]), ("mlp", ["widths": [12, 8]]), ("celeba-cnn", [:]),
  ]

  private func network(
    _ trunk: String, _ trunkOptions: [String: OptionValue], _ architecture: String, _ output: TaskOutput
  ) throws -> any MultiTaskNetwork {
    let tasks = ["one", "other", "third"].map { NetworkTask(name: $0, output: output) }
    let choice = NetworkChoice(trunk: trunk, trunkOptions: trunkOptions, architecture: architecture)
    return try NetworkCatalogues().makeNetwork(
      choice, inputShape: [3, 32, 32], tasks: tasks, using: Generator(seed: 4))
  }

  @Test(
    "work over a trunk or refuse it by name",
    arguments: ["hard-sharing", "cross-stitch", "mtan", "mmoe", "cgc", "ple", "dselect-k", "ltb"])
  func overTrunks(architecture: String) throws {
    var fitting: [String] = []
    for (trunk, options) in Self.trunks {
      let output: TaskOutput = trunk == "segnet" ? .map(channels: 2) : .vector(2)
      do {
        let network = try network(trunk, options, architecture, output)
        try expectSound(network, output)
        fitting.append(trunk)
      } catch let error as NetworkError {
        #expect(
          error.description == "\(architecture) works between the stages of a trunk, and this trunk has none")
      }
    }
    let staged = ["ple", "ltb"].contains(architecture)
    let partly = ["cross-stitch", "mtan"].contains(architecture)
    #expect(
      fitting == (staged ? ["resnet18"] : partly ? ["resnet18", "segnet"] : Self.trunks.map(\.name)))
  }

  private func expectSound(_ network: any MultiTaskNetwork, _ output: TaskOutput) throws {
    let input = Tensor.uniform([3, 3, 32, 32], using: Generator(seed: 9))
    try NetworkAudit(network).check(on: NetworkInput(input))
    let outputs = network(NetworkInput(input))
    for output in outputs.all { #expect(output?.shape.prefix(2) == [3, 2]) }
    // Every parameter is somebody's: shared, or of the tasks that train it.
    let listed = Set(network.sharedParameters.names).union(
      network.taskNames.indices.flatMap { network.headParameters(ofTask: $0).names })
    #expect(listed == Set(network.parameters.names))
    try expectOwnParts(network, outputs)
    let some = network.evaluating { network.forward(NetworkInput(input), tasks: [1]) }
    #expect(some.all.map { $0 == nil } == [true, false, true])
    let whole = network.evaluating { network(input) }
    #expect(some[1].isClose(to: whole[1]))
  }

  /// A task's loss reaches no parameter that is another task's alone.
  private func expectOwnParts(_ network: any MultiTaskNetwork, _ outputs: NetworkOutputs) throws {
    let parts = network.taskNames.indices.map { network.headParameters(ofTask: $0) }
    for task in parts.indices {
      let foreign = parts.enumerated().filter { $0.offset != task }.flatMap(\.element.tensors)
        .filter { tensor in !parts[task].tensors.contains { $0.isSame(as: tensor) } }
      let gradients = try Autograd.gradients(
        of: [outputs[task].sum()], withRespectTo: foreign, retainGraph: true, allowUnused: true)
      #expect(gradients.allSatisfy { $0 == nil })
    }
  }

  // MARK: Learning to branch

  private func branching() throws -> LTB {
    try #require(network("resnet18", [:], "ltb", .vector(2)) as? LTB)
  }

  @Test("LTB adds all columns up in the first hundredth of the epochs, then chooses one")
  func branches() throws {
    let network = try branching()
    let input = Tensor.uniform([2, 3, 32, 32], using: Generator(seed: 9))
    let stage = network.parameters["choices"]
    // Every column takes the second's features from the second stage on.
    withoutGradients { _ = stage?.selected(2, 1).fillInPlace(50) }
    network.setTraining(false)
    let sums = network(input)
    network.beginEpoch(1, of: 200)
    #expect(network(input)[0].isClose(to: sums[0]))
    network.beginEpoch(2, of: 200)
    let chosen = network(input)
    #expect(!chosen[0].isClose(to: sums[0]))
    #expect(network(input)[0].isClose(to: chosen[0]))
    // The first column's stem is looked at by nobody then, and training gives the choices a gradient.
    network.setTraining(true)
    network.beginEpoch(150, of: 200)
    let gradients = try Autograd.gradients(
      of: [network(input)[0].square().sum()],
      withRespectTo: [try #require(stage), try #require(network.parameters["columns.one.conv1.weight"])],
      allowUnused: true)
    #expect(gradients[0].map { $0.abs().sum().item() > 0 } == true)
    #expect(gradients[1].map { $0.abs().sum().item() < 1e-3 } == true)
  }

  @Test("LTB draws in training only, and is told by its state how far training has come")
  func branchState() throws {
    let generator = Generator(seed: 4)
    let tasks = ["one", "other"].map { NetworkTask(name: $0, output: .vector(2)) }
    let choice = NetworkChoice(trunk: "resnet18", architecture: "ltb")
    let network = try #require(
      NetworkCatalogues().makeNetwork(choice, inputShape: [3, 32, 32], tasks: tasks, using: generator) as? LTB
    )
    let input = Tensor.uniform([2, 3, 32, 32], using: Generator(seed: 9))
    network.beginEpoch(9, of: 10)
    let before = generator.state
    _ = network.evaluating { network(input) }
    #expect(generator.state == before)
    _ = network(input)
    #expect(generator.state != before)
    let other = try #require(
      NetworkCatalogues().makeNetwork(choice, inputShape: [3, 32, 32], tasks: tasks, using: generator) as? LTB
    )
    try other.load(network.stateDictionary())
    #expect(other.evaluating { other(input) }[0].isClose(to: network.evaluating { network(input) }[0]))
  }

  // MARK: DSelect-k

  @Test("DSelect-k has a penalty in training, of the last task, and for other counts than powers of two")
  func penalties() throws {
    let tasks = ["one", "other"].map { NetworkTask(name: $0, output: .vector(2)) }
    for (experts, isLarge) in [(4, false), (3, true)] {
      let choice = NetworkChoice(
        trunk: "mlp", trunkOptions: ["widths": [4]], architecture: "dselect-k",
        architectureOptions: ["experts": .number(Double(experts))])
      let network = try NetworkCatalogues().makeNetwork(
        choice, inputShape: [6], tasks: tasks, using: Generator(seed: 4))
      let input = NetworkInput(Tensor.uniform([5, 6], using: Generator(seed: 9)))
      let penalties = network(input).penalties
      #expect(penalties.map { $0 == nil } == [true, false])
      // Entropies of 10 selectors at 1e-6, and 10 · 1 / Σ, which is at least 1.
      let penalty = try #require(penalties[1]).item()
      #expect(isLarge ? penalty >= 10 : penalty > 0 && penalty < 1e-4)
      #expect(network.evaluating { network(input) }.penalties.isEmpty)
    }
  }
}
