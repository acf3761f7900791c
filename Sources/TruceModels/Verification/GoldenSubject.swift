import Torch
import TorchNN
import TruceOptions

/// The network of Truce that a file of golden values is about, found by the file's name for it.
struct GoldenSubject {
  /// What is made of the network's outputs before they are recorded.
  enum Kind {
    /// Logarithms of probabilities, depth and normals of length one.
    case dense
    /// Maps smaller than the picture, as they are.
    case smallMaps
    /// Vectors as they are.
    case vectors
    /// Probabilities of attributes.
    case attributes
  }

  let kind: Kind
  let tasks: [NetworkTask]
  let choice: NetworkChoice
  private let file: GoldenNetworkFile

  /// - Throws: ``VerificationError`` where Truce has no such network.
  init(_ file: GoldenNetworkFile, width: Int) throws(VerificationError) {
    self.file = file
    let words = file.network.split(separator: "-").map(String.init)
    let rest = words.dropFirst()
    switch words.first {
    case "segnet":
      kind = .dense
      choice = try Self.segnet(Array(rest), file, width: width)
    case "deeplab":
      kind = .smallMaps
      choice = try Self.libMTL("deeplabv3", [:], ["head_dropout": 0], Array(rest), file)
    case "resnet18", "resnet50":
      kind = .vectors
      choice = try Self.libMTL(words[0], ["stem": "large"], [:], Array(rest), file)
    case "celeba":
      kind = .attributes
      choice = NetworkChoice(trunk: "celeba-cnn")
    default:
      throw .unknown(network: file.network, reason: "its name begins with no trunk that has published values")
    }
    tasks = try Self.tasks(of: file, kind)
  }

  /// Makes the network for pictures of a size, without dropout and with first values that do not matter.
  func makeNetwork(height: Int, width: Int) throws -> any MultiTaskNetwork {
    try NetworkCatalogues().makeNetwork(
      choice, inputShape: [3, height, width], tasks: tasks, enlargesMaps: false, using: Generator(seed: 0))
  }

  // MARK: Names

  private static func segnet(
    _ words: [String], _ file: GoldenNetworkFile, width: Int
  ) throws(VerificationError) -> NetworkChoice {
    let form = words.contains("wide") ? "wide" : words.contains("deep") ? "deep" : "standard"
    let architecture: String
    switch words.first {
    case "single", "split": architecture = "hard-sharing"
    case "stan", "mtan": architecture = "mtan"
    case "cross": architecture = "cross-stitch"
    default: throw .unknown(network: file.network, reason: "no architecture is called so")
    }
    return NetworkChoice(
      trunk: "segnet", trunkOptions: ["form": .string(form), "width": .number(Double(width))],
      architecture: architecture, architectureOptions: architecture == "mtan" ? sharing(file) : [:])
  }

  private static func libMTL(
    _ trunk: String, _ trunkOptions: [String: OptionValue], _ headOptions: [String: OptionValue],
    _ words: [String], _ file: GoldenNetworkFile
  ) throws(VerificationError) -> NetworkChoice {
    let experts = (file.arguments?.experts ?? []).map { OptionValue.number(Double($0)) }
    let several = ["shared_experts": experts.first ?? 1, "task_experts": .list(Array(experts.dropFirst()))]
    let known: [String: (name: String, options: [String: OptionValue])] = [
      "hps": ("hard-sharing", [:]), "cross": ("cross-stitch", [:]), "ltb": ("ltb", [:]),
      "mtan": ("mtan", sharing(file)), "mmoe": ("mmoe", ["experts": experts.first ?? 3]),
      "cgc": ("cgc", several), "ple": ("ple", several),
      "dselect": (
        "dselect-k",
        [
          "experts": experts.first ?? 4,
          "chosen": .number(Double(file.arguments?.chosenExperts ?? 2)),
        ]
      ),
    ]
    guard let word = words.first, let (name, options) = known[word] else {
      throw .unknown(network: file.network, reason: "no architecture is called so")
    }
    return NetworkChoice(
      trunk: trunk, trunkOptions: trunkOptions, architecture: name,
      architectureOptions: options.merging(headOptions) { $1 })
  }

  /// Which of the three definitions of what MTAN shares the file follows.
  private static func sharing(_ file: GoldenNetworkFile) -> [String: OptionValue] {
    let parts = Set(file.sharedBlocks.flatMap { $0.split(separator: ".") })
    if parts.contains("encoder_att") || file.sharedBlocks == ["encoder"] {
      return ["shared": "all-but-heads"]
    }
    return ["shared": parts.contains("encoder_block_att") || parts.isEmpty ? "shared-layers" : "trunk"]
  }

  // MARK: Tasks

  /// The tasks of a file without a case: those that its name or its heads' names name, or one for each numbered head.
  private static func named(_ known: [String], by file: GoldenNetworkFile) -> [String] {
    let words = file.network.split(separator: "-").map(String.init)
    let heads = file.tensors.map { $0.name.split(separator: ".").map(String.init) }
    let titles = words + heads.compactMap { $0.first == "decoders" && $0.count > 1 ? $0[1] : nil }
    let found = known.filter(titles.contains)
    let numbered = Set(heads.compactMap(\.first).filter { $0.hasPrefix("pred_task") }).count
    return found.isEmpty ? Array(known.prefix(numbered)) : found
  }

  private static func tasks(
    of file: GoldenNetworkFile, _ kind: Kind
  ) throws(VerificationError) -> [NetworkTask] {
    let dense = ["segmentation", "depth", "normal"], vectors = ["first", "second", "third"]
    let known =
      switch kind {
      case .dense, .smallMaps: dense
      case .vectors: vectors
      case .attributes: (0..<1000).map { "attribute\($0)" }
      }
    let recorded = file.cases.first.map { Set($0.train.losses.keys) }
    let names = recorded.map { losses in known.filter(losses.contains) } ?? named(known, by: file)
    guard !names.isEmpty, recorded.map({ $0.count == names.count }) ?? true else {
      throw .unknown(
        network: file.network, reason: "its tasks are not \(known.prefix(3).joined(separator: ", "))")
    }
    let published = PublishedNames(file.tensors.map(\.name), tasks: names)
    var tasks: [NetworkTask] = []
    for name in names {
      // A head's last tensor is the bias of its outputs.
      let last = file.tensors.last { published.own($0.name)?.hasPrefix("heads.\(name).") == true }
      guard let outputs = last?.shape.first else {
        throw .unknown(network: file.network, reason: "there is no head for '\(name)'")
      }
      let isMap = kind == .dense || kind == .smallMaps
      tasks.append(NetworkTask(name: name, output: isMap ? .map(channels: outputs) : .vector(outputs)))
    }
    return tasks
  }
}
