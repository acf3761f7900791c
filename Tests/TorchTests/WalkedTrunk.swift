import Testing
import Torch

/// Features of some parameters, as different networks make them.
struct WalkedTrunk: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private let shapes: [[Int]]
  private let make: @Sendable ([Tensor]) -> [Tensor]

  init(_ name: String, _ shapes: [[Int]], _ make: @escaping @Sendable ([Tensor]) -> [Tensor]) {
    testDescription = name
    self.shapes = shapes
    self.make = make
  }

  /// The parameters, the same ones each time.
  func parameters() -> [Tensor] {
    shapes.enumerated().map { place, shape in fixed(shape, 100 + UInt64(place)).requiringGrad() }
  }

  func features(_ parameters: [Tensor]) -> [Tensor] { make(parameters) }

  static var input: Tensor { fixed([7, 4], 30) }
  static var pictures: Tensor { fixed([3, 2, 9, 9], 31) }
  static var sequences: Tensor { fixed([2, 3, 4], 32) }

  static let all: [WalkedTrunk] = [
    WalkedTrunk("layers with tanh", [[5, 4], [5], [6, 5], [6]]) { p in
      [input.linear(weight: p[0], bias: p[1]).tanh().linear(weight: p[2], bias: p[3]).tanh()]
    },
    WalkedTrunk("layers with ReLU, the last without it", [[5, 4], [5], [6, 5], [6]]) { p in
      [input.linear(weight: p[0], bias: p[1]).relu().linear(weight: p[2], bias: p[3])]
    },
    WalkedTrunk("no bias", [[5, 4], [6, 5]]) { p in
      [input.linear(weight: p[0]).relu().linear(weight: p[1])]
    },
    WalkedTrunk("one layer, so that nothing goes on below it", [[6, 4], [6]]) { p in
      [input.linear(weight: p[0], bias: p[1])]
    },
    WalkedTrunk("sequences of vectors", [[5, 4], [5], [6, 5]]) { p in
      [sequences.linear(weight: p[0], bias: p[1]).gelu().linear(weight: p[2])]
    },
    WalkedTrunk("a weight used twice, with a way around", [[4, 4], [4]]) { p in
      let once = input.linear(weight: p[0], bias: p[1]).relu()
      return [once.linear(weight: p[0], bias: p[1]) + once]
    },
    WalkedTrunk("a weight that is also used as it is", [[4, 4], [4]]) { p in
      [input.linear(weight: p[0], bias: p[1]) + p[0].sum() * input.matmul(p[0])]
    },
    WalkedTrunk("a parameter that nothing uses", [[5, 4], [5], [3], [6, 5]]) { p in
      [input.linear(weight: p[0], bias: p[1]).tanh().linear(weight: p[3])]
    },
    WalkedTrunk("two features, one computed from the other", [[5, 4], [5], [6, 5]]) { p in
      let first = input.linear(weight: p[0], bias: p[1]).relu()
      return [first, first.linear(weight: p[2])]
    },
    WalkedTrunk(
      "a convolution, batch norm and pooling below a layer", [[3, 2, 3, 3], [3], [3], [3], [5, 27], [5]]
    ) { p in
      let maps = pictures.conv2d(weight: p[0], bias: p[1], padding: 1)
        .batchNorm(weight: p[2], bias: p[3], runningMean: nil, runningVariance: nil, isTraining: true)
        .relu().maxPool2d(3)
      return [maps.flattened(from: 1).linear(weight: p[4], bias: p[5]).relu()]
    },
    WalkedTrunk("a factor of the bias's shape in front of each example", [[5, 4], [5], [5]]) { p in
      [(input.linear(weight: p[0], bias: p[1]) * p[2]).softmax()]
    },
    WalkedTrunk("layer norm between layers", [[5, 4], [5], [5], [5], [6, 5]]) { p in
      [input.linear(weight: p[0], bias: p[1]).layerNorm([5], weight: p[2], bias: p[3]).linear(weight: p[4])]
    },
    WalkedTrunk("a product scaled on its way into the sum", [[4, 6], [6]]) { p in
      [p[1].addmm(input, p[0], beta: 0.5, alpha: 2)]
    },
    WalkedTrunk("a parameter multiplied by itself", [[4, 4], [4]]) { p in
      [input.linear(weight: p[0] * p[0], bias: p[1]).relu()]
    },
    WalkedTrunk("convolutions with a way around", [[2, 2, 3, 3], [2], [2, 2, 3, 3], [4, 162], [4]]) { p in
      let once = pictures.conv2d(weight: p[0], bias: p[1], padding: 1).relu()
      let sum = once.conv2d(weight: p[2], bias: nil, padding: 1) + once
      return [sum.relu().flattened(from: 1).linear(weight: p[3], bias: p[4])]
    },
    WalkedTrunk("a bias that is broadcast from one row", [[4, 6], [1, 6]]) { p in
      [p[1].addmm(input, p[0])]
    },
  ]
}
