import Testing
import Truce
import TruceTestSupport

@Suite("CAGrad")
struct CAGradTests {
  @Test(arguments: InputFamilies.small)
  func isTheMeanAtRadiusZero(_ input: GradientInput) throws {
    let share = 1 / Double(input.taskCount)
    #expect(try firstWeights("cagrad", ["c": 0], gramian: input.gramian).allSatisfy { $0 == share })
  }

  @Test(arguments: InputFamilies.gaussian + InputFamilies.conflicting)
  func turnsToMGDAAsTheBallGrows(_ input: GradientInput) throws {
    let shortest = try #require(try direction("mgda", of: input))
    guard !MinimumNormPoint(of: input.gramian).isOrigin else { return }
    let far = try #require(try direction("cagrad", ["c": 1e7], of: input))
    let near = try #require(try direction("cagrad", ["c": 1], of: input))
    #expect(distance(unit(far), unit(shortest)) <= 1e-5)
    #expect(distance(unit(far), unit(shortest)) <= distance(unit(near), unit(shortest)) + 1e-9)
  }

  @Test(arguments: InputFamilies.gaussian + InputFamilies.conflicting)
  func noDirectionInTheBallServesTheWorstTaskBetter(_ input: GradientInput) throws {
    let gramian = input.gramian
    let point = ConflictAversePoint(of: gramian, radius: 0.6)
    let worst = gramian.applied(to: point.weights).min() ?? 0
    #expect((worst - point.dualObjective).magnitude <= 1e-9 * gramian.trace)
    var source = RandomSource(seed: 1)
    for _ in 0..<50 {
      let other = randomWeightsInBall(gramian, radius: 0.6, using: &source)
      #expect((gramian.applied(to: other).min() ?? 0) <= worst + 1e-9 * gramian.trace)
    }
  }

  private func randomWeightsInBall(
    _ gramian: Gramian, radius: Double, using source: inout RandomSource
  ) -> [Double] {
    let share = 1 / Double(gramian.taskCount)
    let mean = [Double](repeating: share, count: gramian.taskCount)
    let change = mean.map { _ in Double.random(in: -1...1, using: &source) }
    let length = gramian.squaredNorm(of: change).squareRoot()
    let limit = radius * gramian.squaredNorm(of: mean).squareRoot()
    return change.map { share + (length > 0 ? limit / length : 0) * $0 }
  }

  @Test func scaleConventionsMultiplyTheUpdate() throws {
    let gramian = InputFamilies.conflicting[1].gramian
    let plain = try firstWeights("cagrad", ["c": 0.5], gramian: gramian)
    let cases: [([String: OptionValue], Double)] = [
      (["rescale": "squared"], 1 / 1.25), (["rescale": "linear"], 1 / 1.5), (["reduction": "sum"], 3),
      (["rescale": "squared", "reduction": "sum"], 3 / 1.25),
    ]
    for (options, factor) in cases {
      let options = options.merging(["c": 0.5]) { first, _ in first }
      let scaled = try firstWeights("cagrad", options, gramian: gramian)
      #expect(distance(scaled, plain.map { $0 * factor }) <= 1e-12 * length(scaled))
    }
    let clipped = try firstWeights("cagrad", ["c": 0.5, "max_norm": 0.01], gramian: gramian)
    #expect((gramian.squaredNorm(of: clipped) - 1e-4).magnitude <= 1e-12)
    #expect(try firstWeights("cagrad", ["c": 0.5, "max_norm": 1e9], gramian: gramian) == plain)
  }

  @Test func oppositeGradientsGiveTheProjectionOfTheMean() throws {
    // No direction helps both tasks; of those that harm neither, the nearest to the mean is zero.
    let input = InputFamilies.stationary[1]
    let update = try #require(try direction("cagrad", ["c": 1.2], of: input))
    #expect(length(update) <= 1e-12)
  }

  @Test func gradientsThatCancelGiveTheMean() throws {
    let gramian = InputFamilies.stationary[0].gramian
    #expect(try firstWeights("cagrad", gramian: gramian) == [0.5, 0.5])
  }

