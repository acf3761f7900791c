import Torch
import TruceTorch

/// A small network whose trunk and heads run under autocast: layers, or convolutions under a layer.
final class NarrowNetwork {
  let autocast: DType?
  private let isConvolutional: Bool
  private let input: Tensor
  private let targets: [Tensor]
  let trunk: [Tensor]
  let heads: [Tensor]

  init(taskCount: Int = 3, isConvolutional: Bool = false, autocast: DType? = .bfloat16) {
    self.autocast = autocast
    self.isConvolutional = isConvolutional
    let generator = Generator(seed: 6)
    func draw(_ shape: [Int], _ deviation: Double) -> Tensor {
      Tensor.normal(shape, standardDeviation: deviation, using: generator)
    }
    let shapes =
      isConvolutional
      ? [[8, 1, 3, 3], [8], [8, 8, 3, 3], [8], [32, 512], [32]] : [[64, 16], [64], [32, 64], [32]]
    trunk = shapes.map { shape in
      draw(shape, shape.count == 1 ? 0.1 : (2 / Double(shape.dropFirst().reduce(1, *))).squareRoot())
        .requiringGrad()
    }
    heads = (0..<taskCount).map { _ in draw([4, 32], 0.2).requiringGrad() }
    let shape = isConvolutional ? [16, 1, 8, 8] : [32, 16]
    input = draw(shape, 1)
    targets = (0..<taskCount).map { _ in draw([shape[0], 4], 1) }
  }

  var partition: ParameterPartition {
    ParameterPartition(
      shared: trunk.enumerated().map { (name: "\($0 / 2).\($0 % 2)", tensor: $1) }, heads: heads.map { [$0] })
  }

  private func features() -> Tensor {
    guard isConvolutional else {
      return input.linear(weight: trunk[0], bias: trunk[1]).relu().linear(weight: trunk[2], bias: trunk[3])
        .relu()
    }
    let maps = input.conv2d(weight: trunk[0], bias: trunk[1], padding: 1).relu()
      .conv2d(weight: trunk[2], bias: trunk[3], padding: 1).relu()
    return maps.reshaped([input.shape[0], 512]).linear(weight: trunk[4], bias: trunk[5]).relu()
  }

  /// The losses in single precision, of narrow outputs.
  func pass(naming: Bool = true, without absent: Set<Int> = []) -> ForwardPass {
    let features = withAutocast(to: autocast, on: .cpu) { self.features() }
    let outputs = withAutocast(to: autocast, on: .cpu) { heads.map { features.linear(weight: $0) } }
    let losses = zip(outputs, targets).enumerated().map { (task, pair) -> Tensor? in
      absent.contains(task) ? nil : (pair.0.to(.float32) - pair.1).square().mean()
    }
    return ForwardPass(losses: losses, features: naming ? [features] : []) {
      self.pass(naming: naming, without: absent)
    }
  }
}
