import Testing
import Truce
import TruceTestSupport

/// Every pair of a weighting and a method, and every setting of a method, works or is refused by name.
@Suite("Combinations of methods, weightings and settings")
struct CombinationTests {
  static let abouts = Catalogue.entries.map(\.about)
  static let names = abouts.map(\.name)
  /// The gradients of three tasks that conflict, and their losses.
  private let rows = InputFamilies.matrix("conflict", tasks: 3, coordinates: 8, seed: 5).hostRows
  private let losses = [0.4, 2, 1.1]

  /// Options without which a method cannot be made, or would not see three tasks.
  static func options(_ name: String) -> [String: OptionValue] {
    name == "cagrad-fast" ? ["sample_size": 1] : [:]
  }

  static func method(_ name: String) throws -> AnyMethod {
    try Catalogue.method(named: name, options: options(name))
  }

  private func step(
    _ reconciler: inout Reconciler, rows: HostRows? = nil
  ) throws -> (Reconciliation<HostVector>, ReconcilerStep) {
    var buffers: [String: [HostVector]] = [:]
    let rows = rows ?? self.rows
    var step = try reconciler.begin(losses: losses, learningRate: 0.01)
    let result = try reconciler.reconcile(
      &step, gramian: rows.gramian(), rows: rows, buffers: &buffers)
    return (result, step)
  }

  private func update(_ reconciler: inout Reconciler, rows: HostRows? = nil) throws -> [Double]? {
    switch try step(&reconciler, rows: rows).0 {
    case .factors(let factors): (rows ?? self.rows).combined(with: factors).coordinates
    case .direction(let vector): vector.coordinates
    case .nothing: nil
    }
  }

  private func length(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  // MARK: Weightings in front

  @Test(
    "Every weighting in front of every method is asked, or refused by the method's name", arguments: names)
  func pairs(name: String) throws {
    let method = try Self.method(name)
    for weighting in Self.abouts where weighting.kind == .lossWeighting {
      let front = try Catalogue.weighting(named: weighting.name)
      guard !isRefused(method.about, behind: weighting.name, front) else { continue }
      var reconciler = try Reconciler(method, weighting: front, taskCount: 3)
      #expect(reconciler.name == "\(weighting.name)+\(name)")
      guard method.about.kind != .wholeStep else { continue }
      let (_, step) = try step(&reconciler)
      let weights = try #require(step.lossWeights, "\(weighting.name) is asked")
      #expect(weights.count == 3)
    }
  }

  /// Whether the pair is refused, which must be so for the known reasons and no other.
  private func isRefused(
    _ about: MethodDescription, behind weighting: String, _ front: any LossWeighting
  ) -> Bool {
    let reason: String? =
      about.kind == .lossWeighting
      ? "is a loss weighting itself; put the other in front of a gradient method"
      : about.needs.contains(.validationBatches)
        ? "learns the weights of the losses; leave the weighting out" : nil
    guard let reason else { return false }
    #expect(throws: MethodError.notApplicable(method: about.name, reason: reason)) {
      try Reconciler(Self.method(about.name), weighting: front, taskCount: 3)
    }
    return true
  }

  static let gradientMethods = abouts.filter { [.gramian, .matrix, .crossGramian].contains($0.kind) }.map(
    \.name)

