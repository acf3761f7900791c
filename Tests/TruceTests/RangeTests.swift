import RealModule
import Testing
import Truce
import TruceTestSupport

/// Gradients at the edges of what Double can hold: every method of the catalogue ends with numbers or with an error.
@Suite("Numbers at the edges of their range")
struct RangeTests {
  private static let least = Double.leastNonzeroMagnitude
  static let pattern = [[1.0, 2, -1, 0.5], [-0.5, 1, 1.5, 1], [0.25, -1, 2, -2]]

  /// What no ordinary run has, and some run will have.
  static let inputs: [GradientInput] =
    [
      GradientInput(description: "zeros", rows: [[0, 0], [0, 0], [0, 0]]),
      GradientInput(description: "one zero row", rows: [[1, 2], [0, 0], [-1, 0.5]]),
      GradientInput(description: "equal rows", rows: [[1, 2], [1, 2], [1, 2]]),
      GradientInput(description: "opposite rows", rows: [[1, 2], [-1, -2], [1, 2]]),
      GradientInput(description: "one task", rows: [[3, -4]]),
      GradientInput(description: "one task without a gradient", rows: [[0, 0]]),
      GradientInput(description: "one number", rows: [[5]]),
      GradientInput(description: "the largest numbers", rows: [[1.7e308, 1.7e308], [-1.7e308, -1.7e308]]),
      GradientInput(description: "the least numbers", rows: [[least, 2 * least, 0], [-least, 0, least]]),
      GradientInput(
        description: "the issue's", rows: [[-4e-170, 1e-170, 1e-170], [6e-170, 1e-170, 1e-170]]),
      GradientInput(description: "mixed scales", rows: [[1e300, 2e300], [1e-300, -1e-300], [1, 1]]),
      GradientInput(description: "mixed in a row", rows: [[1e200, 1e-200], [1e-200, 1e200], [1, 1]]),
      GradientInput(description: "a long and a short one", rows: [[1e160, 0], [0, 1e-160], [1, 1]]),
      InputFamilies.matrix("200 tasks", tasks: 200, coordinates: 6),
      InputFamilies.matrix("200 independent tasks", tasks: 200, coordinates: 210),
    ]
    + [-308, -300, -200, -160, -155, 152, 155, 160, 200, 300, 307].map { exponent in
      let factor = Double.exp10(Double(exponent))
      return GradientInput(
        description: "10^\(exponent)", rows: pattern.map { $0.map { $0 * factor } })
    }

  /// The inputs, their inner products taken once.
  private static let prepared = inputs.map { (input: $0, gradients: RangedRows($0.hostRows)) }

  struct Trial: Sendable, CustomTestStringConvertible {
    let method: String
    var options: [String: OptionValue] = [:]
    var weighting: String?
    var testDescription: String { "\(weighting.map { $0 + "+" } ?? "")\(method) \(options)" }
  }

  static let trials: [Trial] =
    Catalogue.entries.map(\.about).filter { $0.kind != .wholeStep }.map { Trial(method: $0.name) }
    + [
      Trial(method: "mgda", options: ["normalization": "l2"]),
      Trial(method: "mgda", options: ["normalization": "loss+", "combine": "raw"]),
      Trial(method: "cagrad", options: ["rescale": "squared", "max_norm": 1]),
      Trial(method: "nash-mtl", options: ["max_norm": 1, "update_weights_every": 2]),
      Trial(method: "fairgrad", options: ["alpha": 2]), Trial(method: "fairgrad", options: ["max_norm": 1]),
      Trial(method: "aligned-mtl", options: ["scale_mode": "rmse"]),
      Trial(method: "cr-mogm", options: ["of": "nash-mtl"]),
      Trial(method: "mgda", weighting: "uw"), Trial(method: "cagrad", weighting: "gradnorm"),
    ]

  /// What a method's first step makes of gradients.
  private static func answer(
    _ trial: Trial, to rows: [[Double]], losses: [Double]
  ) throws -> (weights: [Double]?, update: [Double]) {
    try answer(trial, to: RangedRows(HostRows(rows)), losses: losses)
  }

  private static func answer(
    _ trial: Trial, to gradients: RangedRows, losses: [Double]
  ) throws -> (weights: [Double]?, update: [Double]) {
    let rows = gradients.rows
    var reconciler = try Reconciler(
      Catalogue.method(named: trial.method, options: trial.options),
      weighting: trial.weighting.map { try Catalogue.weighting(named: $0) }, taskCount: rows.taskCount)
    var step = try reconciler.begin(losses: losses, learningRate: 0.01)
    var buffers: [String: [HostVector]] = [:]
    switch try reconciler.reconcile(&step, gradients: gradients, buffers: &buffers) {
    case .factors(let factors): return (factors, rows.combined(with: factors).coordinates)
    case .direction(let vector): return (nil, vector.coordinates)
    case .nothing: return (nil, [])
    }
  }

