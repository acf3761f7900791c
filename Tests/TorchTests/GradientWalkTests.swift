import Testing
import Torch

/// Features of some parameters, as different networks make them.
private struct Trunk: Sendable, CustomTestStringConvertible {
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

  static let all: [Trunk] = [
    Trunk("layers with tanh", [[5, 4], [5], [6, 5], [6]]) { p in
      [input.linear(weight: p[0], bias: p[1]).tanh().linear(weight: p[2], bias: p[3]).tanh()]
    },
    Trunk("layers with ReLU, the last without it", [[5, 4], [5], [6, 5], [6]]) { p in
      [input.linear(weight: p[0], bias: p[1]).relu().linear(weight: p[2], bias: p[3])]
    },
    Trunk("no bias", [[5, 4], [6, 5]]) { p in
      [input.linear(weight: p[0]).relu().linear(weight: p[1])]
    },
    Trunk("one layer, so that nothing goes on below it", [[6, 4], [6]]) { p in
      [input.linear(weight: p[0], bias: p[1])]
    },
    Trunk("sequences of vectors", [[5, 4], [5], [6, 5]]) { p in
      [sequences.linear(weight: p[0], bias: p[1]).gelu().linear(weight: p[2])]
    },
    Trunk("a weight used twice, with a way around", [[4, 4], [4]]) { p in
      let once = input.linear(weight: p[0], bias: p[1]).relu()
      return [once.linear(weight: p[0], bias: p[1]) + once]
    },
    Trunk("a weight that is also used as it is", [[4, 4], [4]]) { p in
      [input.linear(weight: p[0], bias: p[1]) + p[0].sum() * input.matmul(p[0])]
    },
    Trunk("a parameter that nothing uses", [[5, 4], [5], [3], [6, 5]]) { p in
      [input.linear(weight: p[0], bias: p[1]).tanh().linear(weight: p[3])]
    },
    Trunk("two features, one computed from the other", [[5, 4], [5], [6, 5]]) { p in
      let first = input.linear(weight: p[0], bias: p[1]).relu()
      return [first, first.linear(weight: p[2])]
    },
    Trunk(
      "a convolution, batch norm and pooling below a layer", [[3, 2, 3, 3], [3], [3], [3], [5, 27], [5]]
    ) { p in
      let maps = pictures.conv2d(weight: p[0], bias: p[1], padding: 1)
        .batchNorm(weight: p[2], bias: p[3], runningMean: nil, runningVariance: nil, isTraining: true)
        .relu().maxPool2d(3)
      return [maps.flattened(from: 1).linear(weight: p[4], bias: p[5]).relu()]
    },
    Trunk("a factor of the bias's shape in front of each example", [[5, 4], [5], [5]]) { p in
      [(input.linear(weight: p[0], bias: p[1]) * p[2]).softmax()]
    },
    Trunk("layer norm between layers", [[5, 4], [5], [5], [5], [6, 5]]) { p in
      [input.linear(weight: p[0], bias: p[1]).layerNorm([5], weight: p[2], bias: p[3]).linear(weight: p[4])]
    },
    Trunk("a product scaled on its way into the sum", [[4, 6], [6]]) { p in
      [p[1].addmm(input, p[0], beta: 0.5, alpha: 2)]
    },
    Trunk("a bias that is broadcast from one row", [[4, 6], [1, 6]]) { p in
      [p[1].addmm(input, p[0])]
    },
  ]
}

@Suite("One walk for all tasks")
struct GradientWalkTests {
  /// The rows that a way of walking gives, begun with what no gradient is.
  private func rows(
    _ trunk: Trunk, taskCount: Int, _ walk: GradientSweep.Walk, retainGraph: Bool = false
  ) throws -> Tensor {
    let parameters = trunk.parameters()
    let features = trunk.features(parameters)
    let seeds = fixed([taskCount, features.reduce(0) { $0 + $1.count }], 5)
    let rows = try GradientSweep.allocateRows(taskCount: taskCount, parameters: parameters)
      .fillInPlace(Double.nan)
    try GradientSweep.pullBack(
      seeds, through: features, to: parameters, into: rows, retainGraph: retainGraph, walk: walk)
    return rows
  }

