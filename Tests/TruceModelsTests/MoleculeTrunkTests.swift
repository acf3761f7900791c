import Foundation
import Testing
import Torch
import TorchNN
import TorchTestSupport
import TruceModels
import TruceOptions

/// The network for molecules against PyTorch Geometric's layers, finite differences and itself.
@Suite("The network for molecules")
struct MoleculeTrunkTests {
  struct File: Decodable {
    let cases: [Record]
    let outputs, losses: ReferenceTensor
    let gradients: [Gradient]
    let parameterCount: Int
  }

  struct Record: Decodable {
    let features, positions, bonds: [[Double]]
  }

  struct Gradient: Decodable {
    let name: String
    let norm, projection: Double
  }

  private let recorded: File

  init() throws { recorded = try referenceValues("qm9-network", in: .module) }

  /// Tables with room for so many atoms.
  private func tables(_ records: [Record], atoms: Int, dtype: DType = .float64) -> Tensor {
    let width = 14 + atoms
    var values = Array(repeating: 0.0, count: records.count * atoms * width)
    for (example, record) in records.enumerated() {
      for (row, (features, place)) in zip(record.features, record.positions).enumerated() {
        let start = (example * atoms + row) * width
        for (column, value) in (features + place).enumerated() { values[start + column] = value }
      }
      for bond in record.bonds {
        for (atom, other) in [(bond[0], bond[1]), (bond[1], bond[0])] {
          values[(example * atoms + Int(atom)) * width + 14 + Int(other)] = bond[2]
        }
      }
    }
    return Tensor(values, shape: [records.count, atoms, width], dtype: dtype)
  }

  private static let tasks = ["mu", "alpha", "homo", "lumo", "r2", "zpve", "u0", "u", "h", "g", "cv"]

  private func published() throws -> any MultiTaskNetwork {
    let network = try NetworkCatalogues().makeNetwork(
      NetworkChoice(trunk: "nnconv"), inputShape: [29, 43],
      tasks: Self.tasks.map { NetworkTask(name: $0, output: .vector(1)) }, using: Generator(seed: 3))
    try network.convert(to: .float64)
    for (index, tensor) in network.parameters.tensors.enumerated() {
      withoutGradients { _ = tensor.copyInPlace(from: wave(tensor.shape, Double(index), scale: 0.1)) }
    }
    return network
  }

  @Test("gives PyTorch Geometric's outputs, losses and gradients under its names")
  func golden() throws {
    let network = try published()
    #expect(network.parameterCount == 617_675 && recorded.parameterCount == 617_675)
    let input = tables(recorded.cases, atoms: 29)
    let outputs = Tensor.concatenated(network(NetworkInput(input)).all.compactMap { $0 }, axis: 1)
    #expect(outputs.distance(to: recorded.outputs.tensor()) < 1e-12)
    let losses = (outputs - wave(outputs.shape, 0.9)).square().mean([0])
    #expect(losses.distance(to: recorded.losses.tensor()) < 1e-12)
    let parameters = network.parameters
    let gradients = try Autograd.gradients(of: [losses.sum()], withRespectTo: parameters.tensors)
    #expect(gradients.count == recorded.gradients.count)
    for ((name, gradient), expected) in zip(zip(parameters.names, gradients), recorded.gradients) {
      let gradient = try #require(gradient)
      let heads = expected.name.hasPrefix("heads.")
      let plain = "trunk." + expected.name.replacing("_l0", with: "")
      #expect(heads ? name.hasPrefix("heads.") : name == plain)
      #expect(abs(gradient.norm().item() - expected.norm) < 1e-12)
      let projection = (gradient * wave(gradient.shape, 1.7)).sum().item()
      #expect(abs(projection - expected.projection) < 1e-11, "\(name)")
    }
  }

  @Test("says the same of a molecule alone, in a batch, and with its atoms in another order")
  func padding() throws {
    let trunk = MoleculeTrunk(width: 16, edgeWidth: 8, using: Generator(seed: 2))
    let together = trunk(tables(recorded.cases, atoms: 29, dtype: .float32))
    #expect(together.shape == [4, 16])
    for (place, record) in recorded.cases.enumerated() {
      let count = record.features.count
      let alone = trunk(tables([record], atoms: count, dtype: .float32))
      #expect(alone.distance(to: together.narrowed(0, start: place, length: 1)) < 1e-6)
      let turned = Record(
        features: record.features.reversed(), positions: record.positions.reversed(),
        bonds: record.bonds.map { [Double(count - 1) - $0[0], Double(count - 1) - $0[1], $0[2]] })
      #expect(trunk(tables([turned], atoms: count + 2, dtype: .float32)).distance(to: alone) < 1e-6)
    }
  }

