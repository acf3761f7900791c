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

  /// Convolutions of few channels, whose tasks go together, and the others, whose do not.
  static let convolutions: [WalkedTrunk] = [
    WalkedTrunk(
      "two layers with pooling and batch norm", [[5, 2, 3, 3], [5], [5], [5], [10, 5, 2, 2], [10]]
    ) { p in
      let first = pictures.conv2d(weight: p[0], bias: p[1]).maxPool2d(2).relu()
        .batchNorm(weight: p[2], bias: p[3], runningMean: nil, runningVariance: nil, isTraining: true)
      return [first.conv2d(weight: p[4], bias: p[5]).relu().flattened(from: 1)]
    },
    WalkedTrunk("a ReLU between two, without a bias", [[3, 2, 3, 3], [4, 3, 3, 3]]) { p in
      [pictures.conv2d(weight: p[0]).relu().conv2d(weight: p[1])]
    },
    below("steps of two", [4, 3, 3, 3]) { $0.conv2d(weight: $1, bias: $2, stride: 2) },
    below("padding", [4, 3, 3, 3]) { $0.conv2d(weight: $1, bias: $2, padding: 2) },
    below("padding wider than the window", [4, 3, 2, 2]) { $0.conv2d(weight: $1, bias: $2, padding: 3) },
    below("a window with gaps", [4, 3, 3, 3]) { $0.conv2d(weight: $1, bias: $2, padding: 1, dilation: 2) },
    below("a window, steps and padding that are not square", [4, 3, 2, 3]) {
      $0.conv2d(weight: $1, bias: $2, stride: Extent(2, 1), padding: Extent(0, 1))
    },
    below("windows of one", [4, 3, 1, 1]) { $0.conv2d(weight: $1, bias: $2) },
    below("more than one block of channels", [20, 3, 3, 3]) { $0.conv2d(weight: $1, bias: $2) },
    below("a full block of channels", [16, 3, 3, 3]) { $0.conv2d(weight: $1, bias: $2) },
    below("groups", [6, 1, 3, 3], bias: 6) { $0.conv2d(weight: $1, bias: $2, groups: 3) },
    below("transposed", [3, 4, 3, 3], bias: 4) { $0.convTranspose2d(weight: $1, bias: $2, stride: 2) },
    below("channels beside each other in memory", [4, 3, 3, 3]) {
      channelsLast($0).conv2d(weight: $1, bias: $2, padding: 1)
    },
    WalkedTrunk("a weight used twice, with a way around", [[2, 2, 3, 3], [2]]) { p in
      let once = pictures.conv2d(weight: p[0], bias: p[1], padding: 1)
      return [once.conv2d(weight: p[0], bias: p[1], padding: 1) + once.tanh()]
    },
    WalkedTrunk("a weight that was computed", [[4, 2, 3, 3], [4]]) { p in
      [pictures.conv2d(weight: p[0].tanh(), bias: p[1])]
    },
    WalkedTrunk("a weight without a gradient over one that has one", [[3, 2, 3, 3], [4]]) { p in
      [pictures.conv2d(weight: p[0]).conv2d(weight: fixed([4, 3, 3, 3], 3), bias: p[1])]
    },
    WalkedTrunk("only a bias", [[4]]) { p in [pictures.conv2d(weight: fixed([4, 2, 3, 3], 3), bias: p[0])] },
    WalkedTrunk("two features, each of a layer of its own", [[3, 2, 3, 3], [4, 2, 3, 3]]) { p in
      [pictures.conv2d(weight: p[0]), pictures.conv2d(weight: p[1], stride: 3).relu()]
    },
  ]

  /// A layer whose input is what a first layer of three channels makes of pictures.
  private static func below(
    _ name: String, _ weight: [Int], bias: Int? = nil,
    _ layer: @escaping @Sendable (Tensor, Tensor, Tensor) -> Tensor
  ) -> WalkedTrunk {
    WalkedTrunk(name, [[3, 2, 3, 3], weight, [bias ?? weight[0]]]) { p in
      [layer(pictures.conv2d(weight: p[0]).tanh(), p[1], p[2])]
    }
  }

  /// The same pictures, with the channels of a point beside each other in memory.
  private static func channelsLast(_ pictures: Tensor) -> Tensor {
    pictures.permuted([0, 2, 3, 1]).contiguous().permuted([0, 3, 1, 2])
  }
}
