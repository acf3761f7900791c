import Testing
import Torch
import Truce
import TruceTorch

@Suite("Matrix methods and measures on tensors agree with those in ordinary memory")
struct MatrixMethodTests {
  /// Matrix methods without randomness, with options that fit three tasks.
  static let names = ["trimmed-mean", "moco", "db-mtl", "excess-mtl", "sam-gs"]

  @Test("Three steps give the plain engine's directions", arguments: names)
  func directions(name: String) throws {
    let network = SmallNetwork()
    let method = try Catalogue.method(named: name)
    let step = try makeStep(method: method, partition: network.partition)
    guard case .matrix(let plain) = method else {
      Issue.record("\(name) is no matrix method")
      return
    }
    var reconciler = try Reconciler(.matrix(plain), taskCount: 3)
    var buffers: [String: [HostVector]] = [:]
    let rows = try HostRows(network.plainRows())
    for iteration in 0..<3 {
      let report = try step.fillGradients(network.pass())
      var begun = try reconciler.begin(
        losses: report.losses, at: StepPosition(iteration: iteration), learningRate: nil)
      let outcome = try reconciler.reconcile(
        &begun, gramian: rows.gramian(), rows: rows, buffers: &buffers)
      guard case .direction(let direction) = outcome else {
        Issue.record("\(name) gave no direction")
        return
      }
      #expect(isClose(network.sharedGradient, direction.coordinates, tolerance: 1e-9))
    }
  }

  @Test("GradDrop keeps coordinates of one sign, whole or not at all")
  func gradDrop() throws {
    let network = SmallNetwork()
    let step = try makeStep(
      method: Catalogue.method(named: "graddrop"), partition: network.partition, seed: 4)
    _ = try step.fillGradients(network.pass())
    let rows = try network.plainRows()
    for (p, value) in network.sharedGradient.enumerated() {
      let column = rows.map { $0[p] }
      let sums = [column.filter { $0 > 0 }.reduce(0, +), column.filter { $0 < 0 }.reduce(0, +)]
      #expect(sums.contains { ($0 - value).magnitude <= 1e-9 * (1 + $0.magnitude) })
    }
  }

  @Test("The probe measures what the plain definitions say, and leaves the step alone")
  func probe() throws {
    let network = SmallNetwork()
    let pass = network.pass()
    let measurement = try ConflictProbe(partition: network.partition).measure(pass)
    let rows = try HostRows(network.plainRows())
    #expect(isClose(measurement.gramian.elements, rows.gramian().elements))
    #expect((measurement.signConflict - rows.meanSignConflict()).magnitude < 1e-12)
    let measures = ConflictMeasures(of: rows.gramian())
    #expect(measurement.values["conflict/share"] == measures.conflictingShare)
    #expect(isClose([measurement.values["conflict/cosine"] ?? 9], [measures.meanCosine ?? 8]))
    #expect(network.heads.joined().allSatisfy { $0.grad == nil })
    let step = try makeStep(method: .lossWeighting(EqualWeighting()), partition: network.partition)
    _ = try step.fillGradients(pass)
    #expect(isClose(network.sharedGradient, rows.combined(with: [1, 1, 1]).coordinates))
  }
}
