import Testing
import Torch
import Truce
import TruceTorch

@Suite("How the losses depend on the shared parameters is looked at once")
struct PathTests {
  /// A pass in which the first task also reads the trunk's first bias directly.
  private func passAround(_ network: SmallNetwork) -> ForwardPass {
    let features = network.features()
    var losses = network.losses(of: features)
    losses[0] = losses[0] + network.trunk[1].square().sum()
    return ForwardPass(losses: losses, features: [features]) { self.passAround(network) }
  }

  private func plainRow(_ network: SmallNetwork) throws -> [Double] {
    let loss = try #require(passAround(network).losses[0])
    return try Autograd.gradients(of: [loss], withRespectTo: network.trunk)
      .flatMap { $0?.toArray(as: Double.self) ?? [] }
  }

  @Test("A path around the features loses no gradient", arguments: ["sum", "cagrad", "graddrop", "adatask"])
  func pathAround(name: String) throws {
    let network = SmallNetwork()
    let step = try makeStep(method: Catalogue.method(named: name), partition: network.partition)
    let report = try step.fillGradients(passAround(network))
    var rows = try network.plainRows()
    rows[0] = try plainRow(network)
    #expect(isClose(try #require(report.gramian).elements, try HostRows(rows).gramian().elements))
    if let weights = report.weights?[0] {
      #expect(isClose(network.sharedGradient, sum(rows, weights: weights)))
    }
  }

  @Test("Independent batches are walked without the cut too", arguments: ["sdmgrad", "modo"])
  func furtherPasses(name: String) throws {
    let network = SmallNetwork()
    let step = try makeStep(method: Catalogue.method(named: name), partition: network.partition)
    let report = try step.fillGradients(
      passAround(network), further: [{ passAround(network) }, { passAround(network) }])
    var rows = try network.plainRows()
    rows[0] = try plainRow(network)
    #expect(isClose(network.sharedGradient, sum(rows, weights: try #require(report.weights)[0])))
  }

  @Test("Where gradients of the features are wanted a path around them is refused by name")
  func refusal() throws {
    let network = SmallNetwork()
    let step = try makeStep(
      method: .gramian(MGDA()), partition: network.partition, settings: StepSettings(target: .features))
    let error = StepError.pathAroundFeatures(task: 0, parameter: "first.bias")
    #expect(throws: error) { try step.step(passAround(network)) }
    #expect(
      "\(error)"
        == "the loss of task 0 depends on 'first.bias' in a way that does not pass through the features")
    #expect(
      error.help
        == "name every tensor through which the heads read the trunk, or use gradients: parameters")
    let rotated = SmallNetwork(isRotated: true)
    let rotoGrad = try makeStep(method: .wholeStep(RotoGrad()), partition: rotated.partition)
    #expect(throws: error) { try rotoGrad.step(passAround(rotated)) }
  }

  @Test(
    "A task whose loss reaches no shared parameter is named, at the first step in which it takes part",
    arguments: ["ew", "cagrad", "graddrop", "mtl-io"])
  func unreached(name: String) throws {
    let network = SmallNetwork()
    let step = try makeStep(method: Catalogue.method(named: name), partition: network.partition)
    let whole = network.pass()
    _ = try step.step(ForwardPass(losses: [whole.losses[0], whole.losses[1], nil]))
    let pass = network.pass()
    let lost = network.losses(of: network.features().detached())[2]
    #expect(throws: StepError.notReached(task: 2)) {
      try step.step(ForwardPass(losses: [pass.losses[0], pass.losses[1], lost]))
    }
    #expect(
      "\(StepError.notReached(task: 2))" == "the loss of task 2 depends on no shared parameter")
  }
}
