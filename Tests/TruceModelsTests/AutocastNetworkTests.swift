import Testing
import Torch
import TorchNN
import TruceModels
import TruceOptions

@Suite("Networks under autocast")
struct AutocastNetworkTests {
  private static let trunks: [(name: String, options: [String: OptionValue])] = [
    ("lenet", [:]), ("resnet18", [:]), ("segnet", ["width": 8]),
    ("mlp", ["widths": [12, 8]]), ("residual-mlp", [:]),
  ]

  private func network(_ trunk: Int, _ architecture: String) throws -> (any MultiTaskNetwork)? {
    let (name, options) = Self.trunks[trunk]
    let isDense = name == "segnet"
    let tasks = ["one", "other"].map {
      NetworkTask(name: $0, output: isDense ? .map(channels: 2) : .vector(2))
    }
    do {
      return try NetworkCatalogues().makeNetwork(
        NetworkChoice(trunk: name, trunkOptions: options, architecture: architecture),
        inputShape: Self.shape(name), tasks: tasks, using: Generator(seed: 4))
    } catch is NetworkError { return nil }
  }

  private static func shape(_ trunk: String) -> [Int] {
    switch trunk {
    case "lenet": [1, 36, 36]
    case "residual-mlp": [6]
    default: [3, 32, 32]
    }
  }

  @Test(
    "have outputs near those in single precision, and gradients in the parameters' type",
    arguments: Self.trunks.indices)
  func catalogue(trunk: Int) throws {
    let input = NetworkInput(
      Tensor.uniform([4] + Self.shape(Self.trunks[trunk].name), using: Generator(seed: 9)))
    for architecture in [
      "hard-sharing", "film", "cross-stitch", "mtan", "mmoe", "cgc", "ple", "dselect-k", "ltb",
    ] {
      guard let network = try network(trunk, architecture) else { continue }
      let wide = network.evaluating { withoutGradients { network(input)[0] } }
      let narrow = network.evaluating {
        withoutGradients { withAutocast(to: .bfloat16, on: .cpu) { network(input)[0] } }
      }
      let name: Comment = "\(Self.trunks[trunk].name), \(architecture)"
      // A fresh segnet's statistics let little through, and of two near numbers its pooling takes the other one.
      let tolerance = Self.trunks[trunk].name == "segnet" ? Double.infinity : 0.1
      #expect((narrow.to(.float32) - wide).norm().item() <= tolerance * wide.norm().item(), name)
      let outputs = withAutocast(to: .bfloat16, on: .cpu) { network(input) }
      let losses = outputs.all.compactMap { $0?.to(.float32).square().mean() }
      let gradients = try Autograd.gradients(
        of: losses, withRespectTo: network.parameters.tensors, allowUnused: true)
      let finite = gradients.allSatisfy {
        $0.map { $0.dtype == .float32 && $0.isFinite().all().item() == 1 } ?? true
      }
      #expect(finite && gradients.contains { $0 != nil }, name)
    }
  }
}
