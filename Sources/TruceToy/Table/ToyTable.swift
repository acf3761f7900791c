import Truce

/// Which cells a table of iterations has: every method with every optimizer and learning rate.
public struct ToyGrid: Sendable {
  /// The methods' catalogue names.
  public let methods: [String]
  /// The optimizers.
  public let optimizers: [ToyOptimizer.Rule]
  /// The learning rates.
  public let learningRates: [Double]

  /// Creates a grid.
  public init(methods: [String], optimizers: [ToyOptimizer.Rule], learningRates: [Double]) {
    self.methods = methods
    self.optimizers = optimizers
    self.learningRates = learningRates
  }

  /// The grid of the published table.
  ///
  /// - Source: C. Elich et al., "Examining Common Paradigms in Multi-Task Learning", arXiv 2311.04698.
  public static let published = ToyGrid(
    methods: ["ew", "pcgrad", "cagrad"], optimizers: [.gd, .adam], learningRates: [10, 1, 0.1, 0.01, 0.001])
}

/// How the starts of a table are perturbed, to tell a stable cell from a chaotic one.
public struct ToyPerturbation: Sendable, Equatable, Codable {
  /// The largest displacement of each coordinate.
  public let size: Double
  /// How many perturbed copies of all starts are run.
  public let repeats: Int

  /// Creates a perturbation.
  public init(size: Double, repeats: Int) {
    self.size = size
    self.repeats = repeats
  }

  /// No perturbation: each start once.
  public static let none = ToyPerturbation(size: 0, repeats: 1)
}

/// The number of iterations until the global minimum, for every method, optimizer and learning rate.
public struct ToyTable: Sendable {
  /// The cells: by optimizer, then method, then learning rate.
  public let cells: [ToyCell]
  /// The perturbation of the starts.
  public let perturbation: ToyPerturbation

  /// Runs every cell, several at a time.
  ///
  /// - Parameters:
  ///   - grid: The optimizers, methods and learning rates.
  ///   - starts: The points that each cell's runs start from.
  ///   - base: The settings that all cells share; each cell replaces method and optimizer.
  ///   - perturbation: How far and how often the starts are moved.
  /// - Throws: `MethodError` where a method is unknown or cannot run on the toy.
  /// - Complexity: O(cells × repeats × starts × iterations) at worst; a run ends on arrival.
  public init(
    grid: ToyGrid, starts: [SIMD2<Double>], base: ToySettings, perturbation: ToyPerturbation = .none
  ) async throws {
    let repeats = Self.perturbed(starts, by: perturbation, seed: base.seed)
    let settings = Self.settings(of: grid, base: base)
    let jobs = settings.flatMap { setting in repeats.map { (setting, $0) } }
    let results = try await concurrentMap(jobs) { try Self.largestCount(from: $0.1, settings: $0.0) }
    cells = settings.indices.map { index in
      let counts = results[(index * repeats.count)..<((index + 1) * repeats.count)]
      return ToyCell(settings: settings[index], counts: Array(counts))
    }
    self.perturbation = perturbation
  }

  private static func settings(of grid: ToyGrid, base: ToySettings) -> [ToySettings] {
    grid.optimizers.flatMap { rule in
      grid.methods.flatMap { method in
        grid.learningRates.map { rate in
          var cell = ToySettings(
            method: method,
            optimizer: ToyOptimizer(rule, learningRate: rate, momentum: base.optimizer.momentum))
          cell.iterations = base.iterations
          cell.precision = base.precision
          cell.seed = base.seed
          cell.criterion = base.criterion
          cell.smoothing = base.smoothing
          cell.stopsOnArrival = true
          return cell
        }
      }
    }
  }

  private static func perturbed(
    _ starts: [SIMD2<Double>], by perturbation: ToyPerturbation, seed: UInt64
  ) -> [[SIMD2<Double>]] {
    guard perturbation.size > 0 else { return [starts] }
    var generator = RandomSource(seed: seed)
    let range = -perturbation.size...perturbation.size
    return (0..<perturbation.repeats).map { _ in
      starts.map { $0 + SIMD2(.random(in: range, using: &generator), .random(in: range, using: &generator)) }
    }
  }

  /// The largest count over the starts, or nil as soon as one of them never arrives.
  private static func largestCount(
    from starts: [SIMD2<Double>], settings: ToySettings
  ) throws(MethodError) -> Int? {
    var largest = 0
    for start in starts {
      guard let count = try Toy.run(from: start, settings: settings).iterationsToGlobalMinimum else {
        return nil
      }
      largest = max(largest, count)
    }
    return largest
  }
}

/// One cell: the largest number of iterations over the starts, once for each repeat.
public struct ToyCell: Sendable {
  /// The method, optimizer and learning rate, and what the cell shares with the others.
  public let settings: ToySettings
  /// For each repeat the largest count over the starts, or nil where some start never arrived.
  public let counts: [Int?]

  /// The counts of the repeats in which every start arrived, in rising order.
  public var arrived: [Int] { counts.compactMap(\.self).sorted() }
  /// The share of the repeats in which every start arrived.
  public var shareArrived: Double { Double(arrived.count) / Double(max(counts.count, 1)) }
  /// The median over the repeats that arrived; the upper one of two.
  public var median: Int? { arrived.isEmpty ? nil : arrived[arrived.count / 2] }
}
