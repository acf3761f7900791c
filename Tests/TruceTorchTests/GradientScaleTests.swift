import Foundation
import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

@Suite("One scale for the losses of all tasks")
struct GradientScaleTests {
  // MARK: A scale that nobody notices

  /// What three steps tell, and where the parameters are then.
  private struct Course: Equatable {
    var losses: [[Double?]] = []
    var weights: [[[Double]]?] = []
    var lossWeights: [[Double]?] = []
    var grams: [Gramian?] = []
    var conflicts: [Double?] = []
    var gradients: [[Double]] = []
    var coordinates: [Double] = []
  }

  private func course(
    _ name: String, scale: Double?, _ change: (inout StepSettings) -> Void = { _ in }, naming: Bool = true
  ) throws -> Course {
    let network = SmallNetwork(isRotated: name == "rotograd")
    let others = [31, 32].map { SmallNetwork(batchFor: network, seed: $0) }
    var settings = StepSettings()
    settings.scaling = try scale.map { try GradientScaling(initialScale: $0, growthInterval: 2) }
    change(&settings)
    let step = try makeStep(
      method: Catalogue.method(named: name), partition: network.partition,
      optimizer: Optimizer(network.named, rule: try Adam(learningRate: 0.01)), settings: settings, seed: 3)
    var course = Course()
    for _ in 0..<3 {
      let report = try step.fillGradients(
        network.pass(naming: naming), further: others.map { other in { other.pass(naming: naming) } },
        measuresConflict: true)
      course.losses.append(report.losses)
      course.weights.append(report.weights)
      course.lossWeights.append(report.lossWeights)
      course.grams.append(report.gramian)
      course.conflicts.append(report.conflict?.signConflict)
      course.gradients.append(network.gradient)
      try step.update()
    }
    course.coordinates = network.coordinates
    if let scale { #expect(step.gradientScale?.scale == 2 * scale && step.gradientScale?.skippedSteps == 0) }
    return course
  }

  /// Every method that has defaults.
  static let names = Catalogue.entries.map(\.about).filter { about in
    about.parameters.allSatisfy { $0.defaultValue != nil }
  }.map(\.name)

  @Test("A power of two changes no bit of any step, for every method", arguments: names)
  func powers(name: String) throws {
    #expect(try course(name, scale: 65536) == course(name, scale: nil))
  }

  @Test("A power of two changes no bit, wherever the gradients are and whatever is grouped or cut")
  func sources() throws {
    let changes: [(String, (inout StepSettings) -> Void)] = [
      ("cagrad", { $0.memory = .stream }), ("cagrad", { ($0.memory, $0.grouping) = (.stream, .tensor) }),
      ("pcgrad", { $0.grouping = .layer }), ("cagrad-fast", { $0.memory = .stream }),
      ("mgda", { $0.target = .features }), ("graddrop", { $0.target = .features }),
      ("upgrad", { $0.convention = GradientConvention(maximumNorm: 0.1) }),
      ("ew", { $0.convention = GradientConvention(maximumNorm: 0.1) }),
      ("cagrad", { $0.nonFinite = .dropTask }), ("ew", { $0.nonFinite = .dropTask }),
    ]
    for (name, change) in changes {
      for naming in [true, false] {
        let isOnFeatures = { () -> Bool in
          var settings = StepSettings()
          change(&settings)
          return settings.target == .features
        }()
        guard naming || !isOnFeatures else { continue }
        let scaled = try course(name, scale: 65536, change, naming: naming)
        #expect(scaled == (try course(name, scale: nil, change, naming: naming)), "\(name), \(naming)")
      }
    }
  }

  @Test("Any other number changes the last digits only")
  func others() throws {
    let (scaled, plain) = (try course("cagrad", scale: 3000), try course("cagrad", scale: nil))
    #expect(zip(scaled.gradients, plain.gradients).allSatisfy { isClose($0, $1) })
  }

  // MARK: A scale that is too large

  private func scaling(_ scale: Double, interval: Int = 2) throws -> GradientScaling {
    try GradientScaling(initialScale: scale, growthInterval: interval)
  }

  private func setup(
    _ name: String, _ scale: Double, _ policy: NonFinitePolicy = .throw, target: GradientTarget = .parameters,
    memory: GradientMemory = .auto, autocast: DType? = .float16
  ) throws -> (NarrowNetwork, MultiTaskStep) {
    let network = NarrowNetwork(autocast: autocast)
    let settings = StepSettings(
      target: target, memory: memory, nonFinite: policy, scaling: try scaling(scale))
    return (
      network,
      try makeStep(method: Catalogue.method(named: name), partition: network.partition, settings: settings)
    )
  }

  private func coordinates(_ network: NarrowNetwork) -> [Float] {
    (network.trunk + network.heads).flatMap { $0.detached().toArray(as: Float.self) }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let method: String
    var policy = NonFinitePolicy.throw
    var target = GradientTarget.parameters
    var memory = GradientMemory.auto
    var testDescription: String { "\(method), \(policy.rawValue), \(target.rawValue), \(memory.rawValue)" }
  }

  static let cases =
    ["ew", "uw", "famo", "cagrad", "upgrad", "graddrop", "adatask", "mtl-io", "moml", "forum"].map {
      Case(method: $0)
    }
    + [
      Case(method: "cagrad", policy: .dropTask), Case(method: "cagrad", policy: .skipStep),
      Case(method: "ew", policy: .dropTask), Case(method: "cagrad", memory: .stream),
      Case(method: "mgda", target: .features), Case(method: "graddrop", target: .features),
    ]

  @Test(
    "A step that it makes infinite moves nothing and halves it, whatever the policy, until gradients are finite",
    arguments: cases)
  func overflow(_ setup: Case) throws {
    let (network, step) = try self.setup(
      setup.method, 0x1p30, setup.policy, target: setup.target, memory: setup.memory)
    let start = coordinates(network)
    var (skipped, report) = (0, try step.step(network.pass(), further: [{ network.pass() }]))
    let state = try step.stateBytes()
    while report.skipReason != nil {
      skipped += 1
      #expect(report.skipReason?.isAboutGradients == true && report.droppedTasks.isEmpty)
      #expect(report.losses.allSatisfy { $0?.isFinite == true })
      #expect(
        step.gradientScale
          == GradientScaling.State(
            scale: 0x1p30 / Double(1 << skipped), skippedSteps: skipped))
      try #require(coordinates(network) == start && skipped < 30)
      #expect(network.trunk.allSatisfy { $0.grad == nil })
      report = try step.step(network.pass(), further: [{ network.pass() }])
    }
    #expect(skipped > 5 && coordinates(network) != start && report.droppedTasks.isEmpty)
    #expect(step.gradientScale?.goodSteps == 1 && step.gradientScale?.skippedSteps == skipped)
    #expect(try step.stateBytes() != state)
  }