  @Test("gives what a walk for each task gives", arguments: Trunk.all, [1, 2, 5])
  fileprivate func agreement(trunk: Trunk, taskCount: Int) throws {
    let together = try rows(trunk, taskCount: taskCount, .together)
    let oneByOne = try rows(trunk, taskCount: taskCount, .oneByOne)
    #expect(together.isClose(to: oneByOne, relative: 1e-12, absolute: 1e-14))
    #expect(oneByOne.abs().sum().item() > 0.1)
  }

  @Test("gives the same bits every time", arguments: Trunk.all)
  fileprivate func determinism(trunk: Trunk) throws {
    let first = try rows(trunk, taskCount: 4, .together)
    #expect(try first.equal(rows(trunk, taskCount: 4, .together)).all().item() == 1)
  }

  @Test("frees the recording after the last task, unless asked to keep it", arguments: [true, false])
  func recording(isKept: Bool) throws {
    let parameters = Trunk.all[1].parameters()
    let features = Trunk.all[1].features(parameters)
    let seeds = fixed([3, features[0].count], 5)
    let rows = try GradientSweep.allocateRows(taskCount: 3, parameters: parameters)
    func pullBack() throws {
      try GradientSweep.pullBack(
        seeds, through: features, to: parameters, into: rows, retainGraph: isKept)
    }
    try pullBack()
    if isKept { try pullBack() } else { #expect(throws: TorchError.self) { try pullBack() } }
  }

  @Test(
    "refuses a parameter without a gradient as a walk for each task does",
    arguments: [
      GradientSweep.Walk.together, .oneByOne,
    ])
  func frozen(walk: GradientSweep.Walk) throws {
    var parameters = Trunk.all[0].parameters()
    parameters[0] = parameters[0].detached()
    let features = Trunk.all[0].features(parameters)
    let rows = try GradientSweep.allocateRows(taskCount: 2, parameters: parameters)
    let error = #expect(throws: TorchError.self) {
      try GradientSweep.pullBack(
        fixed([2, 42], 5), through: features, to: parameters, into: rows, walk: walk)
    }
    #expect(error?.description.contains("does not require grad") == true)
  }

  @Test("counts the passes whose work it does")
  func passes() throws {
    let (_, work) = try Work.measured { try rows(Trunk.all[0], taskCount: 5, .together) }
    #expect(work.backwardPasses == 5)
  }

  @Test("takes no memory for the gradients of weights beside the rows, which it writes in place")
  func memory() throws {
    let weights = [fixed([300, 300], 1).requiringGrad(), fixed([300, 300], 2).requiringGrad()]
    let features = fixed([2, 300], 3).linear(weight: weights[0]).relu().linear(weight: weights[1])
    let seeds = fixed([8, features.count], 4)
    let rows = try GradientSweep.allocateRows(taskCount: 8, parameters: weights)
    let (_, work) = try Work.measured {
      try GradientSweep.pullBack(seeds, through: [features], to: weights, into: rows)
    }
    #expect(work.peakBytes < weights[0].count * 8)
    #expect(rows.abs().sum().item() > 1)
  }

  @Test("goes in groups of tasks where a layer is too wide for all at once")
  func groups() throws {
    let wide = 1 << 20
    let trunk = Trunk("wide", [[4, 4], [4]]) { p in
      [Trunk.input.linear(weight: p[0], bias: p[1]).sum().expanded([wide, 4]).tanh().sum([0])]
    }
    let together = try rows(trunk, taskCount: 5, .together)
    #expect(together.isClose(to: try rows(trunk, taskCount: 5, .oneByOne), relative: 1e-12))
  }
}
