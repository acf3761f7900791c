import Testing
import Torch

/// A trunk of two layers, K heads, and what a naive loop of gradients says about them.
private struct Network {
  let trunk: [Tensor]
  let heads: [[Tensor]]
  let input: Tensor
  let taskCount: Int

  init(taskCount: Int = 3) {
    func parameter(_ shape: [Int], _ seed: UInt64) -> Tensor { fixed(shape, seed).requiringGrad() }
    self.taskCount = taskCount
    trunk = [parameter([5, 4], 1), parameter([5], 2), parameter([6, 5], 3), parameter([6], 4)]
    heads = (0..<taskCount).map { [parameter([1, 6], 10 + UInt64($0)), parameter([1], 20 + UInt64($0))] }
    input = fixed([7, 4], 30)
  }

  func features() -> Tensor {
    let hidden = input.linear(weight: trunk[0], bias: trunk[1]).tanh()
    return hidden.linear(weight: trunk[2], bias: trunk[3]).tanh()
  }

  func losses(_ features: Tensor) -> [Tensor] {
    heads.indices.map {
      features.linear(weight: heads[$0][0], bias: heads[$0][1]).square().mean() * Double($0 + 1)
    }
  }

  /// The gradients of each loss with respect to the trunk, joined to rows, one ordinary pass a task.
  func expectedRows() throws -> Tensor {
    let losses = losses(features())
    let rows = try losses.map { loss in
      let gradients = try Autograd.gradients(of: [loss], withRespectTo: trunk, retainGraph: true)
      return Tensor.concatenated(gradients.compactMap { $0?.flattened() })
    }
    return Tensor.stacked(rows)
  }

  func tasks(_ losses: [Tensor?]) -> [GradientSweep.Task] {
    zip(losses, heads).map { GradientSweep.Task(loss: $0, headParameters: $1) }
  }

  func rows() throws -> Tensor {
    try GradientSweep.allocateRows(taskCount: taskCount, parameters: trunk).fillInPlace(Double.nan)
  }
}

@Suite("The gradient sweep")
struct GradientSweepTests {
  private let network = Network()

  @Test("writes what one gradient a task gives, and the heads' own gradients")
  func rowsAndHeads() throws {
    let rows = try network.rows()
    try GradientSweep.run(
      network.tasks(network.losses(network.features())), withRespectTo: network.trunk, into: rows)
    #expect(rows.isClose(to: try network.expectedRows(), relative: 1e-12))
    let losses = network.losses(network.features())
    for (task, head) in network.heads.enumerated() {
      let expected = try Autograd.gradients(of: [losses[task]], withRespectTo: head, retainGraph: true)
      for (parameter, gradient) in zip(head, expected) {
        #expect(try #require(parameter.grad).isClose(to: try #require(gradient), relative: 1e-12))
      }
    }
    #expect(network.trunk.allSatisfy { $0.grad == nil })
  }

  @Test("adds to head gradients that are there, without touching tensors they share")
  func headsAccumulate() throws {
    let rows = try network.rows()
    for _ in 0..<2 {
      try GradientSweep.run(
        network.tasks(network.losses(network.features())), withRespectTo: network.trunk, into: rows)
    }
    let head = network.heads[0][0]
    let once = try Autograd.gradients(
      of: [network.losses(network.features())[0]], withRespectTo: [head])[0]
    #expect(try #require(head.grad).isClose(to: try #require(once) * 2, relative: 1e-12))

    let a = Tensor([1.0]).requiringGrad()
    let b = Tensor([2.0]).requiringGrad()
    let shared = Tensor([3.0]).requiringGrad()
    let narrow = try GradientSweep.allocateRows(taskCount: 1, parameters: [shared])
    let loss = ((a + b) * shared).sum()
    try GradientSweep.run([.init(loss: loss, headParameters: [a, b])], withRespectTo: [shared], into: narrow)
    a.grad?.zeroInPlace()
    #expect(b.grad?.item() == 3)
  }

