import Testing
import Torch

@Suite("Products of gradients that are never all there")
struct GradientStreamTests {
  /// The seeds and the recording of a trunk.
  private struct Case {
    let parameters: [Tensor]
    let features: [Tensor]
    let seeds: Tensor

    init(_ trunk: WalkedTrunk, taskCount: Int) {
      parameters = trunk.parameters()
      features = trunk.features(parameters)
      seeds = fixed([taskCount, features.reduce(0) { $0 + $1.count }], 5)
    }

    func rows() throws -> Tensor {
      let rows = try GradientSweep.allocateRows(taskCount: seeds.shape[0], parameters: parameters)
      try GradientSweep.pullBack(
        seeds, through: features, to: parameters, into: rows, retainGraph: true, walk: .oneByOne)
      return rows
    }

    func streamed(_ kind: GradientSweep.RowProducts, groups: [Int]) throws -> [[Double]]? {
      try GradientSweep.streamed(kind, of: seeds, through: features, to: parameters, groups: groups)
    }
  }

  private func isClose(_ a: [Double], _ b: [Double]) -> Bool {
    let scale = b.reduce(0) { max($0, $1.magnitude) }
    return a.count == b.count && zip(a, b).allSatisfy { ($0 - $1).magnitude <= 1e-12 * scale }
  }

  @Test(
    "are those of the rows, in each group of parameters",
    arguments: WalkedTrunk.all + WalkedTrunk.convolutions, [1, 4])
  func agreement(trunk: WalkedTrunk, taskCount: Int) throws {
    let made = Case(trunk, taskCount: taskCount)
    let rows = try made.rows()
    let groups = made.parameters.indices.map { $0 / 2 }
    let columns = GradientSweep.columns(of: made.parameters)
    let found = try #require(try made.streamed(.gradients, groups: groups))
    for (group, products) in found.enumerated() {
      let own = groups.indices.filter { groups[$0] == group }
      let range = columns[own[0]].lowerBound..<columns[own[own.count - 1]].upperBound
      #expect(isClose(products, try GradientSweep.gramian(of: rows, columns: range)))
    }
    #expect(found == (try made.streamed(.gradients, groups: groups)))
  }

  @Test(
    "are told of signs too", arguments: WalkedTrunk.all.filter { !$0.testDescription.contains("batch norm") })
  func signs(trunk: WalkedTrunk) throws {
    let made = Case(trunk, taskCount: 3)
    let signs = try made.rows().sign()
    let expected = try GradientSweep.gramian(of: signs) + GradientSweep.gramian(of: signs.abs())
    #expect(try made.streamed(.signs, groups: made.parameters.map { _ in 0 }) == [expected])
  }

  @Test("keep the recording")
  func recording() throws {
    let made = Case(WalkedTrunk.all[1], taskCount: 2)
    let groups = made.parameters.map { _ in 0 }
    #expect(try made.streamed(.gradients, groups: groups) != nil)
    #expect(try made.rows().abs().sum().item() > 0.1)
  }

  @Test("hold the gradients of the largest parameter and no more")
  func memory() throws {
    let weights = (0..<6).map { fixed([200, 200], UInt64($0)).requiringGrad() }
    let features = weights.reduce(fixed([2, 200], 9)) { $0.linear(weight: $1).relu() * 0.1 }
    let seeds = fixed([8, features.count], 4)
    let (_, work) = try Work.measured {
      try GradientSweep.streamed(
        .gradients, of: seeds, through: [features], to: weights, groups: weights.map { _ in 0 })
    }
    let largest = 8 * weights[0].count * 8
    #expect(work.peakBytes >= largest && work.peakBytes < largest + largest / 4, "\(work.peakBytes)")
    #expect(work.backwardPasses == 8)
  }

  /// A narrow top with many parameters over a wide bottom with few: a megabyte and a half a task and layer.
  private func wide() -> (parameters: [Tensor], features: [Tensor]) {
    let parameters = [[3, 3], [3], [9, 9], [300, 3], [4, 300], [3, 3]].enumerated().map {
      fixed($1, 40 + UInt64($0)).requiringGrad()
    }
    let input = fixed([1 << 16, 3], 50)
    let bottom = (input.linear(weight: parameters[0], bias: parameters[1]) * 0.01).tanh()
    let around = (bottom.linear(weight: parameters[5]) + bottom).tanh()
    let narrow = around.reshaped([1 << 12, 48]).sum([0]).reshaped([16, 3])
    let own = parameters[2].sum() * narrow
    return (parameters, [own.linear(weight: parameters[3]).relu().linear(weight: parameters[4])])
  }

  @Test("hold one task's gradients of wide layers at a time where few parameters lie ahead")
  func alone() throws {
    let (parameters, features) = wide()
    let taskCount = 48
    let seeds = fixed([taskCount, features[0].count], 6)
    let groups = parameters.map { _ in 0 }
    let (found, work) = try Work.measured {
      try GradientSweep.streamed(.gradients, of: seeds, through: features, to: parameters, groups: groups)
    }
    let layer = (1 << 16) * 3 * 8
    #expect(work.peakBytes < taskCount * layer / 2, "\(work.peakBytes)")
    let rows = try GradientSweep.allocateRows(taskCount: taskCount, parameters: parameters)
    try GradientSweep.pullBack(
      seeds, through: features, to: parameters, into: rows, retainGraph: true, walk: .oneByOne)
    #expect(isClose(try #require(found)[0], try GradientSweep.gramian(of: rows)))
  }

  @Test("are refused where what is handed over does not fit")
  func misfits() throws {
    let made = Case(WalkedTrunk.all[0], taskCount: 2)
    let error = #expect(throws: TorchError.self) { try made.streamed(.gradients, groups: [0]) }
    #expect(
      error?.reason == "rows of shape [2, 42], 42 features, 4 parameters and 1 groups do not fit together")
  }
}
