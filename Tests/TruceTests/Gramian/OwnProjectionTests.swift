import Testing
import TruceTestSupport

@testable import Truce

/// Gradients of many tasks, of the kinds that an active set finds easy and hard.
private enum Crowds {
  static let all: [GradientInput] =
    [(30, 80), (24, 22), (24, 10)].flatMap { [gaussian($0), apart($0, by: 0.95), apart($0, by: 0.999_999)] }
    + [pairs(of: 1), pairs(of: -1)] + InputFamilies.conflicting

  static func gaussian(_ size: (Int, Int)) -> GradientInput {
    InputFamilies.matrix("Gaussian \(size.0)×\(size.1)", tasks: size.0, coordinates: size.1, seed: 11)
  }

  /// Gradients that pull against each other, since most of their mean is taken out.
  static func apart(_ size: (Int, Int), by share: Double) -> GradientInput {
    let rows = gaussian(size).rows
    let mean = (0..<size.1).map { p in rows.reduce(0) { $0 + $1[p] } / Double(size.0) }
    return GradientInput(
      description: "\(share) of the mean taken out, \(size.0)×\(size.1)",
      rows: rows.map { row in zip(row, mean).map { $0 - share * $1 } })
  }

  /// Each gradient beside one that is nearly the same, or nearly opposite.
  static func pairs(of sign: Double) -> GradientInput {
    let rows = gaussian((12, 40)).rows
    let noise = InputFamilies.matrix("", tasks: 12, coordinates: 40, seed: 12).rows
    let others = zip(rows, noise).map { row, noise in zip(row, noise).map { sign * $0 + 1e-6 * $1 } }
    return GradientInput(description: "pairs of cosine \(sign)", rows: rows + others)
  }
}

@Suite("UPGrad's projections of each task's own gradient")
struct OwnProjectionTests {
  /// Gradients with their inner products, which take their time.
  private struct Case {
    let input: GradientInput
    let gramian: Gramian

    init(_ input: GradientInput) {
      self.input = input
      gramian = input.gramian
    }

    /// The weights of one gradient's projection by the solver for any combination, alone.
    func alone(_ task: Int, factor: Double) -> [Double] {
      let single = (0..<gramian.taskCount).map { $0 == task ? factor : 0 }
      return DualConeProjection(of: single, in: gramian).weights
    }

    /// Between nearly opposite gradients the optimum is as ill-conditioned as they are close.
    var limit: Double { input.description.contains("pairs") ? 1e-6 : 1e-8 }

    /// How far apart the updates of two lists of weights lie, over the length that the second could have.
    func distance(_ weights: [Double], _ plain: [Double]) -> Double {
      let difference = zip(weights, plain).map { $0 - $1 }
      return gramian.squaredNorm(of: difference).squareRoot() / SolverAccuracy.reach(of: plain, in: gramian)
    }
  }

  @Test("sum up to those of the plain solver", arguments: Crowds.all)
  func sum(_ input: GradientInput) throws {
    let made = Case(input)
    let weights = try firstWeights("upgrad", gramian: made.gramian)
    var plain = [Double](repeating: 0, count: input.taskCount)
    for task in 0..<input.taskCount {
      let own = made.alone(task, factor: 1 / Double(input.taskCount))
      plain = zip(plain, own).map { $0 + $1 }
    }
    #expect(made.distance(weights, plain) <= made.limit, "\(input)")
    #expect(weights == (try firstWeights("upgrad", gramian: made.gramian)))
  }

  @Test("are found by the products that stay above zero as by what is added", arguments: Crowds.all)
  func sides(_ input: GradientInput) throws {
    let made = Case(input)
    let unit = UnitGramian(made.gramian)
    let products = try #require(ProductQuadratic(cosines: unit.cosines))
    var found = 0
    for task in 0..<input.taskCount {
      guard let additions = products.additions(to: unit.lengths[task], of: task) else { continue }
      found += 1
      #expect(additions.residual <= 1e-13 && additions.values.allSatisfy { $0 >= 0 })
      var weights = zip(additions.values, unit.lengths).map { $0 / $1 }
      weights[task] += 1
      #expect(made.distance(weights, made.alone(task, factor: 1)) <= made.limit, "task \(task), \(input)")
    }
    // Few are given up, and hardly any where the tasks conflict, which is when this side is asked.
    let least = Double(input.taskCount) * (input.description.contains("taken out") ? 0.8 : 0.5)
    #expect(Double(found) >= least, "\(found) of \(input.taskCount)")
  }

  @Test("are refused where no gradients have these inner products")
  func impossible() throws {
    let gramian = Gramian(taskCount: 9) { $0 == $1 ? 1 : -0.9 }
    #expect(throws: MethodError.self) { try firstWeights("upgrad", gramian: gramian) }
  }
}

@Suite("Elimination of a whole matrix")
struct EliminationTests {
  @Test(
    "keeps the rows that row after row keeps, and solves the same",
    arguments: InputFamilies.small + InputFamilies.nearlyStationary)
  func agreement(_ input: GradientInput) {
    let cosines = UnitGramian(input.gramian).cosines
    let rows = Array(0..<cosines.count)
    var (one, other) = (GrowingCholesky(capacity: 0), GrowingCholesky(capacity: 0))
    var kept: [Int] = []
    for row in rows where one.append(diagonal: 1, cross: { cosines[row, kept[$0]] }) { kept.append(row) }
    var triangle = cosines.upperTriangle(of: rows)
    #expect(other.replaceRows(by: &triangle, count: cosines.count) == kept)
    let wanted = kept.map { Double($0) - 1.5 }
    for solution in [one.solved(wanted), other.solved(wanted)] {
      let products = kept.map { row in zip(kept, solution).reduce(0) { $0 + cosines[row, $1.0] * $1.1 } }
      #expect(distance(products, wanted) <= 1e-9 * length(solution), "\(input)")
    }
  }
}