  @Test("leaves zeros where a task has no loss or does not reach a parameter")
  func missingLosses() throws {
    let rows = try network.rows()
    var losses: [Tensor?] = network.losses(network.features())
    losses[2] = nil
    losses[1] = network.trunk[3].sum()
    try GradientSweep.run(network.tasks(losses), withRespectTo: network.trunk, into: rows)
    #expect(rows[2].equal(0).all().item() == 1)
    #expect(rows[1].sum().item() == 6 && rows[1].narrowed(0, start: 0, length: 55).equal(0).all().item() == 1)
    try GradientSweep.run(network.tasks([nil, nil, nil]), withRespectTo: network.trunk, into: rows)
    #expect(rows.equal(0).all().item() == 1)
  }

  @Test("frees the recording with the last task unless asked to keep it")
  func graphIsFreed() throws {
    let rows = try network.rows()
    let losses = network.losses(network.features())
    try GradientSweep.run(
      network.tasks(losses), withRespectTo: network.trunk, into: rows, retainGraph: true)
    try GradientSweep.run(network.tasks(losses), withRespectTo: network.trunk, into: rows)
    #expect(throws: TorchError.self) {
      try GradientSweep.run(network.tasks(losses), withRespectTo: network.trunk, into: rows)
    }
  }

  @Test("gives the same in two stages: to the features, then through the trunk")
  func twoStages() throws {
    let features = network.features()
    let featureRows = try GradientSweep.allocateRows(taskCount: 3, parameters: [features])
    try GradientSweep.run(
      network.tasks(network.losses(features)), withRespectTo: [features], into: featureRows)
    let rows = try network.rows()
    try GradientSweep.pullBack(
      featureRows, through: [features], to: network.trunk, into: rows, retainGraph: true)
    let expected = try network.expectedRows()
    #expect(rows.isClose(to: expected, relative: 1e-12))
    try GradientSweep.pullBack(
      featureRows, through: [features], to: network.trunk, into: rows, activeTasks: [true, false, true])
    #expect(rows[1].equal(0).all().item() == 1)
    #expect(rows[2].isClose(to: expected[2], relative: 1e-12))
  }

  @Test("refuses buffers and lists that do not fit")
  func refusals() throws {
    let tasks = network.tasks(network.losses(network.features()))
    let wrong = [
      Tensor.zeros([3, 10], dtype: .float64), Tensor.zeros([3, 61]), Tensor.zeros([61, 3], dtype: .float64),
    ]
    for rows in wrong {
      #expect(throws: TorchError.self) {
        try GradientSweep.run(tasks, withRespectTo: network.trunk, into: rows)
      }
    }
    let rows = try network.rows()
    let error = #expect(throws: TorchError.self) {
      try GradientSweep.run(tasks, withRespectTo: [network.trunk[0]], into: rows)
    }
    #expect(error?.description.contains("the rows are [3, 61], but 3 tasks and 20 parameters") == true)
    #expect(throws: TorchError.self) { try GradientSweep.combine(rows, weights: [1]) }
    #expect(throws: TorchError.self) { try GradientSweep.gramian(of: rows, columns: 0..<62) }
    #expect(throws: TorchError.self) { try GradientSweep.assign(rows[0], asGradientsOf: [network.trunk[0]]) }
    #expect(throws: TorchError.self) { try GradientSweep.allocateRows(taskCount: 2, parameters: []) }
    #expect(throws: TorchError.self) {
      try GradientSweep.pullBack(
        rows, through: [network.trunk[0]], to: network.trunk, into: rows, activeTasks: [true])
    }
  }

  @Test("finds which parameters a loss reaches without differentiating")
  func reached() throws {
    let losses = network.losses(network.features())
    let parameters = [network.trunk[0], network.heads[0][0], network.heads[1][0], Tensor([1.0])]
    let reached = try GradientSweep.reached(from: [losses[0], losses[1], nil], parameters: parameters)
    #expect(reached[0] == [true, true, false, false])
    #expect(reached[1] == [true, false, true, false])
    #expect(reached[2] == [false, false, false, false])
    #expect(GradientSweep.columns(of: network.trunk) == [0..<20, 20..<25, 25..<55, 55..<61])
  }
}

