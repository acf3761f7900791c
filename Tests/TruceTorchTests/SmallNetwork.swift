import Torch
import TorchNN
import Truce
import TruceTorch

/// A two-layer trunk with K linear heads in double precision, small enough to check by hand.
final class SmallNetwork {
  let taskCount: Int
  let input: Tensor
  let targets: [Tensor]
  let trunk: [Tensor]
  let heads: [[Tensor]]
  let rotations: [Rotation]

  init(taskCount: Int = 3, seed: UInt64 = 1, batch: Int = 8, isRotated: Bool = false) {
    let generator = Generator(seed: seed)
    func draw(_ shape: [Int]) -> Tensor {
      Tensor.normal(shape, mean: 0, standardDeviation: 1, using: generator, dtype: .float64)
    }
    self.taskCount = taskCount
    input = draw([batch, 4])
    targets = (0..<taskCount).map { draw([batch, 2]) * Double($0 + 1) }
    trunk = [[5, 4], [5], [3, 5], [3]].map { draw($0).requiringGrad() }
    heads = (0..<taskCount).map { _ in [[2, 3], [2]].map { draw($0).requiringGrad() } }
    rotations = isRotated ? (0..<taskCount).map { _ in Rotation(3, dtype: .float64) } : []
  }

  /// Another batch for the same parameters.
  init(batchFor other: SmallNetwork, seed: UInt64) {
    let data = SmallNetwork(taskCount: other.taskCount, seed: seed)
    (taskCount, input, targets) = (other.taskCount, data.input, data.targets)
    (trunk, heads, rotations) = (other.trunk, other.heads, other.rotations)
  }

  var names: [String] { ["first.weight", "first.bias", "second.weight", "second.bias"] }

  var partition: ParameterPartition {
    ParameterPartition(
      shared: zip(names, trunk).map { (name: $0, tensor: $1) }, heads: heads,
      rotations: rotations)
  }

  func features() -> Tensor {
    let hidden = (input.matmul(trunk[0].transposed()) + trunk[1]).tanh()
    return (hidden.matmul(trunk[2].transposed()) + trunk[3]).tanh()
  }

  func losses(of features: Tensor) -> [Tensor] {
    heads.indices.map { task in
      let (head, target) = (heads[task], targets[task])
      let features = rotations.isEmpty ? features : rotations[task](features)
      return (features.matmul(head[0].transposed()) + head[1] - target).square().mean()
    }
  }

  /// A forward pass; with `naming` the step is told the shared features.
  func pass(naming: Bool = true) -> ForwardPass {
    let features = features()
    return ForwardPass(losses: losses(of: features), features: naming ? [features] : []) {
      self.pass(naming: naming)
    }
  }

  /// The task gradients of the shared parameters by plain differentiation, one pass a task.
  func plainRows() throws -> [[Double]] {
    try (0..<taskCount).map { task in
      let loss = losses(of: features())[task]
      let gradients = try Autograd.gradients(of: [loss], withRespectTo: trunk)
      return gradients.flatMap { $0?.toArray(as: Double.self) ?? [] }
    }
  }

  /// The gradients of one head by plain differentiation.
  func plainHeadGradient(_ task: Int) throws -> [Double] {
    let loss = losses(of: features())[task]
    return try Autograd.gradients(of: [loss], withRespectTo: heads[task])
      .flatMap { $0?.toArray(as: Double.self) ?? [] }
  }

  /// All parameters, and their coordinates.
  var parameters: [Tensor] { trunk + heads.joined() }
  var named: NamedTensors {
    let all = parameters + rotations.map(\.exponent)
    return NamedTensors(all.enumerated().map { (name: "p\($0)", tensor: $1) })
  }
  var coordinates: [Double] {
    get { parameters.flatMap { $0.detached().toArray(as: Double.self) } }
    set {
      var rest = newValue[...]
      withoutGradients {
        for parameter in parameters {
          let part = Tensor(Array(rest.prefix(parameter.count)), dtype: .float64)
          parameter.copyInPlace(from: part.reshaped(parameter.shape))
          rest = rest.dropFirst(parameter.count)
        }
      }
    }
  }

  /// The losses as numbers.
  var lossValues: [Double] { losses(of: features()).map { $0.item() } }

  /// The gradient of each loss over all parameters by plain differentiation.
  func plainGradients() throws -> [[Double]] {
    try (0..<taskCount).map { task in
      let loss = losses(of: features())[task]
      let gradients = try Autograd.gradients(of: [loss], withRespectTo: parameters, allowUnused: true)
      return zip(parameters, gradients).flatMap { parameter, gradient in
        gradient?.toArray(as: Double.self) ?? [Double](repeating: 0, count: parameter.count)
      }
    }
  }

  /// The gradient the step left on all parameters.
  var gradient: [Double] {
    parameters.flatMap { $0.grad?.toArray(as: Double.self) ?? [Double](repeating: 0, count: $0.count) }
  }

  /// The gradients the step left on the shared parameters.
  var sharedGradient: [Double] {
    trunk.flatMap { $0.grad?.toArray(as: Double.self) ?? [Double](repeating: 0, count: $0.count) }
  }

  /// The gradients the step left on a head.
  func headGradient(_ task: Int) -> [Double] {
    heads[task].flatMap { $0.grad?.toArray(as: Double.self) ?? [Double](repeating: 0, count: $0.count) }
  }
}

/// Whether two vectors agree to a relative tolerance of the longer one.
func isClose(_ a: [Double], _ b: [Double], tolerance: Double = 1e-10) -> Bool {
  let scale = (a + b).map(\.magnitude).max() ?? 0
  return a.count == b.count && zip(a, b).allSatisfy { ($0 - $1).magnitude <= tolerance * max(scale, 1e-300) }
}

/// A step with a plain optimizer over the partition's parameters, unless another one is given.
func makeStep(
  method: AnyMethod, weighting: (any LossWeighting)? = nil, partition: ParameterPartition,
  optimizer: Optimizer? = nil, settings: StepSettings = StepSettings(), seed: UInt64 = 0,
  learningRate: Double = 0.05
) throws -> MultiTaskStep {
  let heads = partition.heads.joined().enumerated().map { (name: "head\($0)", tensor: $1) }
  let plain = Optimizer(
    NamedTensors(partition.shared + heads), rule: try SGD(learningRate: learningRate))
  return try MultiTaskStep(
    method: method, weighting: weighting, partition: partition, optimizer: optimizer ?? plain,
    settings: settings, seed: seed)
}
