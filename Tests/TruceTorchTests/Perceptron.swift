import Torch
import TruceTorch

/// Three layers of 256 numbers under heads of one number each, in single precision.
final class Perceptron {
  let weights: [Tensor]
  let biases: [Tensor]
  let heads: [Tensor]
  let input: Tensor

  init(taskCount: Int, batch: Int = 16) {
    let generator = Generator(seed: 4)
    func draw(_ shape: [Int]) -> Tensor {
      Tensor.normal(shape, standardDeviation: 0.1, using: generator).requiringGrad()
    }
    weights = (0..<3).map { _ in draw([256, 256]) }
    biases = (0..<3).map { _ in draw([256]) }
    heads = (0..<taskCount).map { _ in draw([1, 256]) }
    input = Tensor.normal([batch, 256], using: generator)
  }

  var partition: ParameterPartition {
    let shared = zip(weights, biases).enumerated().flatMap { place, pair in
      [(name: "\(place).weight", tensor: pair.0), (name: "\(place).bias", tensor: pair.1)]
    }
    return ParameterPartition(shared: shared, heads: heads.map { [$0] })
  }

  /// The losses of all tasks but some.
  func pass(without absent: Set<Int> = []) -> ForwardPass {
    let features = zip(weights, biases).reduce(input) { $0.linear(weight: $1.0, bias: $1.1).relu() }
    let losses = heads.enumerated().map { task, head in
      absent.contains(task) ? nil : features.linear(weight: head).square().mean()
    }
    return ForwardPass(losses: losses, features: [features])
  }
}
