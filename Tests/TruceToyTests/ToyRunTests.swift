import Testing
import Truce

@testable import TruceToy

@Suite("Runs of the toy")
struct ToyRunTests {
  private let starts = ToyStarts.code.points

  private func settings(
    _ method: String, _ rule: ToyOptimizer.Rule, _ rate: Double, iterations: Int = 1500
  ) -> ToySettings {
    var settings = ToySettings(method: method, optimizer: ToyOptimizer(rule, learningRate: rate))
    settings.iterations = iterations
    settings.stopsOnArrival = true
    return settings
  }

  /// The largest count over the three starts, or nil where one of them never arrives.
  private func largestCount(_ settings: ToySettings) throws -> Int? {
    let counts = try starts.map { try Toy.run(from: $0, settings: settings).iterationsToGlobalMinimum }
    return counts.contains(nil) ? nil : counts.compactMap(\.self).max()
  }

  /// The cells of a published table that do not move when the starts are perturbed.
  ///
  /// Elich and others (arXiv 2311.04698, the toy experiment) ran the authors' script, which computes in single
  /// precision.
  @Test(
    "Single precision reproduces the published table's stable cells within 5 %",
    arguments: [
      ("cagrad", .gd, 10, 644), ("ew", .adam, 10, 26), ("ew", .adam, 1, 22), ("ew", .adam, 0.1, 709),
      ("pcgrad", .adam, 10, 25), ("pcgrad", .adam, 1, 56), ("cagrad", .adam, 10, 27),
      ("cagrad", .adam, 1, 32),
      ("cagrad", .adam, 0.1, 802),
    ] as [(String, ToyOptimizer.Rule, Double, Int)])
  func publishedCells(method: String, rule: ToyOptimizer.Rule, rate: Double, published: Int) throws {
    let count = try #require(try largestCount(settings(method, rule, rate)))
    #expect(Double(abs(count - published)) <= 0.05 * Double(published), "\(count)")
  }

  @Test("Plain gradient descent on the mean loss is caught by the walls")
  func gradientDescent() throws {
    #expect(try largestCount(settings("ew", .gd, 0.01, iterations: 20_000)) == nil)
  }

  @Test("The constant under CAGrad's roots fades into the exact rule")
  func smoothing() throws {
    let gramian = try Gramian(taskCount: 2, elements: [2, -0.7, -0.7, 1.3])
    let exact = try CAGrad(c: 0.5, rescale: .linear)
    let context = StepContext(losses: [])
    var (generator, state) = (RandomSource(seed: 0), Stateless())
    let expected = try exact.weights(
      gramian: gramian, context: context, state: &state, using: &generator)
    for constant in [1e-4, 1e-8, 1e-12] {
      let weights = try SmoothedCAGrad(exact, constant: constant).weights(
        gramian: gramian, context: context, state: &state, using: &generator)
      for (weight, limit) in zip(weights, expected) {
        #expect((weight - limit).magnitude <= 3 * constant)
      }
    }
  }

  @Test("Every method of the catalogue runs, or says why not", arguments: Catalogue.entries.map(\.about))
  func everyMethod(about: MethodDescription) throws {
    var settings = settings(about.name, .adam, 0.01, iterations: 50)
    settings.recordingInterval = 10
    guard Toy.canRun(about) else {
      #expect(throws: MethodError.self) { try Toy.run(from: starts[0], settings: settings) }
      return
    }
    for start in starts {
      let run = try Toy.run(from: start, settings: settings)
      #expect(run.stop != nil || run.final.iteration == 50)
      #expect(run.final.losses.x.isFinite && run.final.losses.y.isFinite)
      #expect(run.trajectory.first?.x == start)
    }
  }

  @Test("The same seed gives the same run", arguments: ["rlw", "cagrad"])
  func determinism(method: String) throws {
    let settings = settings(method, .adam, 0.05, iterations: 300)
    let runs = try (0..<2).map { _ in try Toy.run(from: starts[0], settings: settings) }
    #expect(runs[0].final == runs[1].final)
  }

  @Test("A run that diverges stops with the reason and a finite last point")
  func divergence() throws {
    let run = try Toy.run(from: [-8.5, -5], settings: settings("ew", .gd, 1e30, iterations: 50))
    let stop = try #require(run.stop)
    #expect(stop.reason == .nonFinite(task: 0, what: "loss"))
    #expect(stop.iteration == run.final.iteration + 1)
    #expect(run.final.meanLoss.isFinite)
  }

  @Test("Recording keeps every n-th point and the CSV holds them")
  func recording() throws {
    var settings = settings("ew", .sgd, 0.01, iterations: 100)
    settings.recordingInterval = 25
    settings.stopsOnArrival = false
    let run = try Toy.run(from: [9, 9], settings: settings)
    #expect(run.trajectory.map(\.iteration) == [0, 25, 50, 75, 100])
    settings.recordingInterval = 1
    let thinned = try Toy.run(from: [9, 9], settings: settings).thinned(perOctave: 4)
    let expected = Array(0...8) + [10, 12, 15, 18, 22, 27, 33, 41, 51, 63, 78, 97, 100]
    #expect(thinned.trajectory.map(\.iteration) == expected)
    let lines = TrajectoryCSV.lines(of: [run], settings: settings)
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("ew,sgd,0.01,0,0,9.0,9.0,"))
    #expect(TrajectoryCSV.header.split(separator: ",").count == lines[0].split(separator: ",").count)
  }

  @Test("CAGrad takes the toy's scale, and an option overrides it")
  func options() throws {
    #expect(
      try ToySettings(method: "cagrad").resolvedOptions()
        == ["c": 0.5, "rescale": "linear", "reduction": "mean"])
    let sharper = ToySettings(method: "cagrad", options: ["c": 0.8])
    #expect(try sharper.resolvedOptions()["c"] == 0.8)
    #expect(throws: MethodError.unknownMethod(name: "cagard", closest: "cagrad")) {
      try ToySettings(method: "cagard").resolvedOptions()
    }
  }
}

@Suite("Tables of the toy")
struct ToyTableTests {
  private let grid = ToyGrid(methods: ["ew", "cagrad"], optimizers: [.gd, .adam], learningRates: [1, 0.1])

  private var base: ToySettings {
    var settings = ToySettings(method: "ew")
    settings.iterations = 1000
    return settings
  }

  @Test("Cells come by optimizer, method and learning rate")
  func order() async throws {
    let table = try await ToyTable(grid: grid, starts: ToyStarts.code.points, base: base)
    let names = table.cells.map { "\($0.settings.optimizer.rule) \($0.settings.method)" }
    #expect(
      names == [
        "gd ew", "gd ew", "gd cagrad", "gd cagrad", "adam ew", "adam ew", "adam cagrad", "adam cagrad",
      ])
    #expect(table.cells[0].median == nil)
    #expect(table.cells[5].counts.count == 1)
  }

  @Test("A perturbed table has one count for each repeat, and the same seed repeats them")
  func perturbation() async throws {
    let perturbation = ToyPerturbation(size: 1e-6, repeats: 3)
    let tables = try await [
      ToyTable(grid: grid, starts: ToyStarts.code.points, base: base, perturbation: perturbation),
      ToyTable(grid: grid, starts: ToyStarts.code.points, base: base, perturbation: perturbation),
    ]
    #expect(tables[0].cells.allSatisfy { $0.counts.count == 3 })
    #expect(tables[0].cells.map(\.counts) == tables[1].cells.map(\.counts))
    let stable = tables[0].cells[5]
    #expect(stable.shareArrived == 1)
    #expect(stable.arrived[2] - stable.arrived[0] < 20)
  }
}