  @Test func aZeroRowDoesNotSpoilTheOthers() throws {
    let weights = try firstWeights("cagrad", gramian: InputFamilies.zeroed[1].gramian)
    let update = InputFamilies.zeroed[1].hostRows.combined(with: weights).coordinates
    #expect(length(update) > 0.1)
  }
}

@Suite("CAGrad-Fast")
struct CAGradFastTests {
  @Test(arguments: InputFamilies.gaussian + InputFamilies.conflicting)
  func isCAGradWhereAllTasksAreSampled(_ input: GradientInput) throws {
    let full = try #require(try direction("cagrad", of: input))
    let fast = try #require(try direction("cagrad-fast", ["sample_size": 100], of: input))
    #expect(distance(full, fast) <= 1e-8 * length(full))
  }

  @Test func mixturesAreTheSampledTasksAndTheMeanOfTheRest() throws {
    let method = try CAGradFast(CAGrad(), sampleSize: 2)
    var source = RandomSource(seed: 3)
    for _ in 0..<20 {
      let mixtures = try method.mixtures(taskCount: 5, using: &source)
      #expect(mixtures.count == 3)
      #expect(mixtures.allSatisfy { ($0.reduce(0, +) - 1).magnitude <= 1e-15 })
      let center = zip(mixtures, [0.2, 0.2, 0.6]).map { row, share in row.map { $0 * share } }
      let total = (0..<5).map { task in center.reduce(0) { $0 + $1[task] } }
      #expect(total.allSatisfy { ($0 - 0.2).magnitude <= 1e-15 })
    }
  }

  @Test func theReleasedWayLeavesOneTaskOutOfTheMean() throws {
    let options: [String: OptionValue] = ["sample_size": 2, "sampling": "released"]
    guard case .gramian(let made) = try Catalogue.method(named: "cagrad-fast", options: options),
      let method = made as? CAGradFast
    else { preconditionFailure("not a Gramian method") }
    var (source, plain) = (RandomSource(seed: 3), RandomSource(seed: 3))
    var left: Set<Int> = []
    for _ in 0..<40 {
      let mixtures = try method.mixtures(taskCount: 5, using: &source)
      let whole = try CAGradFast(CAGrad(), sampleSize: 2).mixtures(taskCount: 5, using: &plain)
      #expect(mixtures.prefix(2) == whole.prefix(2))
      let missing = (0..<5).filter { mixtures[2][$0] != whole[2][$0] }
      #expect(missing.count == 1 && mixtures[2][missing[0]] == 0 && whole[2][missing[0]] == 1.0 / 3)
      left.formUnion(missing)
    }
    #expect(left == Set(0..<5))
    let radiusless = try CAGradFast(CAGrad(c: 0), sampleSize: 2, sample: [4, 1], sampling: .released)
    let weights = try radiusless.weights(
      mixtureGramian: Gramian(taskCount: 3) { $0 == $1 ? 1 : 0 },
      mixtures: radiusless.mixtures(taskCount: 5, using: &source), taskCount: 5)
    #expect(zip(weights, [0.2, 0.2, 0.6]).allSatisfy { ($0 - $1).magnitude <= 1e-12 })
  }

  @Test func mixturesAloneGiveTheSameUpdate() throws {
    let method = try CAGradFast(CAGrad(c: 0.4), sampleSize: 3)
    let input = InputFamilies.conflicting[3]
    var (first, second) = (RandomSource(seed: 8), RandomSource(seed: 8))
    let mixtures = try method.mixtures(taskCount: 10, using: &first)
    let mixed = HostRows(rows: mixtures.map { input.hostRows.combined(with: $0) })
    let few = try method.weights(mixtureGramian: mixed.gramian(), mixtures: mixtures, taskCount: 10)
    var state = Stateless()
    let all = try method.weights(
      gramian: input.gramian, context: StepContext(losses: []), state: &state, using: &second)
    let direct = input.hostRows.combined(with: all).coordinates
    #expect(distance(mixed.combined(with: few).coordinates, direct) <= 1e-9 * length(direct))
  }

  @Test func aSampleBeyondTheTasksIsRefused() throws {
    let gramian = InputFamilies.gaussian[2].gramian
    #expect(throws: MethodError.self) {
      try firstWeights("cagrad-fast", ["sample": [0, 5]], gramian: gramian)
    }
  }
}
