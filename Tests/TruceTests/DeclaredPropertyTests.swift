import Testing
import Truce
import TruceTestSupport

/// Every property that a method declares is put to the test: a property without a check does not compile.
///
/// Beside these few inputs, the suites of each kind hold methods to their properties over whole families.
@Suite("Methods keep what they declare")
struct DeclaredPropertyTests {
  struct Claim: Sendable, CustomTestStringConvertible {
    let method: MethodDescription
    let property: MethodProperty
    var testDescription: String { "\(method.name): \(property.rawValue)" }
  }

  /// The claims of all methods that work on gradients alone; the others' are tested with a network.
  static let claims = Catalogue.entries.map(\.about).filter { $0.kind != .wholeStep }.flatMap { about in
    about.properties.sorted { $0.rawValue < $1.rawValue }.map { Claim(method: about, property: $0) }
  }

  @Test("Every property is claimed by some method, so that every check runs")
  func everyCheckRuns() {
    #expect(Set(Self.claims.map(\.property)) == Set(MethodProperty.allCases))
  }

  @Test(arguments: claims)
  func holds(_ claim: Claim) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      let run = Run(claim.method, seed: seed)
      switch claim.property {
      case .permutationEquivariant: try run.checkPermutation()
      case .nonConflicting: try run.checkConflict()
      case .taskScaleInvariant: try run.checkTaskScales()
      case .commonScaleInvariant: try run.checkCommonScale(power: 0)
      case .homogeneous: try run.checkCommonScale(power: 1)
      case .linearUnderScaling: try run.checkLinearity()
      case .nonNegativeWeights: try run.checkSigns()
      case .convexWeights: try run.checkSums()
      case .deterministic: try run.checkDeterminism()
      }
    }
  }
}

/// A short training of one method on conflicting gradients of three tasks.
private struct Run {
  let about: MethodDescription
  var rows: [HostRows]
  var losses: [[Double]]
  /// What a step leaves of each loss.
  var falls = [0.9, 0.7, 0.8]

  init(_ about: MethodDescription, seed: UInt64) {
    self.about = about
    rows = (0..<3).map {
      InputFamilies.matrix("step", tasks: 3, coordinates: 8, seed: 10 * seed + $0).hostRows
    }
    losses = [[0.5, 2, 1.25], [0.4, 1.5, 1.5], [0.45, 1.2, 0.9]]
  }

  /// What a step gave.
  struct Step {
    var weights: [Double] = []
    var update: [Double] = []
  }

  func steps(seed: UInt64 = 0) throws -> [Step] {
    var reconciler = try Reconciler(Catalogue.method(named: about.name), taskCount: 3, seed: seed)
    var buffers: [String: [HostVector]] = [:]
    return try rows.indices.map { t in
      var begun = try reconciler.begin(
        losses: losses[t], at: StepPosition(epoch: t, iteration: t), learningRate: 0.01)
      let result = try reconciler.reconcile(
        &begun, gramian: rows[t].gramian(), rows: rows[t], buffers: &buffers)
      if about.needs.contains(.secondForward) {
        try reconciler.observe(lossesAfterStep: zip(losses[t], falls).map { $0 * $1 })
      }
      try reconciler.endEpoch(meanLosses: losses[t])
      switch result {
      case .factors(let weights):
        return Step(weights: weights, update: rows[t].combined(with: weights).coordinates)
      case .direction(let vector): return Step(update: vector.coordinates)
      case .nothing: return Step()
      }
    }
  }

  /// The same run with each task's loss multiplied.
  func scaled(by factors: [Double]) -> Run {
    var copy = self
    copy.rows = rows.map { HostRows(rows: zip($0.rows, factors).map { $0.scaled(by: $1) }) }
    copy.losses = losses.map { zip($0, factors).map { $0 * $1 } }
    return copy
  }

  private func expectEqual(_ a: [Double], _ b: [Double]) {
    #expect(!a.isEmpty && distance(a, b) <= 1e-6 * length(a), "\(about.name): \(a) and \(b)")
  }

  // MARK: Checks

  func checkPermutation() throws {
    let order = [2, 0, 1]
    var other = self
    other.rows = rows.map { rows in HostRows(rows: order.map { rows.rows[$0] }) }
    other.losses = losses.map { losses in order.map { losses[$0] } }
    other.falls = order.map { falls[$0] }
    for (a, b) in zip(try steps(), try other.steps()) {
      expectEqual(a.update, b.update)
      if !a.weights.isEmpty { expectEqual(order.map { a.weights[$0] }, b.weights) }
    }
  }

  func checkConflict() throws {
    for (step, rows) in zip(try steps(), rows) {
      for row in rows.rows {
        let product = row.dot(HostVector(step.update))
        #expect(product >= -1e-9 * row.length() * length(step.update), "\(about.name)")
      }
    }
  }

  func checkTaskScales() throws {
    for (a, b) in zip(try steps(), try scaled(by: [1, 300, 0.02]).steps()) {
      // IMTL-G's update may turn round: its sign is that of a sum of weights.
      let turned = zip(a.update, b.update).reduce(0) { $0 + $1.0 * $1.1 } < 0
      let sign = turned && about.name.hasPrefix("imtl") ? -1.0 : 1
      expectEqual(unit(a.update), unit(b.update).map { $0 * sign })
    }
  }

  /// A common factor f multiplies the update by f to this power.
  func checkCommonScale(power: Int) throws {
    for factor in [0.05, 9] {
      let gain = power == 0 ? 1 : factor
      for (a, b) in zip(try steps(), try scaled(by: [factor, factor, factor]).steps()) {
        expectEqual(a.update.map { $0 * gain }, b.update)
      }
    }
  }

  func checkLinearity() throws {
    let (first, second) = ([1.0, 2, 3], [1.0, 0.5, 0.2])
    let both = zip(first, second).map { 2 * $0 + 3 * $1 }
    let (a, b) = (try scaled(by: first).steps()[0].update, try scaled(by: second).steps()[0].update)
    expectEqual(zip(a, b).map { 2 * $0 + 3 * $1 }, try scaled(by: both).steps()[0].update)
  }

  func checkSigns() throws {
    for step in try steps() {
      #expect(step.weights.count == 3 && step.weights.allSatisfy { $0 >= 0 }, "\(about.name)")
    }
  }

  func checkSums() throws {
    for step in try steps() {
      #expect((step.weights.reduce(0, +) - 1).magnitude <= 1e-9, "\(about.name): \(step.weights)")
    }
  }

  func checkDeterminism() throws {
    for (a, b) in zip(try steps(seed: 1), try steps(seed: 2)) {
      #expect(!a.update.isEmpty && a.update == b.update, "\(about.name)")
    }
  }
}