  @Test("A step ends with finite numbers or with an error in words", arguments: trials)
  func finiteOrRefused(_ trial: Trial) throws {
    for (input, gradients) in Self.prepared {
      let usual = input.rows.indices.map { 0.5 + 0.1 * Double($0) }
      for losses in input.taskCount < 100 ? [usual, input.rows.map { _ in 1e-300 }] : [usual] {
        do {
          let (weights, update) = try Self.answer(trial, to: gradients, losses: losses)
          #expect(
            weights?.allSatisfy(\.isFinite) ?? update.allSatisfy(\.isFinite),
            "\(trial) on \(input): \(update)")
        } catch let error as MethodError {
          if case .solverDidNotConverge = error { Issue.record("\(trial) on \(input): \(error)") }
          #expect(!error.description.isEmpty && !error.help.isEmpty)
        }
      }
    }
  }

  @Test(
    "A factor on all gradients changes the answer by a power of it, to the last digit where the power is whole",
    arguments: [-900, -520, -300, 300, 520, 900])
  func commonFactor(exponent: Int) throws {
    let factor = Double(sign: .plus, exponent: exponent, significand: 1)
    let scaled = Self.pattern.map { $0.map { $0 * factor } }
    for trial in Self.trials where trial.weighting == nil {
      guard case .gramian(let method) = try Catalogue.method(named: trial.method, options: trial.options),
        let power = method.scalePower
      else { continue }
      let expected = try #require(Self.answer(trial, to: Self.pattern, losses: [0.5, 0.6, 0.7]).weights)
      let wanted = expected.map { $0 * Double.pow(factor, power) }
      guard wanted.allSatisfy(\.isFinite) else {
        #expect(throws: MethodError.self) { try Self.answer(trial, to: scaled, losses: [0.5, 0.6, 0.7]) }
        continue
      }
      let found = try #require(Self.answer(trial, to: scaled, losses: [0.5, 0.6, 0.7]).weights)
      if power == power.rounded() {
        #expect(found == wanted, "\(trial)")
      } else {
        #expect(zip(found, wanted).allSatisfy { ($0 - $1).magnitude <= 1e-9 * $1.magnitude }, "\(trial)")
      }
    }
  }

  @Test("Products that vanish do not make a point stationary")
  func underflow() throws {
    let rows = [[-4e-170, 1e-170, 1e-170], [6e-170, 1e-170, 1e-170]]
    func weights(_ method: String) throws -> [Double] {
      try Self.answer(Trial(method: method), to: rows, losses: [1, 1]).weights ?? []
    }
    for (weight, expected) in zip(try weights("mgda"), [0.6, 0.4]) {
      #expect((weight - expected).magnitude < 1e-12)
    }
    #expect(try weights("nash-mtl").allSatisfy { $0 > 1e160 })
    #expect(try weights("imtl-g").allSatisfy { $0 > 0.3 })
  }

  @Test("A method that would take a short gradient for none says so")
  func lostGradient() throws {
    let rows = [[1e160, 0], [0, 1e-160]]
    let error = #expect(throws: MethodError.self) {
      try Self.answer(Trial(method: "nash-mtl"), to: rows, losses: [1, 1])
    }
    #expect(error == .outOfRange(method: "nash-mtl", task: 1))
    #expect(
      error?.description
        == "nash-mtl: the gradient of task 1 is too long, or too short beside the others, for its inner products"
    )
    // To the shortest vector in the hull it is as good as none.
    #expect(try Self.answer(Trial(method: "mgda"), to: rows, losses: [1, 1]).weights == [0, 1])
  }

  @Test("Ordinary gradients are not touched")
  func ordinary() {
    for input in InputFamilies.all {
      let ranged = RangedRows(input.hostRows)
      #expect(ranged.factor == 1 && ranged.gramian == input.gramian)
      #expect(ranged.lengths == input.gramian.norms)
    }
  }

  @Test("Lengths whose squares leave the range")
  func lengths() {
    #expect((HostVector([3e200, -4e200]).length() / 5e200 - 1).magnitude < 1e-15)
    #expect((HostVector([3e-200, 4e-200]).length() / 5e-200 - 1).magnitude < 1e-15)
    #expect(HostVector([3, 4]).length() == 5 && HostVector([0, 0]).length() == 0)
    #expect(HostVector([.infinity, 1]).length() == .infinity && HostVector([.nan, 1]).length().isNaN)
  }
}
