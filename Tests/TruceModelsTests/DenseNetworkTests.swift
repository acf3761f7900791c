import Foundation
import Testing
import Torch
import TorchNN
import TruceModels
import TruceOptions

@Suite("Networks of dense prediction")
struct DenseNetworkTests {
  private let tasks = [
    NetworkTask(name: "segmentation", output: .map(channels: 5)),
    NetworkTask(name: "depth", output: .map(channels: 1)),
  ]
  private let small: [String: OptionValue] = ["width": 8]

  private func network(
    _ trunk: String, _ trunkOptions: [String: OptionValue] = [:], _ architecture: String = "hard-sharing",
    _ options: [String: OptionValue] = [:], size: (Int, Int) = (64, 96), tasks: [NetworkTask]? = nil
  ) throws -> any MultiTaskNetwork {
    let choice = NetworkChoice(
      trunk: trunk, trunkOptions: trunkOptions, architecture: architecture, architectureOptions: options)
    return try NetworkCatalogues().makeNetwork(
      choice, inputShape: [3, size.0, size.1], tasks: tasks ?? self.tasks, using: Generator(seed: 4))
  }

  private func pictures(_ height: Int, _ width: Int) -> Tensor {
    Tensor.uniform([2, 3, height, width], using: Generator(seed: 9))
  }

  @Test(
    "take pictures whose sides 32 does not divide, and give maps of their size",
    arguments: ["hard-sharing", "mtan", "cross-stitch"], [(72, 96), (33, 47), (64, 96)])
  func sizes(architecture: String, size: (Int, Int)) throws {
    let network = try network("segnet", small, architecture, size: size)
    let outputs = network(pictures(size.0, size.1))
    #expect(outputs.map(\.shape) == [[2, 5, size.0, size.1], [2, 1, size.0, size.1]])
    try Autograd.backward(outputs.map { $0.square().mean() })
    #expect(network.parameters.tensors.allSatisfy { $0.grad != nil })
  }

  @Test("over stages take any size too", arguments: ["mtan", "ple", "mmoe"])
  func stagedSizes(architecture: String) throws {
    let vectors = ["one", "other"].map { NetworkTask(name: $0, output: .vector(3)) }
    for size in [(33, 47), (50, 38)] {
      let network = try network("resnet18", ["stem": "large"], architecture, size: size, tasks: vectors)
      #expect(network(pictures(size.0, size.1)).map(\.shape) == [[2, 3], [2, 3]])
    }
  }

  @Test("look at the stages of the dilated network, whose last ones keep their size")
  func dilatedAttention() throws {
    let network = try network("deeplabv3", [:], "mtan", size: (41, 50))
    #expect(network(pictures(41, 50)).map(\.shape) == [[2, 5, 41, 50], [2, 1, 41, 50]])
    #expect(network.sharedParameters.names.contains("between.2.conv3.weight"))
  }

  @Test("enlarge the maps of a trunk that makes them smaller")
  func enlarged() throws {
    let network = try network("deeplabv3+", size: (40, 52))
    #expect(network(pictures(40, 52)).map(\.shape) == [[2, 5, 40, 52], [2, 1, 40, 52]])
    let other = try self.network("deeplabv3", [:], "hard-sharing", ["head": "convolutions"], size: (40, 52))
    #expect(other.parameters.names.contains("heads.depth.1.weight"))
    #expect(!other.parameters.names.contains("heads.depth.4.weight"))
  }

  @Test("begin as the published ones: kernels by Xavier's rule, biases with zero")
  func firstValues() throws {
    for architecture in ["hard-sharing", "mtan", "cross-stitch"] {
      let parameters = try network("segnet", ["width": 2], architecture).parameters
      let biases = parameters.filter { $0.name.hasSuffix("bias") }
      #expect(biases.allSatisfy { $0.tensor.abs().amax().item() == 0 })
      let name =
        architecture == "cross-stitch"
        ? "columns.depth.conv_block_enc.4.1.0.weight" : "trunk.conv_block_enc.4.1.0.weight"
      let kernel = try #require(parameters[name])
      let expected = (2 / Double(2 * 256 * 9)).squareRoot()
      #expect(abs(kernel.standardDeviation().item() / expected - 1) < 0.02)
      // Uniform draws end at √3 deviations, normal ones do not.
      let reach = kernel.abs().amax().item() / expected
      #expect(architecture == "cross-stitch" ? reach < 1.74 : reach > 3)
    }
  }

  @Test("share what the option of MTAN says")
  func sharing() throws {
    let expected = ["shared-layers": 35_163_456, "all-but-heads": 41_132_608, "trunk": 24_943_296]
    for (shares, count) in expected {
      let network = try network("segnet", [:], "mtan", ["shared": .string(shares)])
      #expect(network.sharedParameters.elementCount == count)
      // A task's own and what is shared are all there is.
      let listed = Set(network.sharedParameters.names).union(
        (0..<2).flatMap { network.headParameters(ofTask: $0).names })
      #expect(listed == Set(network.parameters.names))
    }
  }

  @Test(
    "are refused by name where their parts do not fit",
    arguments: [
      (
        "segnet", "ltb", [:], (64, 64), "ltb works between the stages of a trunk, and this trunk has none",
        "choose one of the trunks resnet18, resnet50, deeplabv3"
      ),
      (
        "celeba-cnn", "cross-stitch", [:], (64, 64),
        "cross-stitch works between the stages of a trunk, and this trunk has none",
        "choose one of the trunks resnet18, resnet50, deeplabv3, segnet"
      ),
      (
        "segnet", "hard-sharing", [:], (16, 64),
        "segnet takes pictures [channels, height, width] of at least 32×32, these examples have the shape [3, 16, 64]",
        "choose another trunk; `truce trunks` says what each takes"
      ),
      (
        "segnet", "cgc", ["task_experts": [1, 2, 1]], (32, 32),
        "cgc is told 3 numbers of experts for 2 tasks",
        "give task_experts one number for all tasks, or one for each"
      ),
      (
        "segnet", "hard-sharing", ["head_widths": [3]], (32, 32),
        "hard-sharing has the option 'head_widths', and there is no task that wants a vector",
        "leave the option out"
      ),
      (
        "segnet", "hard-sharing", ["head_dropout": 0.1], (32, 32),
        "hard-sharing has the option 'head_dropout', and there is no task whose head has atrous spatial pyramid pooling",
        "leave the option out"
      ),
    ] as [(String, String, [String: OptionValue], (Int, Int), String, String)])
  func refusals(
    trunk: String, architecture: String, options: [String: OptionValue], size: (Int, Int), reason: String,
    help: String
  ) {
    let error = #expect(throws: NetworkError.self) {
      _ = try network(trunk, [:], architecture, options, size: size)
    }
    #expect(error?.description == reason)
    #expect(error?.help == help)
  }

  @Test("with gates refuse examples that differ in size")
  func openSizes() throws {
    for architecture in ["mmoe", "cgc", "ple", "dselect-k"] {
      let choice = NetworkChoice(trunk: "resnet18", architecture: architecture)
      let error = #expect(throws: NetworkError.self) {
        _ = try NetworkCatalogues().makeNetwork(
          choice, inputShape: [3, nil, 64], tasks: tasks, using: Generator(seed: 4))
      }
      #expect(
        error?.description
          == "\(architecture) has gates that look at all of an example, and these differ in size")
    }
  }
}
