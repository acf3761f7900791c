import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

@Suite("A step under autocast")
struct AutocastStepTests {
  private func rows(
    _ network: NarrowNetwork, walk: GradientSweep.Walk, naming: Bool = true, without absent: Set<Int> = []
  ) throws -> Tensor {
    let setup = StrategySetup(
      partition: network.partition, settings: StepSettings(), clock: .system, walk: walk)
    let source = setup.makeSource()
    let pass = network.pass(naming: naming, without: absent)
    let present = pass.losses.indices.filter { !absent.contains($0) }
    try source.collect(pass, tasks: present, heads: network.heads.map { [$0] })
    return try source.rows
  }

  private func expectClose(_ one: Tensor, _ other: Tensor, _ tolerance: Double, _ comment: Comment? = nil) {
    for row in 0..<other.shape[0] {
      let (mine, theirs) = (one.selected(0, row), other.selected(0, row))
      #expect((mine - theirs).norm().item() <= tolerance * theirs.norm().item(), comment)
    }
  }

  @Test(
    "Rows are those of a walk for each task and of plain differentiation, in single precision",
    arguments: [DType.bfloat16, .float16], [false, true])
  func walks(type: DType, isConvolutional: Bool) throws {
    let network = NarrowNetwork(taskCount: 5, isConvolutional: isConvolutional, autocast: type)
    let together = try rows(network, walk: .together)
    #expect(together.dtype == .float32 && network.pass().features[0].dtype == type)
    #expect(together.norm().item() > 0.1)
    let tolerance = type == .bfloat16 ? 1e-2 : 2e-3
    expectClose(together, try rows(network, walk: .oneByOne), tolerance)
    expectClose(together, try rows(network, walk: .oneByOne, naming: false), tolerance)
    let wide = NarrowNetwork(taskCount: 5, isConvolutional: isConvolutional, autocast: nil)
    expectClose(together, try rows(wide, walk: .oneByOne), 5e-2, "far from single precision")
    let partial = try rows(network, walk: .together, without: [1])
    #expect(partial.selected(0, 1).norm().item() == 0)
  }

  private func step(
    _ network: NarrowNetwork, _ settings: StepSettings = StepSettings(), _ method: String = "cagrad"
  ) throws -> StepReport {
    try makeStep(method: Catalogue.method(named: method), partition: network.partition, settings: settings)
      .fillGradients(network.pass())
  }

  @Test("CAGrad's weights are within 0.01 of those in single precision", arguments: [false, true])
  func weights(isConvolutional: Bool) throws {
    let wide = try step(NarrowNetwork(isConvolutional: isConvolutional, autocast: nil))
    let expected = try #require(wide.weights)[0]
    #expect(expected.max() != expected.min(), "there is nothing to weigh")
    let settings = [
      StepSettings(), StepSettings(memory: .stream),
      StepSettings(scaling: try GradientScaling()),
    ]
    for settings in settings {
      let narrow = NarrowNetwork(isConvolutional: isConvolutional)
      let found = try #require(step(narrow, settings).weights)[0]
      #expect(zip(found, expected).allSatisfy { ($0 - $1).magnitude < 1e-2 }, "\(found) for \(expected)")
      #expect(found != expected, "nothing was narrow")
    }
  }

  @Test("Streamed gradients, and those of features, are what rows give", arguments: [false, true])
  func sources(isConvolutional: Bool) throws {
    func gramian(_ settings: StepSettings) throws -> Gramian {
      try #require(step(NarrowNetwork(isConvolutional: isConvolutional), settings).gramian)
    }
    let (rows, streamed) = (try gramian(StepSettings()), try gramian(StepSettings(memory: .stream)))
    #expect(isClose(streamed.norms, rows.norms, tolerance: 1e-2))

    let (network, wide) = (NarrowNetwork(), NarrowNetwork(autocast: nil))
    let settings = StepSettings(target: .features)
    let source = StrategySetup(partition: network.partition, settings: settings, clock: .system).makeSource()
    try source.collect(network.pass(), tasks: [0, 1, 2], heads: [])
    let found = try source.rows
    #expect(found.dtype == .float32)
    try source.collect(wide.pass(), tasks: [0, 1, 2], heads: [])
    expectClose(found, try source.rows, 2e-2)
    let weights = try [nil, DType.bfloat16].map {
      try #require(step(NarrowNetwork(autocast: $0), settings, "mgda").weights)[0]
    }
    #expect(zip(weights[0], weights[1]).allSatisfy { ($0 - $1).magnitude < 2e-2 }, "\(weights)")
  }

  @Test("Parameters, their gradients and the optimizer's memory stay in single precision")
  func types() throws {
    let network = NarrowNetwork()
    let optimizer = Optimizer(
      NamedTensors(network.partition.shared + network.heads.enumerated().map { ("h\($0)", $1) }),
      rule: try Adam(learningRate: 1e-2))
    let step = try makeStep(
      method: .gramian(CAGrad()), partition: network.partition, optimizer: optimizer)
    let losses = try (0..<30).map { _ in try step.step(network.pass()).losses.reduce(0) { $0 + ($1 ?? 0) } }
    #expect(losses[29] < 0.7 * losses[0])
    let all = network.trunk + network.heads
    #expect(all.allSatisfy { $0.dtype == .float32 && $0.grad?.dtype == .float32 })
    #expect(optimizer.state().tensors.tensors.allSatisfy { $0.dtype != .bfloat16 })
  }
}
