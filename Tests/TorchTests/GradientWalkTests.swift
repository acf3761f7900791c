import Testing
import Torch

@Suite("One walk for all tasks")
struct GradientWalkTests {
  /// The rows that a way of walking gives, begun with what no gradient is.
  private func rows(
    _ trunk: WalkedTrunk, taskCount: Int, _ walk: GradientSweep.Walk, retainGraph: Bool = false
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

  @Test("gives what a walk for each task gives", arguments: WalkedTrunk.all, [1, 2, 5])
  func agreement(trunk: WalkedTrunk, taskCount: Int) throws {
    let together = try rows(trunk, taskCount: taskCount, .together)
    let oneByOne = try rows(trunk, taskCount: taskCount, .oneByOne)
    #expect(together.isClose(to: oneByOne, relative: 1e-12, absolute: 1e-14))
    #expect(oneByOne.abs().sum().item() > 0.1)
  }

  @Test(
    "gives it for convolutions of few channels and for others", arguments: WalkedTrunk.convolutions,
    [1, 2, 3, 5])
  func convolutions(trunk: WalkedTrunk, taskCount: Int) throws {
    try agreement(trunk: trunk, taskCount: taskCount)
  }

  @Test("gives it for single precision too, which kernels of their own compute", arguments: [2, 3])
  func singlePrecision(taskCount: Int) throws {
    let parameters = [[5, 1, 9, 9], [5], [10, 5, 5, 5], [10]].enumerated().map {
      fixed($1, UInt64($0)).to(.float32).requiringGrad()
    }
    let seeds = fixed([taskCount, 8 * 10 * 6 * 6], 5).to(.float32)
    func rows(_ walk: GradientSweep.Walk) throws -> Tensor {
      let first = fixed([8, 1, 28, 28], 6).to(.float32).conv2d(weight: parameters[0], bias: parameters[1])
      let maps = first.maxPool2d(2).relu().conv2d(weight: parameters[2], bias: parameters[3])
      let rows = try GradientSweep.allocateRows(taskCount: taskCount, parameters: parameters)
      try GradientSweep.pullBack(seeds, through: [maps], to: parameters, into: rows, walk: walk)
      return rows
    }
    let oneByOne = try rows(.oneByOne)
    #expect((try rows(.together) - oneByOne).norm().item() <= 1e-5 * oneByOne.norm().item())
  }

  @Test("gives the same bits every time", arguments: WalkedTrunk.all + WalkedTrunk.convolutions)
  func determinism(trunk: WalkedTrunk) throws {
    let first = try rows(trunk, taskCount: 4, .together)
    #expect(try first.equal(rows(trunk, taskCount: 4, .together)).all().item() == 1)
  }

  @Test("frees the recording after the last task, unless asked to keep it", arguments: [true, false])
  func recording(isKept: Bool) throws {
    let parameters = WalkedTrunk.all[1].parameters()
    let features = WalkedTrunk.all[1].features(parameters)
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
    var parameters = WalkedTrunk.all[0].parameters()
    parameters[0] = parameters[0].detached()
    let features = WalkedTrunk.all[0].features(parameters)
    let rows = try GradientSweep.allocateRows(taskCount: 2, parameters: parameters)
    let error = #expect(throws: TorchError.self) {
      try GradientSweep.pullBack(
        fixed([2, 42], 5), through: features, to: parameters, into: rows, walk: walk)
    }
    #expect(error?.description.contains("does not require grad") == true)
  }

  @Test("counts the passes whose work it does")
  func passes() throws {
    let (_, work) = try Work.measured { try rows(WalkedTrunk.all[0], taskCount: 5, .together) }
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
    let trunk = WalkedTrunk("wide", [[4, 4], [4]]) { p in
      [WalkedTrunk.input.linear(weight: p[0], bias: p[1]).sum().expanded([wide, 4]).tanh().sum([0])]
    }
    let together = try rows(trunk, taskCount: 5, .together)
    #expect(together.isClose(to: try rows(trunk, taskCount: 5, .oneByOne), relative: 1e-12))
  }

  @Test(
    "takes groups of one size whose gradients of a layer stay within 8 MiB",
    arguments: [(1, 1), (3, 3), (8, 8), (9, 5), (20, 7)])
  func groupSizes(taskCount: Int, expected: Int) throws {
    // 1 MiB a task.
    let weight = fixed([64, 64], 1).requiringGrad()
    let features = fixed([2048, 64], 2).linear(weight: weight).relu()
    #expect(
      try GradientSweep.tasksTogether(of: taskCount, through: [features], to: [weight]) == expected)
  }

  @Test(
    "takes tasks together where a convolution's channels leave lanes idle",
    arguments: [(5, 1, 4), (20, 1, 4), (16, 1, 1), (32, 1, 1), (65, 1, 1), (2, 2, 1)])
  func convolutionGroups(channels: Int, groups: Int, expected: Int) throws {
    let weight = fixed([channels, 2 / groups, 3, 3], 1).requiringGrad()
    let maps = fixed([1, 2, 5, 5], 2).conv2d(weight: weight, groups: groups)
    #expect(try GradientSweep.tasksTogether(of: 4, through: [maps], to: [weight]) == expected)
  }

  @Test(
    "takes as many as fill the lanes of a wide convolution, within 32 MiB",
    arguments: [
      // With lanes for 8 or 16 numbers, three tasks of five channels leave one of 16 idle.
      (5, 256, 2, 2), (5, 256, 3, 3), (5, 256, 5, 3), (5, 256, 10, 3), (5, 512, 3, 1),
    ])
  func wideConvolutions(channels: Int, size: Int, taskCount: Int, expected: Int) throws {
    // 5 MiB a task, or four times as much.
    let weight = fixed([channels, 1, 1, 1], 1).requiringGrad()
    let maps = Tensor.zeros([2, 1, size, size], dtype: .float64).conv2d(weight: weight)
    #expect(
      try GradientSweep.tasksTogether(of: taskCount, through: [maps], to: [weight]) == expected)
  }

  @Test("takes each task by itself where nothing is recorded")
  func singles() throws {
    let weight = fixed([5, 4], 1).requiringGrad()
    let features = fixed([2, 4], 2).linear(weight: weight)
    #expect(try GradientSweep.tasksTogether(of: 4, through: [features], to: [weight]) == 4)
    #expect(try GradientSweep.tasksTogether(of: 4, through: [features.detached()], to: [weight]) == 1)
  }
}
