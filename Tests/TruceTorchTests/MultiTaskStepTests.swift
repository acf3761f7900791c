import Testing
import Torch
import Truce
import TruceTorch

@Suite("The way from losses to gradients")
struct MultiTaskStepTests {
  @Test("Equal weighting gives the gradient of the sum, in one pass")
  func equalWeighting() throws {
    let network = SmallNetwork()
    let step = try makeStep(method: .lossWeighting(EqualWeighting()), partition: network.partition)
    let report = try step.fillGradients(network.pass())
    let rows = try HostRows(network.plainRows())
    #expect(isClose(network.sharedGradient, rows.combined(with: [1, 1, 1]).coordinates))
    for task in 0..<3 { #expect(try isClose(network.headGradient(task), network.plainHeadGradient(task))) }
    #expect(report.gramian == nil)
    #expect(report.lossWeights == [1, 1, 1])
  }

  @Test(
    "A Gramian method's direction is that of its weights on the plain rows; heads keep their own gradient",
    arguments: ["mgda", "pcgrad", "imtl-g", "cagrad"], [true, false])
  func gramianMethods(name: String, naming: Bool) throws {
    let network = SmallNetwork()
    let method = try Catalogue.method(named: name)
    let step = try makeStep(method: method, partition: network.partition, seed: 5)
    let report = try step.fillGradients(network.pass(naming: naming))
    let rows = try HostRows(network.plainRows())
    let weights = try #require(report.weights)[0]
    #expect(isClose(network.sharedGradient, rows.combined(with: weights).coordinates))
    #expect(isClose(try #require(report.gramian).elements, rows.gramian().elements))
    #expect(isClose(weights, try hostWeights(of: method, rows: rows, losses: report.losses, seed: 5)))
    for task in 0..<3 { #expect(try isClose(network.headGradient(task), network.plainHeadGradient(task))) }
  }

  private func hostWeights(
    of method: AnyMethod, rows: HostRows, losses: [Double?], seed: UInt64
  ) throws -> [Double] {
    var reconciler = try Reconciler(method, taskCount: rows.taskCount, seed: seed)
    var step = try reconciler.begin(losses: losses, learningRate: nil)
    return try reconciler.decide(&step, gramian: rows.gramian()).weights[0]
  }

  @Test("A weighting in front scales what the method sees and the heads")
  func weightingInFront() throws {
    let network = SmallNetwork()
    let step = try makeStep(
      method: .gramian(CAGrad(c: 0.4)), weighting: OptimalUncertaintyWeighting(), partition: network.partition
    )
    let report = try step.fillGradients(network.pass())
    let lossWeights = try #require(report.lossWeights)
    let scaled = zip(try network.plainRows(), lossWeights).map { row, weight in row.map { $0 * weight } }
    let rows = try HostRows(scaled)
    let own = try hostWeights(of: .gramian(CAGrad(c: 0.4)), rows: rows, losses: report.losses, seed: 0)
    #expect(isClose(network.sharedGradient, rows.combined(with: own).coordinates))
    for task in 0..<3 {
      let plain = try network.plainHeadGradient(task).map { $0 * lossWeights[task] }
      #expect(isClose(network.headGradient(task), plain))
    }
  }

  @Test("With the features as target the trunk is walked once with the combined feature gradient")
  func featureTarget() throws {
    let network = SmallNetwork()
    let step = try makeStep(
      method: .gramian(CAGrad(c: 0.4)), partition: network.partition,
      settings: StepSettings(target: .features))
    let report = try step.fillGradients(network.pass())
    let weights = try #require(report.weights)[0]
    // The trunk is linear in what it is given backwards, so the rows' combination must come out.
    let rows = try HostRows(network.plainRows())
    #expect(isClose(network.sharedGradient, rows.combined(with: weights).coordinates))
    let features = network.features().detached().requiringGrad()
    let featureRows = try network.losses(of: features).map { loss in
      try Autograd.gradients(of: [loss], withRespectTo: [features])[0]?.toArray(as: Double.self) ?? []
    }
    #expect(isClose(try #require(report.gramian).elements, try HostRows(featureRows).gramian().elements))
  }

  @Test("Groups get weights of their own", arguments: [(GradientGrouping.layer, 2), (.tensor, 4)])
  func grouping(grouping: GradientGrouping, count: Int) throws {
    let network = SmallNetwork()
    let step = try makeStep(
      method: .gramian(MGDA()), partition: network.partition, settings: StepSettings(grouping: grouping))
    let report = try step.fillGradients(network.pass())
    let weights = try #require(report.weights)
    #expect(weights.count == count)
    let lengths = grouping == .layer ? [25, 18] : [20, 5, 15, 3]
    let rows = try network.plainRows()
    var expected: [Double] = []
    var start = 0
    for (length, weights) in zip(lengths, weights) {
      let part = try HostRows(rows.map { Array($0[start..<(start + length)]) })
      expected += part.combined(with: weights).coordinates
      #expect(
        isClose(weights, try hostWeights(of: .gramian(MGDA()), rows: part, losses: report.losses, seed: 0)))
      start += length
    }
    #expect(isClose(network.sharedGradient, expected))
  }

  @Test("Conventions multiply by the number of tasks and cut the length")
  func convention() throws {
    let network = SmallNetwork()
    let plain = try makeStep(method: .gramian(CAGrad(c: 0.4)), partition: network.partition)
    _ = try plain.fillGradients(network.pass())
    let once = network.sharedGradient
    let tripled = try makeStep(
      method: .gramian(CAGrad(c: 0.4)), partition: network.partition,
      settings: StepSettings(convention: GradientConvention(multipliesByTaskCount: true)))
    _ = try tripled.fillGradients(network.pass())
    #expect(isClose(network.sharedGradient, once.map { 3 * $0 }))
    let cut = try makeStep(
      method: .gramian(CAGrad(c: 0.4)), partition: network.partition,
      settings: StepSettings(convention: GradientConvention(maximumNorm: 0.5)))
    _ = try cut.fillGradients(network.pass())
    let length = network.sharedGradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect((length - 0.5).magnitude < 1e-9)
  }

  @Test("Shared parameters are those that more than one loss reaches")
  func discovery() throws {
    let network = SmallNetwork(taskCount: 2)
    let named =
      network.partition.shared
      + network.heads.enumerated().flatMap { task, head in
        head.enumerated().map { (name: "head\(task).\($0)", tensor: $1) }
      }
    let found = try ParameterPartition.found(
      losses: network.losses(of: network.features()), parameters: named)
    #expect(found.shared.map(\.name) == network.names)
    #expect(found.heads.map(\.count) == [2, 2])
    #expect(zip(found.heads[1], network.heads[1]).allSatisfy { $0.isSame(as: $1) })
  }
}