  @Test("Weights in front change the update as a change of the gradients does", arguments: gradientMethods)
  func weightsAreEffective(name: String) throws {
    let method = try Self.method(name)
    let weights = [0.5, 3, 1.25]
    let front = try ConstantWeighting(weights: .each(weights))
    var weighted = try Reconciler(method, weighting: front, taskCount: 3, seed: 4)
    var plain = try Reconciler(method, taskCount: 3, seed: 4)
    let scaled = HostRows(rows: zip(rows.rows, weights).map { $0.scaled(by: $1) })
    let (a, b) = (try #require(try update(&weighted)), try #require(try update(&plain, rows: scaled)))
    #expect(length(zip(a, b).map { $0 - $1 }) <= 1e-10 * length(b), "\(name)")
    var bare = try Reconciler(method, taskCount: 3, seed: 4)
    let c = try #require(try update(&bare))
    // At their defaults the first updates of these two do not depend on the tasks' scales either.
    if !method.about.properties.contains(.taskScaleInvariant), name != "fairgrad", name != "moco" {
      #expect(length(zip(a, c).map { $0 - $1 }) > 1e-6 * length(c), "\(name)")
    }
  }

  // MARK: Scale and clipping

  /// The methods whose update the reconciler scales.
  static let scaled = abouts.filter { $0.kind != .wholeStep }.map(\.name)

  @Test("The scale multiplies the update by K", arguments: scaled)
  func multiplication(name: String) throws {
    let settings = StepSettings(convention: GradientConvention(multipliesByTaskCount: true))
    var tripled = try Reconciler(Self.method(name), taskCount: 3, settings: settings)
    var plain = try Reconciler(Self.method(name), taskCount: 3)
    let (a, b) = (try #require(try update(&tripled)), try #require(try update(&plain)))
    #expect(length(zip(a, b).map { $0 - 3 * $1 }) <= 1e-12 * length(a))
  }

  @Test("Clipping cuts the update's length and keeps its direction", arguments: scaled)
  func clipping(name: String) throws {
    var plain = try Reconciler(Self.method(name), taskCount: 3)
    let whole = try #require(try update(&plain))
    let maximum = length(whole) / 2
    let settings = StepSettings(convention: GradientConvention(maximumNorm: maximum))
    var clipped = try Reconciler(Self.method(name), taskCount: 3, settings: settings)
    let cut = try #require(try update(&clipped))
    #expect(length(zip(cut, whole).map { $0 - $1 / 2 }) <= 1e-10 * maximum)
    let roomy = StepSettings(convention: GradientConvention(maximumNorm: 10 * maximum))
    var untouched = try Reconciler(Self.method(name), taskCount: 3, settings: roomy)
    #expect(try update(&untouched) == whole)
  }

  static let gramianMethods = abouts.filter { $0.kind == .gramian }.map(\.name)

  @Test("With groups the length over all of them is cut", arguments: gramianMethods)
  func clippingOfGroups(name: String) throws {
    let parts = [0..<3, 3..<8]
    let groups = parts.map { part in
      HostRows(rows: rows.rows.map { HostVector(Array($0.coordinates[part])) }).gramian()
    }
    func lengths(_ maximum: Double?) throws -> [Double] {
      var reconciler = try Reconciler(
        Self.method(name), taskCount: 3,
        settings: StepSettings(grouping: .layer, convention: GradientConvention(maximumNorm: maximum)))
      var step = try reconciler.begin(losses: losses, learningRate: 0.01)
      let verdict = try reconciler.decide(&step, gramian: rows.gramian(), groups: groups)
      #expect(verdict.factors.count == 2)
      return zip(groups, verdict.factors).map { $0.squaredNorm(of: $1).squareRoot() }
    }
    let whole = length(try lengths(nil))
    let cut = try lengths(whole / 4)
    #expect((length(cut) - whole / 4).magnitude <= 1e-10 * whole)
    // The groups keep their proportion.
    let free = try lengths(nil)
    #expect((cut[0] * free[1] - cut[1] * free[0]).magnitude <= 1e-10 * whole * whole)
  }

  // MARK: Grouping, target, whole-step methods

  @Test("Settings that a method cannot follow are refused by name", arguments: names)
  func settings(name: String) throws {
    let method = try Self.method(name)
    func reason(_ settings: StepSettings) -> String? {
      do {
        _ = try Reconciler(method, taskCount: 3, settings: settings)
        return nil
      } catch {
        guard case .notApplicable(name, let reason) = error else { return "another error" }
        return reason
      }
    }
    for grouping in [GradientGrouping.layer, .tensor] {
      let expected = method.about.kind == .gramian ? nil : "can only be applied to the whole network"
      #expect(reason(StepSettings(grouping: grouping)) == expected)
    }
    let onFeatures = reason(StepSettings(target: .features))
    switch method.about.kind {
    case .gramian, .matrix: #expect(onFeatures == nil)
    case .lossWeighting:
      let isPlain = !method.about.needs.contains(.gradientNorms)
      #expect(
        onFeatures
          == (isPlain
            ? "takes one backward pass of the weighted losses; leave gradients: features out" : nil))
    case .crossGramian:
      #expect(
        onFeatures
          == "compares two batches, whose features are different tensors; use gradients: parameters")
    case .wholeStep: #expect(onFeatures == "sets itself what gradients are taken of")
    }
    let convention = StepSettings(convention: GradientConvention(maximumNorm: 1))
    #expect(
      reason(convention) == (method.about.kind == .wholeStep ? "has a scale of its own" : nil))
    let both = reason(StepSettings(grouping: .layer, target: .features))
    #expect(both != nil)
  }

  @Test("Streaming is refused by the name of a method that reads the gradients themselves", arguments: names)
  func streaming(name: String) throws {
    let method = try Self.method(name)
    let reason: String? =
      switch method.about.kind {
      case .lossWeighting, .gramian: nil
      case .matrix: "reads all gradients coordinate by coordinate; use gradient_memory: rows"
      case .crossGramian: "multiplies the gradients of two batches; use gradient_memory: rows"
      case .wholeStep: "holds gradients in its own way; leave gradient_memory: stream out"
      }
    let expected = reason.map { MethodError.notApplicable(method: name, reason: $0) }
    func refusal(_ settings: StepSettings) -> MethodError? {
      do { try Reconciler.check(method, weighting: nil, settings: settings) } catch { return error }
      return nil
    }
    #expect(refusal(StepSettings(memory: .stream)) == expected)
    #expect(refusal(StepSettings(memory: .rows)) == nil && refusal(StepSettings(memory: .auto)) == nil)
    if method.about.kind == .gramian {
      let own = "holds gradients of the features only; leave gradient_memory: stream out"
      #expect(
        refusal(StepSettings(target: .features, memory: .stream)) == .notApplicable(method: name, reason: own)
      )
    }
  }

  @Test("A rule inside the training step is refused where there are gradients only")
  func wholeStepMethods() throws {
    for about in Self.abouts where about.kind == .wholeStep {
      var reconciler = try Reconciler(Self.method(about.name), taskCount: 3)
      #expect(
        throws: MethodError.notApplicable(
          method: about.name, reason: "works inside the training step, not on a gradient matrix")
      ) { try update(&reconciler) }
    }
  }

  // MARK: Values that are not finite

  /// The gradients with one entry of the second task's that is not a number.
  private var broken: HostRows {
    var rows = rows.rows
    rows[1].coordinates[2] = .nan
    return HostRows(rows: rows)
  }

  static let readers =
    abouts.filter { ![.wholeStep, .lossWeighting].contains($0.kind) }.map(\.name) + ["gradnorm"]

  @Test("A gradient that is not finite follows the policy", arguments: readers)
  func nonFiniteGradients(name: String) throws {
    let method = try Self.method(name)
    func make(_ policy: NonFinitePolicy) throws -> Reconciler {
      try Reconciler(method, taskCount: 3, settings: StepSettings(nonFinite: policy), seed: 8)
    }
    let reason = MethodError.nonFinite(task: 1, what: "gradient")
    var throwing = try make(.throw)
    #expect(throws: reason) { try step(&throwing, rows: broken) }

    var skipping = try make(.skipStep)
    let (nothing, skipped) = try step(&skipping, rows: broken)
    #expect(nothing == .nothing && skipped.skipReason == reason)
    #expect(try stateWithoutMemory(skipping) == stateWithoutMemory(make(.skipStep)))

    // Two tasks are too few for some.
    guard name != "krum", name != "trimmed-mean" else { return }
    var dropping = try make(.dropTask)
    let (result, dropped) = try step(&dropping, rows: broken)
    #expect(dropped.dropped == [1] && dropped.present == [0, 2])
    switch result {
    case .factors(let factors): #expect(factors[1] == 0 && factors.allSatisfy { $0.isFinite })
    case .direction(let vector): #expect(vector.coordinates.allSatisfy { $0.isFinite })
    case .nothing: Issue.record("\(name) does nothing")
    }
  }

  /// The state apart from the losses that were seen, which a skipped step may have seen too.
  private func stateWithoutMemory(_ reconciler: Reconciler) throws -> [UInt8] {
    var copy = reconciler
    _ = try copy.begin(losses: losses, learningRate: nil)
    return try copy.stateBytes()
  }

  @Test("A loss that is not finite follows the policy", arguments: names)
  func nonFiniteLosses(name: String) throws {
    let method = try Self.method(name)
    func begin(_ policy: NonFinitePolicy) throws -> ReconcilerStep {
      var reconciler = try Reconciler(method, taskCount: 3, settings: StepSettings(nonFinite: policy))
      return try reconciler.begin(losses: [1, .infinity, 2], learningRate: nil)
    }
    let reason = MethodError.nonFinite(task: 1, what: "loss")
    #expect(throws: reason) { try begin(.throw) }
    #expect(try begin(.skipStep).skipReason == reason)
    let dropped = try begin(.dropTask)
    #expect(dropped.dropped == [1] && dropped.context.losses == [1, 1, 2])
  }

  @Test("A policy holds for the further batches of a method too", arguments: ["sdmgrad", "modo"])
  func nonFiniteCrossGramian(name: String) throws {
    func decide(_ policy: NonFinitePolicy) throws -> Verdict {
      var reconciler = try Reconciler(
        Self.method(name), taskCount: 3, settings: StepSettings(nonFinite: policy))
      var step = try reconciler.begin(losses: losses, learningRate: nil)
      let cross = try CrossGramian(taskCount: 3, elements: broken.gramian().elements)
      return try reconciler.decide(&step, gramian: rows.gramian(), crossGramian: cross)
    }
    let reason = MethodError.nonFinite(task: 1, what: "gradient")
    #expect(throws: reason) { try decide(.throw) }
    #expect(try decide(.skipStep).skipReason == reason)
    let dropped = try decide(.dropTask)
    #expect(dropped.droppedTasks == [1] && dropped.factors[0][1] == 0)
    #expect(dropped.factors[0].allSatisfy { $0.isFinite })
  }
}
