import Torch
import TorchNN
import Truce
import TruceData
import TruceModels
import TruceRun
import TruceTasks
import TruceTorch

// The network and the optimizer, which RotoGrad wants with a rotation for each task.

extension RunParts {
  /// Makes the network of the problem, with rotated features where the method asks for them.
  func makeNetwork(using generator: Generator) throws -> any MultiTaskNetwork {
    let network = try choices.catalogues.networks.makeNetwork(
      self.network, inputShape: try inputShape, tasks: problem.tasks.map(\.networkTask), using: generator)
    if configuration.precision == .float64 { try network.convert(to: .float64) }
    if device != .cpu { try network.move(to: device) }
    try audit(network, drawingFrom: generator)
    guard let rotoGrad else { return network }
    guard let network = network as? any SplitNetwork else {
      throw TrainingError.incompatible(
        reason:
          "rotograd rotates the features between a trunk and its heads, and this network has no such cut",
        help: "choose the architecture hard-sharing")
    }
    let features = try features(of: network)
    guard let width = features.shape.last, features.shape.count == 2 else {
      throw TrainingError.incompatible(
        reason: "rotograd rotates features of shape [samples, features], these have \(features.shape)",
        help: "choose a problem or a network whose trunk ends in a vector a sample")
    }
    let count = rotoGrad.latentSize ?? width
    guard count <= width else {
      throw TrainingError.incompatible(
        reason: "rotograd is to rotate \(count) features, the network has \(width)",
        help: "lower latent_size to at most \(width), or leave it out to rotate all")
    }
    return RotatedNetwork(network, featureCount: count, dtype: features.dtype, device: features.device)
  }

  /// Makes sure that the network shows all it trains, and leaves the generator where it was.
  private func audit(_ network: any MultiTaskNetwork, drawingFrom generator: Generator) throws {
    let state = generator.state
    let example = try problem.trainingLoader.firstBatch(of: 1)
    try NetworkAudit(network).check(on: SupervisedNetwork(network, tasks: problem.tasks).input(of: example))
    try generator.restore(state)
  }

  /// The shape of what a trunk sees of one example: a picture of one channel where examples have parts, and nil for
  /// axes that differ between domains.
  private var inputShape: [Int?] {
    get throws {
      let shapes = problem.trainingLoader.domains.compactMap { $0.inputs.first?.shape }
      let shape = try shapes.dropFirst().reduce(shapes.first ?? []) { try common($0, $1) }
      let hasParts = problem.tasks.contains { $0.part != nil }
      return hasParts ? [1] + shape.dropFirst() : shape
    }
  }

  private func common(_ shape: [Int?], _ other: [Int?]) throws(TrainingError) -> [Int?] {
    guard shape.count == other.count else {
      throw .incompatible(
        reason:
          "one trunk is to see examples of all domains, and theirs have \(shape.count) and \(other.count) axes",
        help: "train the domains apart, or bring their examples into one form")
    }
    return zip(shape, other).map { $0 == $1 ? $0 : nil }
  }

  /// The features of one example, to learn their shape and type.
  private func features(of network: any SplitNetwork) throws -> Tensor {
    network.setTraining(false)
    let example = try problem.trainingLoader.firstBatch(of: 1)
    let features = withoutGradients { network.features(example.input) }
    guard features.count == 1 else {
      throw TrainingError.incompatible(
        reason: "rotograd rotates one tensor of features, the network has \(features.count)",
        help: "choose a network whose tasks see the same features")
    }
    return features[0]
  }

  private var rotoGrad: RotoGrad? {
    if case .wholeStep(let method) = choices.method { method as? RotoGrad } else { nil }
  }

  /// An optimizer of all parameters that are not frozen, with a group of its own for the rotations.
  func optimizer(of network: any MultiTaskNetwork, rule: any UpdateRule) -> Optimizer {
    guard let rotoGrad else { return Optimizer(trainedParameters(of: network), rule: rule) }
    let rotations = network.rotations.map(\.exponent)
    let isRotation = { (tensor: Tensor) in rotations.contains { $0.isSame(as: tensor) } }
    var slower = rule
    slower.learningRate *= rotoGrad.rateFactor
    return Optimizer(groups: [
      ParameterGroup(NamedTensors(network.parameters.filter { !isRotation($0.tensor) }), rule: rule),
      ParameterGroup(NamedTensors(network.parameters.filter { isRotation($0.tensor) }), rule: slower),
    ])
  }

  private func trainedParameters(of network: any MultiTaskNetwork) -> NamedTensors {
    guard configuration.freeze == .shared else { return network.parameters }
    let frozen = network.sharedParameters.tensors
    return NamedTensors(
      network.parameters.filter { entry in !frozen.contains { $0.isSame(as: entry.tensor) } })
  }
}
