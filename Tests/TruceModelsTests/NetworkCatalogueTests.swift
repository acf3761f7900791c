import Foundation
import Testing
import Torch
import TorchNN
import TruceModels
import TruceOptions

@Suite("Networks from the catalogues")
struct NetworkCatalogueTests {
  private let catalogues: NetworkCatalogues

  init() throws { catalogues = try NetworkCatalogues() }

  private func network(
    _ choice: NetworkChoice, shape: [Int?] = [1, 36, 36], tasks: [NetworkTask]? = nil, seed: UInt64 = 3
  ) throws -> any MultiTaskNetwork {
    let usual = ["left", "right"].map { NetworkTask(name: $0, output: .vector(10)) }
    return try catalogues.makeNetwork(
      choice, inputShape: shape, tasks: tasks ?? usual, using: Generator(seed: seed))
  }

  private func expectSame(_ one: any Module, _ other: any Module) {
    #expect(one.parameters.names == other.parameters.names)
    for (a, b) in zip(one.parameters.tensors, other.parameters.tensors) {
      #expect(a.shape == b.shape && a.toArray(as: Float.self) == b.toArray(as: Float.self))
    }
  }

  @Test("begin with the same values as those put together by hand: the trunk first, then the heads")
  func hardSharing() throws {
    let generator = Generator(seed: 3)
    let byHand = HardSharing(
      trunk: LeNetTrunk(using: generator), featureCount: 50, tasks: [("left", 10), ("right", 10)],
      using: generator)
    expectSame(try network(NetworkChoice(trunk: "lenet")), byHand)
  }

  @Test("keep the names and values of the toy with two units")
  func twoUnits() throws {
    let generator = Generator(seed: 3)
    func hidden(_ widths: [Int]) -> Sequential {
      Sequential(
        zip(widths, widths.dropFirst()).flatMap { inputs, outputs -> [any Layer] in
          [Linear(inputs, outputs, using: generator), LeakyReLU()]
        })
    }
    let trunk = hidden([1, 20, 20])
    let byHand = HardSharing(
      trunk: trunk,
      heads: ["metres", "feet"].map { name in
        let within = hidden([20, 20])
        return (name, Sequential(within, Linear(20, 1, using: generator)))
      })
    let made = try network(
      NetworkChoice(
        trunk: "mlp", trunkOptions: ["widths": [20, 20], "activation": "leaky_relu"],
        architectureOptions: ["head_widths": [20], "head_activation": "leaky_relu"]), shape: [1],
      tasks: ["metres", "feet"].map { NetworkTask(name: $0, output: .vector(1)) })
    #expect(made.parameters.names.contains("heads.feet.0.0.weight"))
    expectSame(made, byHand)
    let input = Tensor.uniform([5, 1], using: generator)
    for (one, other) in zip(made(input), byHand(input)) {
      #expect(one.toArray(as: Float.self) == other.toArray(as: Float.self))
    }
  }

  @Test("have trunks whose features look as they say", arguments: TrunkCatalogue.entries.map(\.about.name))
  func trunks(name: String) throws {
    let files = ["torchscript": "lenet.pt", "exported": "lenet.pt2"]
    let options = files[name].map { ["file": OptionValue.string(SavedFile.url($0).path)] } ?? [:]
    let shape = name == "nnconv" ? [8, 22] : [1, 36, 36]
    let trunk = try catalogues.trunks.entry(named: name)
      .make(options: options, for: TrunkRequest(inputShape: shape, using: Generator(seed: 1)))
    let features = trunk.evaluating {
      trunk.features(Tensor.uniform([2] + shape, using: Generator(seed: 2)))
    }
    #expect(features.count == trunk.featureShapes.count)
    for (tensor, shape) in zip(features, trunk.featureShapes) {
      switch shape {
      case .vector(let count): #expect(tensor.shape == [2, count])
      case .map(let channels, let stride):
        let side = (36 + stride - 1) / stride
        #expect(tensor.shape == [2, channels, side, side])
      }
    }
  }

  @Test("show each task its own part under a single head")
  func singleHead() throws {
    let tasks = [0, 1].map { (part: Int) in NetworkTask(name: "c\(part)", output: .vector(10), part: part) }
    let network = try network(
      NetworkChoice(trunk: "lenet", architecture: "single-head"), tasks: tasks)
    network.setTraining(false)
    let input = Tensor.uniform([3, 2, 36, 36], using: Generator(seed: 2))
    let swapped = input.indexSelect(1, Tensor([1, 0]))
    #expect(network(input)[0].isClose(to: network(swapped)[1]))
    #expect(network.parameters.names.contains("head.weight"))
  }

  @Test(
    "are refused where their parts do not fit",
    arguments: [
      (
        NetworkChoice(trunk: "lenet"), [3, 64, 64],
        "lenet takes grey pictures [1, 36, 36], these examples have the shape [3, 64, 64]",
        "choose another trunk; `truce trunks` says what each takes"
      ),
      (
        NetworkChoice(trunk: "resnet18"), [5],
        "resnet18 takes pictures [channels, height, width], these examples have the shape [5]",
        "choose another trunk; `truce trunks` says what each takes"
      ),
      (
        NetworkChoice(trunk: "lenet", architecture: "single-head"), [1, 36, 36],
        "single-head gives each task a part of the example, and 'left' looks at the whole",
        "choose the architecture hard-sharing"
      ),
    ])
  func unsuitable(choice: NetworkChoice, shape: [Int], reason: String, help: String) {
    let error = #expect(throws: NetworkError.self) { _ = try network(choice, shape: shape) }
    #expect(error?.description == reason)
    #expect(error?.help == help)
  }