  @Test("Two good steps double it")
  func growth() throws {
    let (network, step) = try setup("cagrad", 4)
    let scales = try (0..<5).map { _ in
      _ = try step.step(network.pass())
      return step.gradientScale?.scale
    }
    #expect(scales == [4, 8, 8, 16, 16])
  }

  @Test(
    "The head of one task that overflows skips the step for all",
    arguments: ["ew", "cagrad", "graddrop", "pcgrad"])
  func head(method: String) throws {
    let (network, step) = try setup(method, 0x1p120, autocast: nil)
    // Nothing comes down from heads of zeros, and large features make their own gradients long.
    withoutGradients {
      for head in network.heads { head.zeroInPlace() }
      network.trunk[3].copyInPlace(from: Tensor.full(network.trunk[3].shape, 1e4))
    }
    let report = try step.step(network.pass())
    #expect(
      report.skipReason == .nonFinite(task: 0, what: "gradient") && step.gradientScale?.scale == 0x1p119)
  }

  @Test("What no scale is to blame for is left to the policy, and moves no scale")
  func policy() throws {
    let network = SmallNetwork()
    func broken(_ task: Int) -> ForwardPass {
      var losses: [Tensor?] = network.losses(of: network.features())
      losses[task] = losses[task].map { (loss: Tensor) in (loss - loss.detached()).sqrt() }
      return ForwardPass(losses: losses)
    }
    func step(_ scale: Double, _ policy: NonFinitePolicy) throws -> MultiTaskStep {
      try makeStep(
        method: .gramian(CAGrad()), partition: network.partition,
        settings: StepSettings(nonFinite: policy, scaling: scaling(scale)))
    }
    let atOne = try step(1, .throw)
    #expect(throws: MethodError.nonFinite(task: 1, what: "gradient")) { try atOne.step(broken(1)) }
    let dropping = try step(4, .dropTask)
    let reports = try (0..<3).map { _ in try dropping.fillGradients(broken(1)) }
    #expect(reports.map { $0.skipReason != nil } == [true, true, false])
    #expect(reports[2].droppedTasks == [1])
    let loss = try step(4, .skipStep)
    let infinite = ForwardPass(losses: network.pass().losses.map { $0.map { $0 / 0.0 } })
    #expect(try loss.step(infinite).skipReason == .nonFinite(task: 0, what: "loss"))
    #expect(loss.gradientScale == GradientScaling.State(scale: 4))
  }

  // MARK: State

  @Test("The scale and its counts are part of the state, and a state without them begins anew")
  func state() throws {
    let (network, step) = try setup("cagrad", 0x1p30)
    for _ in 0..<4 { _ = try step.step(network.pass()) }
    let (_, other) = try setup("cagrad", 8)
    try other.restore(stateBytes: step.stateBytes())
    #expect(other.gradientScale == step.gradientScale && other.gradientScale?.skippedSteps == 4)
    let plain = try makeStep(method: .gramian(CAGrad()), partition: network.partition)
    try plain.restore(stateBytes: step.stateBytes())
    #expect(plain.gradientScale == nil)
    let (_, fresh) = try setup("cagrad", 8)
    try fresh.restore(stateBytes: plain.stateBytes())
    #expect(fresh.gradientScale == GradientScaling.State(scale: 8))
  }
}
