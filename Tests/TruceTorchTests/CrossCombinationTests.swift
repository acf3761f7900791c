import Testing
import Torch
import Truce
import TruceTorch

@Suite("Methods that compare two batches")
struct CrossCombinationTests {
  static let names = ["sdmgrad", "modo"]

  /// The batches: one to step with, two to compare.
  private struct Batches {
    let network = SmallNetwork()
    let first: SmallNetwork
    let second: SmallNetwork

    init() {
      first = SmallNetwork(batchFor: network, seed: 21)
      second = SmallNetwork(batchFor: network, seed: 22)
    }

    var further: [() throws -> ForwardPass] { [{ first.pass() }, { second.pass() }] }

    func crossGramian(weights: [Double]) throws -> CrossGramian {
      let (a, b) = (try first.plainRows(), try second.plainRows())
      let elements = a.indices.flatMap { i in
        b.indices.map { j in weights[i] * weights[j] * inner(a[i], b[j]) }
      }
      return try CrossGramian(taskCount: 3, elements: elements)
    }
  }

  /// What the method alone makes of a cross-Gramian, step by step.
  private struct Plain {
    var reconciler: Reconciler

    init(_ name: String) throws {
      reconciler = try Reconciler(Catalogue.method(named: name), taskCount: 3)
    }

    mutating func weights(_ cross: CrossGramian) throws -> [Double] {
      var step = try reconciler.begin(losses: [1, 1, 1], learningRate: nil)
      let gramian = Gramian(taskCount: 3) { $0 == $1 ? 1 : 0 }
      return try reconciler.decide(&step, gramian: gramian, crossGramian: cross).weights[0]
    }
  }

  @Test("Weights come from the products of two batches and act on the third's gradients", arguments: names)
  func weights(name: String) throws {
    let batches = Batches()
    let step = try makeStep(method: Catalogue.method(named: name), partition: batches.network.partition)
    var plain = try Plain(name)
    for _ in 0..<3 {
      let expected = try plain.weights(batches.crossGramian(weights: [1, 1, 1]))
      let report = try step.fillGradients(batches.network.pass(), further: batches.further)
      let weights = try #require(report.weights)[0]
      #expect(isClose(weights, expected, tolerance: 1e-9))
      let rows = try batches.network.plainRows()
      #expect(isClose(batches.network.sharedGradient, sum(rows, weights: expected), tolerance: 1e-9))
      #expect(isClose(try #require(report.gramian).elements, try HostRows(rows).gramian().elements))
      for task in 0..<3 {
        #expect(
          try isClose(batches.network.headGradient(task), batches.network.plainHeadGradient(task)))
      }
      _ = try step.update()
    }
  }

  @Test("A weighting in front weighs all three batches, and the heads", arguments: names)
  func weightingInFront(name: String) throws {
    let batches = Batches()
    let front = try ConstantWeighting(weights: [0.5, 3, 1.25])
    let step = try makeStep(
      method: Catalogue.method(named: name), weighting: front, partition: batches.network.partition)
    let report = try step.fillGradients(batches.network.pass(), further: batches.further)
    #expect(report.lossWeights == [0.5, 3, 1.25])
    var plain = try Plain(name)
    let own = try plain.weights(batches.crossGramian(weights: [0.5, 3, 1.25]))
    let expected = zip(own, [0.5, 3, 1.25]).map { $0 * $1 }
    #expect(
      isClose(
        batches.network.sharedGradient, sum(try batches.network.plainRows(), weights: expected),
        tolerance: 1e-9))
    for (task, weight) in [0.5, 3, 1.25].enumerated() {
      let head = try batches.network.plainHeadGradient(task).map { $0 * weight }
      #expect(isClose(batches.network.headGradient(task), head))
    }
  }

  @Test("What is missing is named", arguments: names)
  func missing(name: String) throws {
    let network = SmallNetwork()
    let step = try makeStep(method: Catalogue.method(named: name), partition: network.partition)
    #expect(
      throws: MethodError.notApplicable(
        method: name, reason: "needs two further independent batches a step")
    ) { try step.step(network.pass()) }
  }
}