  @Test("are refused where tasks want what the architecture cannot give")
  func wrongTasks() {
    let dense = NetworkTask(name: "depth", output: .map(channels: 1))
    let error = #expect(throws: NetworkError.self) {
      _ = try network(NetworkChoice(trunk: "mlp"), tasks: [dense])
    }
    #expect(
      error?.description
        == "the trunk gives hard-sharing one vector, and 'depth' wants a number for each pixel"
    )
    let part = NetworkTask(name: "low", output: .vector(10), part: 0)
    let whole = #expect(throws: NetworkError.self) {
      _ = try network(NetworkChoice(trunk: "mlp"), tasks: [part])
    }
    #expect(
      whole?.description == "hard-sharing shows every task the whole example, and 'low' looks at a part of it"
    )
    let unequal = [4, 5].enumerated().map { NetworkTask(name: "c\($0)", output: .vector($1), part: $0) }
    let several = #expect(throws: NetworkError.self) {
      _ = try network(NetworkChoice(trunk: "lenet", architecture: "single-head"), tasks: unequal)
    }
    #expect(several?.description == "single-head has one head, and 'c1' wants another output than 'c0'")
  }

  @Test("know the closest name, and take no second entry of one name")
  func names() throws {
    let error = #expect(throws: OptionError.self) { _ = try catalogues.trunks.entry(named: "lennet") }
    #expect(error?.description == "unknown trunk 'lennet'")
    #expect(error?.help == "did you mean 'lenet'?")
    let twice = #expect(throws: CatalogueError.self) {
      _ = try catalogues.adding(trunks: [TrunkCatalogue.entries[0]], architectures: [])
    }
    #expect(twice?.description == "there are two of the name 'lenet' in the catalogue of trunks")
  }
}

/// A trunk that shows one of its two layers only.
private final class Forgetful: VectorTrunk {
  let featureCount = 4
  private let shown, hidden: Linear

  init(using generator: Generator) {
    shown = Linear(3, 4, using: generator)
    hidden = Linear(4, 4, using: generator)
  }

  func visit(_ visitor: ModuleVisitor) { visitor.child("shown", shown) }
  func forward(_ input: Tensor) -> Tensor { hidden(shown(input)) }
}

/// A network whose second task goes around what is shared.
private final class Bypass: SplitNetwork {
  let taskNames = ["one", "other"]
  private let trunk, head, aside: Linear

  init(using generator: Generator) {
    trunk = Linear(3, 4, using: generator)
    head = Linear(4, 1, using: generator)
    aside = Linear(3, 1, using: generator)
  }

  func visit(_ visitor: ModuleVisitor) {
    visitor.child("trunk", trunk)
    visitor.child("head", head)
    visitor.child("aside", aside)
  }

  var sharedParameters: NamedTensors { trunk.parameters.prefixed("trunk") }
  func headParameters(ofTask task: Int) -> NamedTensors { NamedTensors() }
  func features(_ input: Tensor) -> [Tensor] { [input, trunk(input)] }
  func output(ofTask task: Int, from features: [Tensor]) -> Tensor {
    task == 0 ? head(features[1]) : aside(features[0])
  }
}

@Suite("A network's audit")
struct NetworkAuditTests {
  private let input = Tensor.uniform([1, 3], using: Generator(seed: 1))

  @Test("finds a parameter that the network does not show, by its shape")
  func forgotten() throws {
    let generator = Generator(seed: 2)
    let network = HardSharing(on: Forgetful(using: generator), heads: [("a", Linear(4, 1, using: generator))])
    let error = #expect(throws: NetworkError.self) {
      try NetworkAudit(network).check(on: NetworkInput(input))
    }
    let reasons = [[4, 4], [4]].map {
      "the network has a parameter of shape \($0) that its `visit` does not show"
    }
    #expect(reasons.contains(error?.description ?? ""))
  }

  @Test("names a task that depends on nothing shared")
  func bypass() throws {
    let error = #expect(throws: NetworkError.self) {
      try NetworkAudit(Bypass(using: Generator(seed: 2))).check(on: NetworkInput(input))
    }
    #expect(
      error?.description
        == "the task 'other' depends on none of the parameters the network says its tasks share")
  }

  @Test("passes sound networks, and changes nothing of them")
  func sound() throws {
    let generator = Generator(seed: 2)
    let trunk = Sequential(Linear(3, 4, using: generator), BatchNorm(4), Dropout(0.5, using: generator))
    let network = HardSharing(trunk: trunk, featureCount: 4, tasks: [("a", 1), ("b", 2)], using: generator)
    let (buffers, state) = (
      network.buffers.tensors.map { $0.to(.float64).toArray(as: Double.self) }, generator.state
    )
    try NetworkAudit(network).check(on: NetworkInput(input))
    #expect(network.buffers.tensors.map { $0.to(.float64).toArray(as: Double.self) } == buffers)
    #expect(generator.state == state)
    #expect(network.parameters.tensors.allSatisfy { $0.grad == nil })
  }
}
