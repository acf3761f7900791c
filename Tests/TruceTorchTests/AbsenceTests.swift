import Testing
import Torch
import Truce
import TruceTorch

@Suite("Partial labels and values that are not finite")
struct AbsenceTests {
  private func step(
    _ network: SmallNetwork, _ method: AnyMethod, policy: NonFinitePolicy = .throw
  ) throws -> MultiTaskStep {
    try makeStep(
      method: method, partition: network.partition, settings: StepSettings(nonFinite: policy))
  }

  @Test(
    "A task without labels has weight zero, and the others are solved as if alone",
    arguments: ["mgda", "cagrad", "imtl-g"])
  func absentTask(name: String) throws {
    let network = SmallNetwork()
    let pass = network.pass()
    let partial = ForwardPass(losses: [pass.losses[0], nil, pass.losses[2]], features: pass.features)
    let report = try step(network, Catalogue.method(named: name)).fillGradients(partial)
    let weights = try #require(report.weights)[0]
    #expect(weights[1] == 0)
    #expect(report.losses[1] == nil)
    #expect(network.heads[1].allSatisfy { $0.grad == nil })
    let rows = try HostRows(network.plainRows())
    #expect(isClose(network.sharedGradient, rows.combined(with: weights).coordinates))

    let alone = SmallNetwork()
    let two = ParameterPartition(shared: alone.partition.shared, heads: [alone.heads[0], alone.heads[2]])
    let pair = try makeStep(method: Catalogue.method(named: name), partition: two)
    let again = alone.pass()
    let other = try pair.fillGradients(
      ForwardPass(losses: [again.losses[0], again.losses[2]], features: again.features))
    #expect(isClose([weights[0], weights[2]], try #require(other.weights)[0]))
  }

  @Test("A loss weighting keeps an absent task's last loss and adds nothing for it")
  func absentUnderWeighting() throws {
    let network = SmallNetwork()
    let subject = try step(network, .lossWeighting(OptimalUncertaintyWeighting()))
    _ = try subject.fillGradients(network.pass())
    let pass = network.pass()
    let report = try subject.fillGradients(ForwardPass(losses: [nil, pass.losses[1], pass.losses[2]]))
    let weights = try #require(report.lossWeights)
    var masked = weights
    masked[0] = 0
    let rows = try HostRows(network.plainRows())
    #expect(isClose(network.sharedGradient, rows.combined(with: masked).coordinates))
    #expect(weights.allSatisfy { $0.isFinite })
  }

  @Test("A batch without any label changes nothing")
  func nothingPresent() throws {
    let network = SmallNetwork()
    let report = try step(network, .gramian(CAGrad(c: 0.4))).fillGradients(ForwardPass(losses: [nil, nil, nil]))
    #expect(report.losses.allSatisfy { $0 == nil })
    #expect(network.trunk.allSatisfy { $0.grad == nil })
  }

  /// A pass in which the loss of one task is finite but its gradient is not.
  private func brokenPass(_ network: SmallNetwork, task: Int, inLoss: Bool) -> ForwardPass {
    let pass = network.pass()
    var losses = pass.losses
    let zero = (network.trunk[1] - network.trunk[1].detached()).sum()
    // The square root has an infinite slope at zero, so the value stays finite.
    losses[task] = losses[task].map { inLoss ? $0 / 0 : $0 + zero.sqrt() }
    return ForwardPass(losses: losses)
  }

  @Test("The policy 'throw' names the task", arguments: [true, false])
  func throwing(inLoss: Bool) throws {
    let network = SmallNetwork()
    let subject = try step(network, .gramian(CAGrad(c: 0.4)))
    let what = inLoss ? "loss" : "gradient"
    #expect(throws: MethodError.nonFinite(task: 1, what: what)) {
      try subject.fillGradients(brokenPass(network, task: 1, inLoss: inLoss))
    }
  }

  @Test("The policy 'skip-step' leaves no gradient behind", arguments: [true, false])
  func skipping(inLoss: Bool) throws {
    let network = SmallNetwork()
    let subject = try step(network, .gramian(CAGrad(c: 0.4)), policy: .skipStep)
    let report = try subject.fillGradients(brokenPass(network, task: 2, inLoss: inLoss))
    #expect(report.skipReason == .nonFinite(task: 2, what: inLoss ? "loss" : "gradient"))
    #expect((network.trunk + network.heads.joined()).allSatisfy { $0.grad == nil })
  }

  @Test("The policy 'drop-task' goes on with the others", arguments: [true, false])
  func dropping(inLoss: Bool) throws {
    let network = SmallNetwork()
    let subject = try step(network, .gramian(CAGrad(c: 0.4)), policy: .dropTask)
    let report = try subject.fillGradients(brokenPass(network, task: 0, inLoss: inLoss))
    #expect(report.droppedTasks == [0])
    #expect(try #require(report.weights)[0][0] == 0)
    #expect(network.heads[0].allSatisfy { $0.grad == nil })
    #expect(network.sharedGradient.allSatisfy { $0.isFinite })
    let rows = try HostRows(network.plainRows())
    let weights = try #require(report.weights)[0]
    #expect(isClose(network.sharedGradient, rows.combined(with: weights).coordinates))
  }

  @Test("What is wrong with a pass is said in words")
  func messages() throws {
    let network = SmallNetwork()
    let subject = try step(network, .gramian(CAGrad(c: 0.4)))
    let sum = network.pass().losses.compactMap { $0 }.dropFirst().reduce(
      network.pass().losses[0] ?? network.input, +)
    #expect(throws: StepError.wrongLossCount(expected: 3, received: 1)) {
      try subject.fillGradients(ForwardPass(losses: [sum]))
    }
    #expect(
      "\(StepError.wrongLossCount(expected: 3, received: 1))"
        == "expected 3 losses, one for each task, got 1")
    #expect(throws: StepError.lossNotScalar(task: 0, shape: [8, 4])) {
      try subject.fillGradients(ForwardPass(losses: [network.input, nil, nil]))
    }
    let features = try makeStep(
      method: .gramian(CAGrad(c: 0.4)), partition: network.partition,
      settings: StepSettings(target: .features))
    #expect(throws: StepError.noFeatures) { try features.fillGradients(network.pass(naming: false)) }
  }
}
