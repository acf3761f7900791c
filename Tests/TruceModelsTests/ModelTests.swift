import Foundation
import Testing
import Torch
import TorchNN
import TorchTestSupport
import TruceModels

/// Networks against the same ones built in PyTorch.
@Suite struct ModelTests {
  struct File: Decodable {
    let resnet18ParameterCount: Int
    let cases: [Case]
  }

  struct Case: Decodable {
    let network: String
    let input: [Int]
    let trained: ReferenceTensor
    let evaluated: ReferenceTensor
    let names: [String]
    let parameterCount: Int
  }

  private func recorded(_ network: String) throws -> Case {
    let file = try referenceValues("models", as: File.self, in: .module)
    return try #require(file.cases.first { $0.network == network })
  }

  /// Fills a network with the recorded parameters and compares its output in both modes.
  private func expectRecorded(
    _ name: String, _ network: any Module, tolerance: Double = 1e-11, _ forward: (Tensor) -> Tensor
  ) throws {
    let recorded = try recorded(name)
    for (index, tensor) in network.parameters.tensors.enumerated() {
      withoutGradients { _ = tensor.copyInPlace(from: wave(tensor.shape, Double(index), scale: 0.3)) }
    }
    #expect(network.parameterCount == recorded.parameterCount)
    withoutGradients {
      let input = wave(recorded.input, 0.3)
      #expect(forward(input).relativeDistance(to: recorded.trained.tensor()) < tolerance)
      network.setTraining(false)
      #expect(forward(input).relativeDistance(to: recorded.evaluated.tensor()) < tolerance)
    }
  }

  private func lenet() -> HardSharing {
    let generator = Generator(seed: 1)
    return HardSharing(
      trunk: LeNetTrunk(using: generator, dtype: .float64), featureCount: LeNetTrunk.featureCount,
      tasks: [("fashion", 10), ("digit", 10)], using: generator, dtype: .float64)
  }

  @Test("the shrunk LeNet's outputs equal PyTorch's")
  func lenetOutputs() throws {
    let network = lenet()
    try expectRecorded("lenet", network) { Tensor.stacked(network($0)) }
  }

  @Test("a residual block's outputs equal PyTorch's")
  func blocks() throws {
    let generator = Generator(seed: 1)
    let plain = ResidualBlock(3, 3, using: generator, dtype: .float64)
    try expectRecorded("block", plain) { plain($0) }
    let strided = ResidualBlock(3, 4, stride: 2, using: generator, dtype: .float64)
    try expectRecorded("block with downsampling", strided) { strided($0) }
    #expect(strided.stateDictionary().names == (try recorded("block with downsampling")).names)
  }

  @Test("a state that PyTorch wrote can be loaded")
  func foreignState() throws {
    let url = Bundle.module.bundleURL.appendingPathComponent("ReferenceValues/block.safetensors")
    let block = ResidualBlock(3, 4, stride: 2, using: Generator(seed: 1), dtype: .float64)
    try block.load(NamedTensors(Safetensors(contentsOf: url).tensors))
    block.setTraining(false)
    let recorded = try recorded("block with downsampling")
    #expect(block(wave(recorded.input, 0.3)).distance(to: recorded.evaluated.tensor()) < 1e-12)
  }

  @Test("ResNet-18's outputs and names equal torchvision's")
  func resnet18()
    throws
  {
    let generator = Generator(seed: 1)
    let large = ResNet(classCount: 7, using: generator, dtype: .float64)
    try expectRecorded("resnet18", large, tolerance: 1e-8) { large($0) }
    #expect(large.stateDictionary().names == (try recorded("resnet18")).names)
    let small = ResNet(classCount: 7, inputChannels: 1, stem: .small, using: generator, dtype: .float64)
    try expectRecorded("resnet18 small", small, tolerance: 1e-8) { small($0) }
  }

  @Test("ResNet-18 with 1000 classes has torchvision's number of parameters")
  func parameterCount() throws {
    let file = try referenceValues("models", as: File.self, in: .module)
    let network = ResNet(using: Generator(seed: 1))
    #expect(network.parameterCount == 11_689_512)
    #expect(network.parameterCount == file.resnet18ParameterCount)
  }

  @Test("a perceptron's outputs equal PyTorch's")
  func perceptron() throws {
    let trunk = MLPTrunk(6, widths: [5, 4], using: Generator(seed: 1), dtype: .float64)
    try expectRecorded("mlp", trunk) { trunk($0) }
    #expect(trunk.featureCount == 4)
    #expect(trunk(wave([3, 2, 3], 0.3)).shape == [3, 4])
  }
}

/// The parts of a network with hard sharing.
@Suite struct HardSharingTests {
  private func network(seed: UInt64 = 1) -> HardSharing {
    let generator = Generator(seed: seed)
    return HardSharing(
      trunk: LeNetTrunk(using: generator), featureCount: LeNetTrunk.featureCount,
      tasks: [("fashion", 10), ("digit", 7)], using: generator)
  }

  @Test("features and outputs have the stated shapes")
  func shapes() {
    let network = network()
    let features = network.features(.zeros([4, 1, LeNetTrunk.imageSize, LeNetTrunk.imageSize]))
    #expect(features.map(\.shape) == [[4, LeNetTrunk.featureCount]])
    #expect(network.outputs(from: features).map(\.shape) == [[4, 10], [4, 7]])
    #expect(network.output(ofTask: 1, from: features).shape == [4, 7])
    #expect(network.taskNames == ["fashion", "digit"])
    #expect(network.taskCount == 2)
  }

  @Test("shared and head parameters make up the network")
  func parts() {
    let network = network()
    let shared = network.sharedParameters
    let heads = [0, 1].map { network.headParameters(ofTask: $0) }
    #expect(shared.names.first == "trunk.conv1.weight")
    #expect(heads[1].names == ["heads.digit.weight", "heads.digit.bias"])
    #expect((shared.names + heads.flatMap(\.names)) == network.parameters.names)
    #expect(shared.elementCount == 5 * 81 + 5 + 10 + 10 * 125 + 10 + 500 + 250 * 50 + 50)
    #expect(heads.map(\.elementCount) == [510, 357])
    #expect(zip(shared.tensors, network.parameters.tensors).allSatisfy { $0.isSame(as: $1) })
  }

  @Test("a head's loss reaches the trunk and its own head alone")
  func reach() throws {
    let network = network()
    try network(wave([3, 1, 36, 36], 0.1, dtype: .float32))[0].sum().backward()
    #expect(network.sharedParameters.tensors.allSatisfy { $0.grad != nil })
    #expect(network.headParameters(ofTask: 0).tensors.allSatisfy { $0.grad != nil })
    #expect(network.headParameters(ofTask: 1).tensors.allSatisfy { $0.grad == nil })
  }

  @Test("one seed gives one network")
  func seeds() {
    func values(_ seed: UInt64) -> [Float] {
      network(seed: seed).parameters.tensors.flatMap { $0.toArray(as: Float.self) }
    }
    #expect(values(3) == values(3))
    #expect(values(3) != values(4))
  }

  @Test("two tasks of one name are refused")
  func repeatedName() async {
    await #expect(processExitsWith: .failure) {
      let generator = Generator(seed: 1)
      _ = HardSharing(trunk: Identity(), featureCount: 2, tasks: [("a", 1), ("a", 1)], using: generator)
    }
  }
}
