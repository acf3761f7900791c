// Prints the median time of each solver and method on several families of gradients.
//
//     swift run -c release --package-path Tools/bench-solvers
//
// Every figure is a median over different matrices with the worst residual beside it, so that a fast answer that
// is wrong shows.

import Truce

struct Case {
  let name: String
  let gramians: [Gramian]
}

/// What the gradients of the tasks have to do with each other.
enum Family: String, CaseIterable {
  case gaussian = "Gaussian"
  /// Most of the mean is taken out, so that the gradients pull against each other.
  case conflicting
  /// A common gradient is added to all.
  case agreeing
  /// Five groups whose gradients differ little.
  case clustered
  /// Each gradient beside one that is nearly the same.
  case paired

  static let usual: [Family] = [.gaussian, .conflicting]

  func rows(tasks: Int, coordinates: Int, using source: inout RandomSource) -> [[Double]] {
    func normal() -> Double { (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &source) } }
    func drawn(_ count: Int) -> [[Double]] { (0..<count).map { _ in (0..<coordinates).map { _ in normal() } } }
    func sums(_ rows: [[Double]], _ factor: Double, _ others: [[Double]]) -> [[Double]] {
      rows.enumerated().map { place, row in zip(row, others[place % others.count]).map { $0 + factor * $1 } }
    }
    let rows = drawn(tasks)
    switch self {
    case .gaussian: return rows
    case .conflicting:
      let mean = (0..<coordinates).map { p in rows.reduce(0) { $0 + $1[p] } / Double(tasks) }
      return sums(rows, -0.95, [mean])
    case .agreeing: return sums(rows, 1, drawn(1))
    case .clustered: return sums(rows, 3, drawn(5))
    case .paired: return sums(rows.map { $0.map { $0 * 1e-6 } }, 1, drawn(tasks / 2))
    }
  }
}

func cases(tasks: Int, coordinates: Int, count: Int, families: [Family]) -> [Case] {
  var source = RandomSource(seed: UInt64(tasks))
  return families.map { family in
    let gramians = (0..<count).map { _ in
      let rows = family.rows(tasks: tasks, coordinates: coordinates, using: &source)
      return Gramian(taskCount: tasks) { i, j in
        zip(rows[i], rows[j]).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    return Case(name: "\(family.rawValue) \(tasks)x\(coordinates)", gramians: gramians)
  }
}

/// Runs the body on every Gramian a few times and prints the median in microseconds.
func time(_ name: String, _ input: Case, repeats: Int, _ body: (Gramian) -> Double) {
  let clock = ContinuousClock()
  var worst = 0.0
  var times: [Double] = []
  for gramian in input.gramians {
    worst = max(worst, body(gramian))
    let elapsed = clock.measure { for _ in 0..<repeats { worst = max(worst, body(gramian)) } }
    times.append(Double(elapsed.components.attoseconds) * 1e-12 / Double(repeats))
  }
  times.sort()
  let median = (times[times.count / 2] * 100).rounded() / 100
  let slowest = (times[times.count - 1] * 100).rounded() / 100
  print("\(input.name)\t\(name)\t\(median) µs\tslowest \(slowest) µs\tresidual \(worst)")
}

/// Times a method that makes weights, from step to step; a step that fails counts as without end.
func time(_ method: some GramianMethod, _ name: String, _ input: Case, losses: [Double], repeats: Int) {
  var state = method.initialState(taskCount: losses.count)
  var source = RandomSource(seed: 1)
  let context = StepContext(losses: losses)
  time(name, input, repeats: repeats) { gramian in
    let weights = try? method.weights(gramian: gramian, context: context, state: &state, using: &source)
    return weights == nil ? .infinity : 0
  }
}

let sizes = [
  (2, 50, 200, 2000), (3, 50, 200, 500), (10, 100, 100, 100), (100, 300, 10, 3), (100, 90, 10, 3), (100, 30, 10, 3),
]
for (tasks, coordinates, count, repeats) in sizes {
  let ones = [Double](repeating: 1, count: tasks)
  let mean = ones.map { $0 / Double(tasks) }
  let families = tasks < 100 ? Family.usual : Family.allCases
  for input in cases(tasks: tasks, coordinates: coordinates, count: count, families: families) {
    time("min-norm point", input, repeats: repeats) { MinimumNormPoint(of: $0).residual }
    for radius in [0.4, 0.8] {
      time("CAGrad dual c=\(radius)", input, repeats: repeats) {
        ConflictAversePoint(of: $0, radius: radius).residual
      }
    }
    time("dual cone projection", input, repeats: repeats) { DualConeProjection(of: mean, in: $0).residual }
    for exponent in [1.0, 0.5] {
      time("bargain p=\(exponent)", input, repeats: repeats) {
        BargainingPoint(of: $0, demands: ones, exponent: exponent).residual
      }
    }
    for name in ["upgrad", "aligned-mtl", "config", "pcgrad", "gradvac", "svfair", "cagrad"] {
      guard case .gramian(let method) = try Catalogue.method(named: name) else { continue }
      time(method, name, input, losses: ones, repeats: max(repeats / 10, 1))
    }
  }
}