@Suite("What is computed from gradient rows")
struct GradientRowsTests {
  @Test(
    "the Gramian in single precision keeps double precision's digits", arguments: [1, 2048, 2049, 100_003])
  func gramian(columns: Int) throws {
    let rows = Tensor.normal([4, columns], mean: 0.1, using: Generator(seed: 1))
    let exact = rows.to(.float64).matmul(rows.to(.float64).transposed()).toArray(as: Double.self)
    let computed = try GradientSweep.gramian(of: rows)
    for (value, reference) in zip(computed, exact) {
      #expect(abs(value - reference) <= 3e-6 * Double(columns) / 10)
    }
    let double = try GradientSweep.gramian(of: rows.to(.float64))
    for (value, reference) in zip(double, exact) {
      #expect(abs(value - reference) <= 1e-12 * Double(columns))
    }
  }

  @Test("the Gramians of column ranges add up to the whole, and do not depend on threads")
  func columnRanges() throws {
    let rows = Tensor.normal([3, 10_000], using: Generator(seed: 2))
    let whole = try GradientSweep.gramian(of: rows)
    let left = try GradientSweep.gramian(of: rows, columns: 0..<4096)
    let right = try GradientSweep.gramian(of: rows, columns: 4096..<10_000)
    for index in 0..<9 { #expect(abs(whole[index] - left[index] - right[index]) < 1e-3) }
    #expect(try GradientSweep.gramian(of: rows, columns: 5..<5) == [Double](repeating: 0, count: 9))
    let threads = Engine.threadCount
    try Engine.setThreadCount(1)
    #expect(try GradientSweep.gramian(of: rows) == whole)
    try Engine.setThreadCount(threads)
  }

  @Test("kernels and libtorch agree, and the number of threads changes no bit", arguments: [2, 10, 50, 257])
  func kernels(taskCount: Int) throws {
    let rows = Tensor.normal([taskCount, 150_001], mean: 0.1, using: Generator(seed: 3))
    let weights = (0..<taskCount).map { 1 / Double($0 + 2) }
    let wide = rows.to(.float64)
    let reference = wide.matmul(wide.transposed()).toArray(as: Double.self)
    let sums = wide.transposed().matmul(Tensor(weights, dtype: .float64)).toArray(as: Double.self)
    let gramian = try GradientSweep.gramian(of: rows)
    let vector = try GradientSweep.combine(rows, weights: weights).toArray(as: Float.self)
    let scale = try #require(reference.max())
    #expect(zip(gramian, reference).allSatisfy { abs($0 - $1) <= 1e-6 * scale })
    #expect(zip(vector, sums).allSatisfy { abs(Double($0) - $1) <= 1e-5 })
    let threads = Engine.threadCount
    for count in 1...3 {
      try Engine.setThreadCount(count)
      #expect(try GradientSweep.gramian(of: rows) == gramian)
      #expect(try GradientSweep.combine(rows, weights: weights).toArray() == vector)
    }
    try Engine.setThreadCount(threads)
  }

  @Test("rows of every kind are multiplied: half precision, columns of a larger matrix, transposed")
  func kinds() throws {
    let rows = Tensor.arange(40, dtype: .float32).reshaped([4, 10])
    let expected = rows.matmul(rows.transposed()).toArray(as: Float.self).map(Double.init)
    let half = rows.to(.bfloat16)
    let wide = Tensor.concatenated([Tensor.ones([4, 3]), rows, Tensor.ones([4, 2])], axis: 1)
    let narrowed = wide.narrowed(1, start: 3, length: 10)
    let turned = rows.transposed().contiguous().transposed()
    for sample in [half, narrowed, turned] {
      #expect(try GradientSweep.gramian(of: sample) == expected)
      let vector = try GradientSweep.combine(sample, weights: [1, 0, -1, 0])
      #expect(
        vector.dtype == sample.dtype && vector.to(.float32).toArray() == [Float](repeating: -20, count: 10))
    }
  }

