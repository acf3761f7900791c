import Foundation
import Testing
import Torch
import TorchNN
import TruceModels
import TruceOptions

@Suite("States of published networks")
struct PublishedStateTests {
  private func network(_ architecture: String, width: Double = 8) throws -> any MultiTaskNetwork {
    let tasks = [("segmentation", 13), ("depth", 1), ("normal", 3)].map {
      NetworkTask(name: $0, output: .map(channels: $1))
    }
    let choice = NetworkChoice(
      trunk: "segnet", trunkOptions: ["width": .number(width)], architecture: architecture)
    return try NetworkCatalogues().makeNetwork(
      choice, inputShape: [3, 64, 64], tasks: tasks, using: Generator(seed: 4))
  }

  /// The names of a published network's learnable tensors.
  private func published(_ name: String, _ form: Form = .cagrad) throws -> [String] {
    struct File: Decodable { let tensors: [String] }
    let url = Bundle.module.bundleURL.appending(path: "GoldenNetworks/\(name).json")
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).tensors
      .map { form.name(of: String($0.prefix { $0 != " " })) }
  }

  /// How repositories name the same network.
  enum Form: String, CaseIterable, CustomTestStringConvertible {
    case cagrad, famo, libMTL

    var testDescription: String { rawValue }

    func name(of tensor: String) -> String {
      switch self {
      case .cagrad: return tensor
      case .famo: return "segnet." + tensor
      case .libMTL:
        for (number, task) in ["segmentation", "depth", "normal"].enumerated() {
          let head = "pred_task\(number + 1)."
          if tensor.hasPrefix(head) {
            return "decoders.\(task).pred_task." + tensor.dropFirst(head.count)
          }
        }
        return "encoder." + tensor
      }
    }
  }

  /// What the published network would save, with other values than the network has.
  private func state(
    of name: String, _ form: Form = .cagrad, like network: any MultiTaskNetwork
  ) throws -> NamedTensors {
    let names = try published(name, form)
    let translation = PublishedNames(names, tasks: network.taskNames)
    let own = network.stateDictionary()
    var state = NamedTensors()
    for name in names {
      let statistics = name.hasSuffix("weight") ? ["running_mean", "running_var", "num_batches_tracked"] : []
      for entry in [name] + statistics.map({ name.dropLast("weight".count) + $0 }) {
        guard let tensor = translation.own(entry).flatMap({ own[$0] }) else { continue }
        state.append((tensor.to(.float32) + 0.5).to(tensor.dtype), named: entry)
      }
    }
    state.append(Tensor.zeros([3]), named: form == .famo ? "segnet.logsigma" : "logsigma")
    return state
  }

  @Test(
    "are loaded by their names",
    arguments: [
      ("hard-sharing", "segnet-split"), ("mtan", "segnet-mtan"), ("cross-stitch", "segnet-cross-stitch"),
    ])
  func loaded(architecture: String, name: String) throws {
    try expectLoading(architecture, name, .cagrad)
  }

  @Test(
    "of SegNet-MTAN are loaded in FAMO's wrapper and as LibMTL's encoder and decoders",
    arguments: Form.allCases)
  func mtan(form: Form) throws {
    let names = try published("segnet-mtan", form)
    let translation = PublishedNames(names, tasks: ["segmentation", "depth", "normal"])
    let samples = [
      ("encoder_block.3.0.weight", "trunk.encoder_block.3.0.weight"),
      ("conv_block_dec.4.1.1.bias", "trunk.conv_block_dec.4.1.1.bias"),
      ("encoder_att.1.2.3.weight", "attention.depth.encoder.2.3.weight"),
      ("decoder_att.2.0.1.bias", "attention.normal.decoder.0.1.bias"),
      ("encoder_block_att.4.0.bias", "between.encoder.4.0.bias"),
      ("decoder_block_att.0.1.weight", "between.decoder.0.1.weight"),
      ("pred_task2.1.bias", "heads.depth.1.bias"),
    ]
    for (published, own) in samples {
      #expect(names.contains(form.name(of: published)))
      #expect(translation.own(form.name(of: published)) == own)
    }
    try expectLoading("mtan", "segnet-mtan", form)
  }

  private func expectLoading(_ architecture: String, _ name: String, _ form: Form) throws {
    let network = try network(architecture)
    let state = try state(of: name, form, like: network)
    #expect(state.count == network.stateDictionary().count + 1)
    let before = network.stateDictionary().mapTensors { $0.clone() }
    try network.load(network.state(fromPublished: state))
    for ((_, now), (_, then)) in zip(network.stateDictionary(), before) {
      #expect(now.isClose(to: (then.to(.float32) + 0.5).to(then.dtype)))
    }
  }

  @Test("are refused where a tensor is missing, unknown or of another shape")
  func refused() throws {
    let network = try network("hard-sharing")
    let state = try state(of: "segnet-split", like: network)
    var other = NamedTensors(
      state.filter { $0.name != "pred_task2.1.bias" && $0.name != "encoder_block.0.0.bias" })
    other.append(Tensor.zeros([3]), named: "encoder_block.0.0.bias")
    other.append(Tensor.zeros([3]), named: "pred_task4.0.bias")
    let error = #expect(throws: StateError.self) { try network.load(network.state(fromPublished: other)) }
    #expect(
      error?.description
        == "the saved state does not fit the network: 'trunk.encoder_block.0.0.bias' has shape [3] instead of [8]; "
        + "missing 'heads.depth.1.bias'; unexpected 'pred_task4.0.bias'")
  }

  @Test("under the network's own names stay as they are")
  func own() throws {
    let network = try network("mtan")
    let state = network.stateDictionary()
    #expect(network.state(fromPublished: state).names == state.names)
  }

  // MARK: Weights of a trunk

  private func trunk(_ name: String, weights: URL) throws -> any Trunk {
    try NetworkCatalogues().trunks.entry(named: name).make(
      options: ["weights": .string(weights.path)].merging(name == "resnet50" ? ["stem": "large"] : [:]) {
        $1
      },
      for: TrunkRequest(inputShape: [3, 64, 64], using: Generator(seed: 1)))
  }

  private func written(_ state: NamedTensors) throws -> URL {
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
    try Safetensors(tensors: state.dictionary).write(to: url)
    return url
  }

  @Test("of torchvision fill the trunk they are given to, without the classifier", arguments: [true, false])
  func torchvision(countsBatches: Bool) throws {
    let classifier = ResNet(.resnet50, using: Generator(seed: 2))
    let state = classifier.stateDictionary()
    // The files of older versions count no batches.
    let saved =
      countsBatches ? state : NamedTensors(state.filter { !$0.name.hasSuffix("num_batches_tracked") })
    let url = try written(saved)
    defer { try? FileManager.default.removeItem(at: url) }
    for name in ["resnet50", "deeplabv3"] {
      let loaded = try trunk(name, weights: url).stateDictionary()
      #expect(loaded.names == state.names.filter { !$0.hasPrefix("fc.") })
      for (name, tensor) in loaded { #expect(state[name]?.isClose(to: tensor) == true) }
    }
  }

  @Test("of another network are refused, with the file and the tensors")
  func otherWeights() throws {
    let url = try written(ResNet(.resnet18, using: Generator(seed: 2)).stateDictionary())
    defer { try? FileManager.default.removeItem(at: url) }
    let error = #expect(throws: NetworkError.self) { _ = try trunk("resnet50", weights: url) }
    #expect(
      error?.description.hasPrefix(
        "\(url.path): the saved state does not fit the network: 'layer1.0.conv1.weight' has shape")
        == true)
    let missing = URL(filePath: "/nowhere/weights.safetensors")
    #expect(throws: TensorFileError.self) { _ = try trunk("resnet50", weights: missing) }
  }
}
