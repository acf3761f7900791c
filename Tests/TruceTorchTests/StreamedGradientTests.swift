import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

@Suite("Streamed gradients")
struct StreamedGradientTests {
  static let names = Catalogue.entries.map(\.about).filter { $0.kind == .gramian }.map(\.name)

  /// What a few steps do.
  private struct Course: Equatable {
    var gradients: [[Double]] = []
    var coordinates: [Double] = []
    var conflicts: [Double] = []
  }

  /// Takes steps on a small network and tells all gradients before each, and the parameters at the end.
  private func course(
    _ name: String, _ memory: GradientMemory, grouping: GradientGrouping = .network, naming: Bool = true,
    weighting: (any LossWeighting)? = nil, absent: [Int] = [], taskCount: Int = 4
  ) throws -> Course {
    let network = SmallNetwork(taskCount: taskCount)
    let step = try makeStep(
      method: Catalogue.method(named: name), weighting: weighting, partition: network.partition,
      settings: StepSettings(grouping: grouping, memory: memory), seed: 3, learningRate: 0.01)
    #expect(step.gradientMemory == memory)
    var course = Course()
    for _ in 0..<3 {
      let pass = network.pass(naming: naming)
      let losses = pass.losses.enumerated().map { absent.contains($0) ? nil : $1 }
      let report = try step.fillGradients(
        ForwardPass(losses: losses, features: pass.features, again: pass.again), measuresConflict: true)
      course.gradients.append(network.gradient)
      course.conflicts.append(try #require(report.conflict).signConflict)
      try step.update()
    }
    course.coordinates = network.coordinates
    return course
  }

  private func expectAgreement(_ streamed: Course, _ rows: Course, _ comment: Comment? = nil) {
    for (one, other) in zip(streamed.gradients, rows.gradients) {
      #expect(isClose(one, other, tolerance: 1e-5), comment)
    }
    #expect(isClose(streamed.coordinates, rows.coordinates, tolerance: 1e-5), comment)
    #expect(isClose(streamed.conflicts, rows.conflicts), comment)
    #expect(streamed.gradients[0].contains { $0.magnitude > 1e-3 })
  }

  @Test(
    "give what rows give, for every method that sees the Gramian", arguments: names, GradientGrouping.allCases
  )
  func methods(name: String, grouping: GradientGrouping) throws {
    let streamed = try course(name, .stream, grouping: grouping)
    expectAgreement(streamed, try course(name, .rows, grouping: grouping))
    #expect(streamed == (try course(name, .stream, grouping: grouping)), "not the same bits")
  }

  @Test("do without named features", arguments: GradientGrouping.allCases)
  func losses(grouping: GradientGrouping) throws {
    let streamed = try course("cagrad", .stream, grouping: grouping, naming: false)
    expectAgreement(streamed, try course("cagrad", .rows, grouping: grouping, naming: false))
  }

  @Test("of a weighting in front, and of tasks without labels", arguments: [true, false])
  func front(naming: Bool) throws {
    let weighting = try ConstantWeighting(weights: [2, 1, 0.5, 3])
    for absent in [[], [1], [0, 3]] {
      let rows = try course("mgda", .rows, naming: naming, weighting: weighting, absent: absent)
      let streamed = try course("mgda", .stream, naming: naming, weighting: weighting, absent: absent)
      expectAgreement(streamed, rows, "\(absent) absent")
    }
  }

  @Test("of fewer tasks than groups take a pass for each task", arguments: [true, false])
  func fewTasks(naming: Bool) throws {
    let streamed = try course("upgrad", .stream, grouping: .tensor, naming: naming, taskCount: 2)
    expectAgreement(streamed, try course("upgrad", .rows, grouping: .tensor, naming: naming, taskCount: 2))
  }

  @Test("of mixtures of tasks")
  func mixtures() throws {
    let network = SmallNetwork(taskCount: 6)
    let method = AnyMethod.gramian(try CAGradFast(CAGrad(c: 0.4), sampleSize: 2))
    let step = try makeStep(
      method: method, partition: network.partition, settings: StepSettings(memory: .stream))
    let (report, work) = try Work.measured { try step.fillGradients(network.pass()) }
    // Three mixtures down to the features, from there to the parameters, and their sum.
    #expect(work.backwardPasses == 3 + 3 + 1)
    let rows = try network.plainRows()
    #expect(isClose(network.sharedGradient, sum(rows, weights: try #require(report.weights)[0])))
  }

  @Test("leave out a task whose gradient is not finite", arguments: [true, false])
  func dropping(naming: Bool) throws {
    let network = SmallNetwork()
    let pass = network.pass(naming: naming)
    let root = naming ? pass.features[0].selected(0, 0) : network.trunk[1]
    let zero = (root - root.detached()).sum()
    let losses = [pass.losses[0], pass.losses[1].map { $0 + zero.sqrt() }, pass.losses[2]]
    let step = try makeStep(
      method: .gramian(MGDA()), partition: network.partition,
      settings: StepSettings(memory: .stream, nonFinite: .dropTask))
    let report = try step.fillGradients(
      ForwardPass(losses: losses, features: pass.features), measuresConflict: true)
    #expect(report.droppedTasks == [1])
    #expect(
      isClose(network.sharedGradient, sum(try network.plainRows(), weights: try #require(report.weights)[0])))
    #expect(try #require(report.conflict).signConflict.isFinite)
  }

  @Test("are known by the memory there is")
  func footprint() {
    let network = SmallNetwork(taskCount: 40)
    let bytes = 40 * 43 * 8
    let tight = GradientFootprint(of: network.partition, memory: MemoryShare(bytes: 4 * bytes - 1))
    #expect(tight.bytes == bytes && tight.taskCount == 40 && tight.coordinateCount == 43)
    #expect(tight.resolved(.auto) == .stream && tight.resolved(.rows) == .rows)
    let wide = GradientFootprint(of: network.partition, memory: MemoryShare(bytes: 4 * bytes))
    #expect(wide.resolved(.auto) == .rows && wide.resolved(.stream) == .stream)
    for (workers, expected) in [(2, GradientMemory.rows), (3, .stream)] {
      let shared = GradientFootprint(
        of: network.partition, memory: MemoryShare(bytes: 8 * bytes, processes: workers))
      #expect(shared.resolved(.auto) == expected && shared.processes == workers)
    }
    let here = GradientFootprint(of: network.partition)
    #expect((here.deviceBytes ?? 0) > 1 << 28 && here.resolved(.auto) == .rows)
  }

  @Test("have single precision where parameters are narrower", arguments: [DType.bfloat16, .float16])
  func narrowFootprint(_ type: DType) throws {
    let parameter = Tensor.zeros([6, 7], dtype: type).requiringGrad()
    let partition = ParameterPartition(shared: [(name: "w", tensor: parameter)], heads: [[], [], []])
    let rows = try GradientSweep.allocateRows(taskCount: 3, parameters: [parameter])
    #expect(GradientFootprint(of: partition).bytes == rows.count * rows.dtype.byteCount)
    #expect(rows.dtype == .float32)
  }

  @Test("are nobody's where the method needs no task gradients, or those of the features")
  func others() throws {
    let network = SmallNetwork()
    let plain = try makeStep(method: Catalogue.method(named: "ew"), partition: network.partition)
    #expect(plain.gradientMemory == nil)
    let features = try makeStep(
      method: .gramian(MGDA()), partition: network.partition, settings: StepSettings(target: .features))
    #expect(features.gradientMemory == nil)
  }

  @Test("hold less than the rows, with one more pass")
  func cost() throws {
    func peak(_ memory: GradientMemory) throws -> Work {
      let generator = Generator(seed: 3)
      let weights = (0..<8).map { _ in
        Tensor.normal([100, 100], standardDeviation: 0.1, using: generator, dtype: .float64).requiringGrad()
      }
      let input = Tensor.normal([4, 100], using: generator, dtype: .float64)
      let heads = (0..<20).map { _ in
        Tensor.normal([100], using: generator, dtype: .float64).requiringGrad()
      }
      let features = weights.reduce(input) { $0.linear(weight: $1).tanh() }
      let partition = ParameterPartition(
        shared: weights.enumerated().map { (name: "w\($0)", tensor: $1) }, heads: heads.map { [$0] })
      let step = try makeStep(
        method: .gramian(MGDA()), partition: partition, settings: StepSettings(memory: memory))
      let pass = ForwardPass(losses: heads.map { (features * $0).sum().square() }, features: [features])
      return try Work.measured { try step.fillGradients(pass) }.work
    }
    let (rows, streamed) = (try peak(.rows), try peak(.stream))
    let row = 100 * 100 * 8
    #expect(rows.peakBytes > 20 * 8 * row)
    // The largest layer's rows, and the combination.
    #expect(streamed.peakBytes < (20 + 8 + 8) * row, "\(streamed.peakBytes)")
    #expect(streamed.backwardPasses == rows.backwardPasses + 1)
  }
}
