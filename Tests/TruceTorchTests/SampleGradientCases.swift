import Testing
import Torch
import TorchNN
import TruceModels
import TruceOptions
import TruceTorch

/// A network, samples and losses whose gradients are wanted sample by sample.
struct SampleGradientCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let make: @Sendable (Generator, DType) throws -> (network: any MultiTaskNetwork, shape: [Int])

  static let all = [
    SampleGradientCase(testDescription: "a perceptron") { generator, dtype in
      (tasks(on: MLPTrunk(6, widths: [9, 5], using: generator, dtype: dtype), 5, generator, dtype), [6])
    },
    SampleGradientCase(testDescription: "the shrunk LeNet") { generator, dtype in
      (tasks(on: LeNetTrunk(using: generator, dtype: dtype), 50, generator, dtype), [1, 36, 36])
    },
    SampleGradientCase(testDescription: "grouped, dilated and strided convolutions") { generator, dtype in
      let trunk = Sequential(
        Conv2d(
          4, 6, kernel: Extent(3, 2), stride: Extent(1, 2), padding: Extent(2, 1), dilation: Extent(2, 1),
          groups: 2, using: generator, dtype: dtype),
        GroupNorm(3, 6, dtype: dtype), LeakyReLU(), Flatten(), Linear(168, 7, using: generator, dtype: dtype))
      return (tasks(on: trunk, 7, generator, dtype), [4, 7, 6])
    },
    SampleGradientCase(testDescription: "sequences") { generator, dtype in
      let trunk = Sequential(
        Linear(3, 4, using: generator, dtype: dtype), LayerNorm([4], dtype: dtype), LeakyReLU(), Flatten(),
        Linear(20, 6, hasBias: false, using: generator, dtype: dtype))
      return (tasks(on: trunk, 6, generator, dtype), [5, 3])
    },
    SampleGradientCase(testDescription: "a layer that is called twice") { generator, dtype in
      let layer = Linear(6, 6, using: generator, dtype: dtype)
      return (tasks(on: Sequential(layer, LeakyReLU(), layer), 6, generator, dtype), [6])
    },
    SampleGradientCase(testDescription: "trunks mixed between their stages") { generator, dtype in
      (try stitched(NetworkChoice(trunk: "steps", architecture: "cross-stitch"), [5], generator, dtype), [5])
    },
    SampleGradientCase(testDescription: "several rows a sample") { generator, dtype in
      let layers = Sequential(
        Linear(3, 4, using: generator, dtype: dtype), BatchNorm(4, dtype: dtype), LeakyReLU())
      return (tasks(on: Folded(layers), 8, generator, dtype), [2, 3])
    },
  ]

  /// Two SegNets that are mixed between their levels.
  static let segNets = SampleGradientCase(testDescription: "two SegNets under cross-stitch") {
    generator, dtype in
    let choice = NetworkChoice(trunk: "segnet", trunkOptions: ["width": 8], architecture: "cross-stitch")
    return (try stitched(choice, [3, 32, 32], generator, dtype), [3, 32, 32])
  }

  private static func stitched(
    _ choice: NetworkChoice, _ shape: [Int], _ generator: Generator, _ dtype: DType
  ) throws -> any MultiTaskNetwork {
    let output = { (count: Int) in shape.count == 3 ? TaskOutput.map(channels: count) : .vector(count) }
    let network = try NetworkCatalogues().adding(trunks: [StepsTrunk.entry], architectures: []).makeNetwork(
      choice, inputShape: shape,
      tasks: [NetworkTask(name: "first", output: output(3)), NetworkTask(name: "second", output: output(2))],
      using: generator)
    try network.convert(to: dtype)
    // Numbers that differ, so that none can stand for another.
    for (name, units) in network.sharedParameters where name.hasPrefix("units") {
      _ = withoutGradients { units.copyInPlace(from: .uniform(units.shape, using: generator, dtype: dtype)) }
    }
    return network
  }

  /// A large one, for what need not be asked of every network.
  static let residual = SampleGradientCase(testDescription: "a residual network") { generator, dtype in
    let trunk = ResNetTrunk(inputChannels: 2, stem: .small, using: generator, dtype: dtype)
    return (tasks(on: trunk, 512, generator, dtype), [2, 9, 9])
  }

  /// Layers with many weights and few places, whose products come sooner from their factors.
  static let manyWeights = [
    SampleGradientCase(testDescription: "a convolution of few places") { generator, dtype in
      let trunk = Sequential(
        Conv2d(16, 32, kernel: 3, stride: 2, padding: 1, using: generator, dtype: dtype), LeakyReLU(),
        Flatten())
      return (tasks(on: trunk, 128, generator, dtype), [16, 4, 4])
    },
    SampleGradientCase(testDescription: "a wide map of short sequences") { generator, dtype in
      let trunk = Sequential(Linear(40, 48, using: generator, dtype: dtype), LeakyReLU(), Flatten())
      return (tasks(on: trunk, 144, generator, dtype), [3, 40])
    },
    SampleGradientCase(testDescription: "convolutions of several rows a sample") { generator, dtype in
      let layers = Sequential(
        Conv2d(6, 30, kernel: Extent(2, 3), padding: Extent(0, 1), using: generator, dtype: dtype),
        LeakyReLU(),
        Flatten())
      return (tasks(on: Folded(layers, shape: [6, 2, 2]), 120, generator, dtype), [2, 24])
    },
  ]

  private static func tasks(
    on trunk: any Layer, _ featureCount: Int, _ generator: Generator, _ dtype: DType
  ) -> any MultiTaskNetwork {
    let heads = [(name: "first", outputCount: 3), (name: "second", outputCount: 2)]
    return HardSharing(
      trunk: trunk, featureCount: featureCount, tasks: heads, using: generator, dtype: dtype)
  }
}