  @Test("hears bonds and distances")
  func edges() throws {
    let trunk = MoleculeTrunk(width: 16, edgeWidth: 8, using: Generator(seed: 2))
    let record = recorded.cases[3]
    let other = Record(
      features: record.features, positions: record.positions,
      bonds: record.bonds.map { [$0[0], $0[1], $0[2] == 2 ? 1 : $0[2]] })
    let farther = Record(
      features: record.features, positions: record.positions.map { $0.map { $0 * 1.1 } },
      bonds: record.bonds)
    let moved = Record(
      features: record.features, positions: record.positions.map { [$0[1] + 1, $0[2], $0[0] - 3] },
      bonds: record.bonds)
    let outputs = trunk(tables([record, other, farther, moved], atoms: 12, dtype: .float32)).unbound()
    #expect(outputs[1].distance(to: outputs[0]) > 1e-4)
    #expect(outputs[2].distance(to: outputs[0]) > 1e-4)
    #expect(outputs[3].distance(to: outputs[0]) < 1e-6)
  }

  @Test("has the gradients of finite differences")
  func finiteDifferences() throws {
    let trunk = MoleculeTrunk(
      width: 3, edgeWidth: 4, stepCount: 2, readoutStepCount: 2, using: Generator(seed: 5))
    try trunk.convert(to: .float64)
    let input = tables(Array(recorded.cases[1...3]), atoms: 12)
    let direction = wave([3, 3], 0.4)
    let mismatches = try gradientMismatches(trunk.parameters) { (trunk.forward(input) * direction).sum() }
    #expect(mismatches.isEmpty, "\(mismatches.prefix(3))")
    #expect(trunk.featureCount == 3)
  }

  @Test("begins as PyTorch's layers do")
  func firstValues() throws {
    let parameters = MoleculeTrunk(using: Generator(seed: 1)).parameters
    #expect(parameters["conv.bias"]?.abs().amax().item() == 0)
    for (name, bound) in [
      ("gru.weight_hh", 0.125), ("gru.bias_ih", 0.125), ("set2set.lstm.weight_ih", 0.125),
      ("conv.nn.2.weight", 1 / 128.0.squareRoot()), ("conv.lin.weight", 0.125),
    ] {
      let largest = try #require(parameters[name]).abs().amax().item()
      #expect(largest <= bound && largest > 0.95 * bound, "\(name)")
    }
  }

  // MARK: What fits

  private func network(_ trunk: String, _ architecture: String, shape: [Int?]) throws -> any MultiTaskNetwork
  {
    try NetworkCatalogues().makeNetwork(
      NetworkChoice(trunk: trunk, architecture: architecture), inputShape: shape,
      tasks: ["mu", "alpha"].map { NetworkTask(name: $0, output: .vector(1)) }, using: Generator(seed: 3))
  }

  @Test("takes molecules only, and trunks for pictures take none")
  func shapes() throws {
    for shape: [Int?] in [[3, 32, 32], [29, 44], [43], [nil, 43]] {
      let error = #expect(throws: NetworkError.self) { try network("nnconv", "hard-sharing", shape: shape) }
      #expect(error?.description.hasPrefix("nnconv takes molecules [atoms, 14 + atoms], these") == true)
    }
    for trunk in ["lenet", "resnet18", "resnet50", "segnet", "deeplabv3", "celeba-cnn"] {
      let error = #expect(throws: NetworkError.self) { try network(trunk, "hard-sharing", shape: [29, 43]) }
      #expect(error?.description.hasSuffix("these examples have the shape [29, 43]") == true)
    }
  }

  @Test("stands under every architecture that needs no stages, and is refused by the others by name")
  func architectures() throws {
    let input = NetworkInput(tables(recorded.cases, atoms: 29, dtype: .float32))
    var refused: [String] = []
    for name in ArchitectureCatalogue.entries.map(\.about.name) {
      do {
        let network = try network("nnconv", name, shape: [29, 43])
        try NetworkAudit(network).check(on: input)
        #expect(network(input).all.map { $0?.shape } == [[4, 1], [4, 1]], "\(name)")
      } catch let error as NetworkError {
        #expect(error.description.contains(name), "\(error)")
        refused.append(name)
      }
    }
    #expect(refused == ["single-head", "cross-stitch", "mtan", "ple", "ltb"])
  }

  @Test("loads the published network's state")
  func publishedState() throws {
    let network = try published()
    var state = NamedTensors()
    for (index, entry) in recorded.gradients.enumerated() {
      let parts = entry.name.split(separator: ".")
      let isHead = parts[0] == "heads"
      let tensor = network.parameters.tensors[index] + 1
      state.append(tensor, named: isHead ? "head_\(parts[1]).\(parts[2])" : entry.name)
      if isHead { state.append(tensor, named: "task_specific.\(parts[1]).\(parts[2])") }
    }
    let before = network.parameters.mapTensors { $0.clone() }
    try network.load(network.state(fromPublished: state))
    for ((_, now), (_, then)) in zip(network.parameters, before) { #expect(now.isClose(to: then + 1)) }
  }
}