  @Test("groups of columns have weights of their own")
  func groups() throws {
    let rows = Tensor.stacked([Tensor.arange(7, dtype: .float32), Tensor.ones([7])])
    let vector = try GradientSweep.combine(
      rows, weights: [[1, 0], [0, 5], [2, 1]], groups: [0..<3, 3..<3, 3..<7])
    #expect(vector.toArray() == [Float(0), 1, 2, 7, 9, 11, 13])
    #expect(throws: TorchError.self) {
      try GradientSweep.combine(rows, weights: [[1, 0], [0, 1]], groups: [0..<3, 3..<6])
    }
    #expect(throws: TorchError.self) {
      try GradientSweep.combine(rows, weights: [[1, 0]], groups: [0..<3, 3..<7])
    }
    #expect(throws: TorchError.self) { try GradientSweep.combine(rows, weights: [[1]], groups: [0..<7]) }
    #expect(throws: TorchError.self) {
      try GradientSweep.combine(rows, weights: [[1, 0], [0, 1]], groups: [0..<3, 4..<7])
    }
  }

  @Test(
    "a combination is written over the first row, to the same digits and without a piece of memory",
    arguments: [1, 2, 3, 8, 9, 17, 300])
  func inPlace(taskCount: Int) throws {
    let rows = Tensor.normal([taskCount, 1001], using: Generator(seed: 3))
    let weights = [(0..<taskCount).map { 0.3 - Double($0) / 20 }, Array(repeating: 0.5, count: taskCount)]
    let groups = [0..<400, 400..<1001]
    let apart = try GradientSweep.combine(rows, weights: weights, groups: groups)
    let others = rows.narrowed(0, start: 1, length: taskCount - 1).clone()
    let (vector, work) = try Work.measured {
      try GradientSweep.combineInPlace(rows, weights: weights, groups: groups)
    }
    #expect(vector.equal(apart).all().item() == 1)
    #expect(vector.sharesStorage(with: rows) && rows.selected(0, 0).equal(apart).all().item() == 1)
    #expect(rows.narrowed(0, start: 1, length: taskCount - 1).equal(others).all().item() == 1)
    // Of more rows than the kernels take, libtorch makes a sum of its own first.
    #expect(taskCount > 256 || work.allocations == 0)
  }

  @Test("rows without a first one, or with gaps, are not written over")
  func inPlaceRefused() throws {
    let turned = Tensor.ones([5, 2]).transposed()
    #expect(throws: TorchError.self) {
      try GradientSweep.combineInPlace(turned, weights: [[1, 1]], groups: [0..<5])
    }
    #expect(throws: TorchError.self) {
      try GradientSweep.combineInPlace(Tensor.ones([0, 3]), weights: [[]], groups: [0..<3])
    }
  }

  @Test("a task that is not finite shows on the Gramian's diagonal")
  func notFinite() throws {
    let rows = Tensor.ones([2, 10])
    rows[1].narrowed(0, start: 3, length: 1).fillInPlace(Double.nan)
    let gramian = try GradientSweep.gramian(of: rows)
    #expect(gramian[0] == 10 && gramian[3].isNaN)
  }

  @Test("the combination is the weighted sum, and becomes gradients without a copy")
  func combination() throws {
    let parameters = [Tensor.zeros([2, 2]).requiringGrad(), Tensor.zeros([3]).requiringGrad()]
    let rows = Tensor.stacked([Tensor.arange(7, dtype: .float32), Tensor.ones([7])])
    let vector = try GradientSweep.combine(rows, weights: [2, -1])
    #expect(vector.toArray() == [Float(-1), 1, 3, 5, 7, 9, 11])
    try GradientSweep.assign(vector, asGradientsOf: parameters)
    #expect(parameters[0].grad?.toArray() == [Float(-1), 1, 3, 5])
    #expect(parameters[1].grad?.sharesStorage(with: vector) == true)
    try GradientSweep.assign(vector.clone(), asGradientsOf: parameters, accumulates: true)
    #expect(parameters[1].grad?.toArray() == [Float(14), 18, 22])
  }
}