/// A trunk of four linear maps, one behind the other.
private struct StepsTrunk: StagedTrunk {
  static let entry = TrunkEntry(
    about: TrunkDescription(
      name: "steps", summary: "four linear maps", parameters: [], source: "tests", takes: "vectors of five",
      gives: "a vector of five")
  ) { _, request in StepsTrunk(using: request.generator) }

  let stages: [TrunkStage]
  let featureShapes: [FeatureShape] = [.vector(5)]

  init(using generator: Generator) {
    stages = (0..<4).map { _ in TrunkStage([Linear(5, 5, using: generator), LeakyReLU()], channels: 5) }
  }

  func visit(_ visitor: ModuleVisitor) {
    for (place, stage) in stages.enumerated() { visitor.child("\(place)", stage.blocks[0]) }
  }

  func finished(_ output: Tensor) -> Tensor { output }

  func makeBridge(into stage: Int, using generator: Generator) -> any Layer { Linear(5, 5, using: generator) }
}

/// Shows a layer the second axis as rows, in some shape, and puts what it makes of one sample's rows side by side.
private struct Folded: Layer {
  let layer: Sequential
  let shape: [Int]

  init(_ layer: Sequential, shape: [Int] = [-1]) {
    self.layer = layer
    self.shape = shape
  }

  func visit(_ visitor: ModuleVisitor) { visitor.child("layer", layer) }

  func forward(_ input: Tensor) -> Tensor {
    let (samples, rows) = (input.shape[0], input.shape[1])
    return layer(input.reshaped([samples * rows] + shape)).reshaped([samples, -1])
  }
}

/// A case with its samples, whose labels may be partial.
final class SampleGradientSetting {
  let network: any MultiTaskNetwork
  let input: Tensor
  let isLabelled: (_ task: Int, _ sample: Int) -> Bool
  private let targets: [Tensor]

  init(
    _ network: any MultiTaskNetwork, shape: [Int], samples: Int, generator: Generator, dtype: DType,
    isLabelled: @escaping (Int, Int) -> Bool = { _, _ in true }
  ) {
    self.network = network
    self.isLabelled = isLabelled
    let input = Tensor.normal([samples] + shape, using: generator, dtype: dtype)
    self.input = input
    // Running statistics that are not those of a fresh network.
    network.setTraining(true)
    _ = withoutGradients { network(input * 1.5 + 0.3) }
    targets = network.evaluating { withoutGradients { network(input) } }.map {
      Tensor.normal($0.shape, using: generator, dtype: dtype)
    }
  }

  convenience init(
    _ example: SampleGradientCase, samples: Int = 3, dtype: DType = .float64,
    isLabelled: @escaping (Int, Int) -> Bool = { _, _ in true }
  ) throws {
    let generator = Generator(seed: 3)
    let (network, shape) = try example.make(generator, dtype)
    self.init(
      network, shape: shape, samples: samples, generator: generator, dtype: dtype, isLabelled: isLabelled)
  }

  private func loss(_ task: Int, _ sample: Int, _ output: Tensor) -> Tensor? {
    guard isLabelled(task, sample) else { return nil }
    return (output - targets[task].narrowed(0, start: sample, length: 1)).square().mean() * (1 + task * 4)
  }

  var samples: Range<Int> { 0..<input.shape[0] }

  /// The gradients from a recorded pass over all samples.
  func gradients(checksSamples: Bool = true) throws -> SampleGradients {
    let tape = ActivationTape()
    let outputs = network.evaluating { network.recording(on: tape) { network(input) } }
    let losses = network.taskNames.indices.map { task in
      samples.map { loss(task, $0, outputs[task].narrowed(0, start: $0, length: 1)) }
    }
    return try SampleGradients(
      tape: tape, losses: losses, of: network.sharedParameters, checksSamples: checksSamples)
  }

  /// The same gradients from one backward pass a sample and task, by task, sample and parameter.
  func plainGradients() throws -> [[[Tensor]]] {
    let parameters = network.sharedParameters.tensors
    return try network.evaluating {
      try network.taskNames.indices.map { task in
        try samples.map { sample in
          let outputs = network(input.narrowed(0, start: sample, length: 1))
          guard let loss = loss(task, sample, outputs[task]) else { return parameters.map { $0.zerosLike() } }
          return zip(
            parameters,
            try Autograd.gradients(of: [loss], withRespectTo: parameters, allowUnused: true)
          ).map { $1 ?? $0.zerosLike() }
        }
      }
    }
  }

  /// The plain gradients as rows, by task and sample.
  func plainRows() throws -> [Tensor] {
    try plainGradients().joined().map { gradients in
      Tensor.concatenated(gradients.map { $0.reshaped([-1]) }).to(.float64)
    }
  }
}

extension Tensor {
  fileprivate func zerosLike() -> Tensor { .zeros(shape, dtype: dtype) }
}
