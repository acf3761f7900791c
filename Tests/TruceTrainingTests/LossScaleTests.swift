import Foundation
import Testing
import Truce
import TruceRun
import TruceStudy
import TruceTasks
import TruceTraining

@Suite("Invariance to the losses' scales")
struct LossScaleTests {
  /// What is trained twice, with and without scales.
  struct Setup: Sendable, CustomTestStringConvertible {
    var method = "ew"
    var options: [String: OptionValue] = [:]
    var optimizer = OptimizerName.adam
    /// Small beside every gradient, as the theory wants it.
    var epsilon: Double? = 1e-14
    var isFrozen = false

    var testDescription: String {
      "\(method) with \(optimizer.rawValue), \(isFrozen ? "frozen" : "free") backbone"
    }
  }

  private func comparison(
    of setup: Setup, scales: [Double] = [10, 0.1]
  ) throws -> LossScaleInvariance.Comparison {
    let folder = try TemporaryFolder()
    let records = try [nil, scales].enumerated().map { index, scales in
      let directory = RunDirectory(folder.url.appending(path: "\(index)"))
      let run = try TrainingRun(
        configuration: configuration(setup, scales: scales), catalogues: .truce(), directory: directory,
        console: Console(isTerminal: false) { _ in })
      _ = try run.run(.new)
      return try RunRecord(directory)
    }
    let comparisons = try LossScaleInvariance.comparisons(of: records)
    return try #require(comparisons.first)
  }

  private func configuration(_ setup: Setup, scales: [Double]?) -> RunConfiguration {
    var configuration = RunConfiguration(problem: "two-units", method: setup.method)
    configuration.options = setup.options
    configuration.optimizer = setup.optimizer
    if let epsilon = setup.epsilon, setup.optimizer == .adam {
      configuration.optimizerOptions["epsilon"] = .number(epsilon)
    }
    if setup.optimizer == .sgd { configuration.optimizerOptions["momentum"] = 0.9 }
    configuration.freeze = setup.isFrozen ? .shared : nil
    configuration.lossScales = scales
    (configuration.epochs, configuration.evaluateEvery, configuration.checkpointEvery) = (30, 30, 30)
    (configuration.updatesEvery, configuration.precision, configuration.device) = (1, .float64, "cpu")
    return configuration
  }

  /// Sections 3.1 and 3.2 of arXiv 2311.04698: equation 11 for UW-O, 17 to 19 for Adam's heads, one Adam a task for all.
  static let invariant = [
    Setup(isFrozen: true),
    Setup(method: "uw-o", optimizer: .sgd, isFrozen: true),
    Setup(method: "uw-o", optimizer: .sgd),
    Setup(method: "uw-o", options: ["likelihood": "laplace"], optimizer: .sgd),
    Setup(method: "uw-o", epsilon: nil),
    Setup(method: "mtl-io"),
    Setup(method: "adatask", options: ["epsilon": 1e-14]),
  ]

  @Test("holds where the theory says so", arguments: invariant)
  func holds(setup: Setup) throws {
    for scales in [[10, 0.1], [10, 0.01]] {
      let comparison = try comparison(of: setup, scales: scales)
      #expect(comparison.largest <= 1e-4 && comparison.verdict == .invariant, "\(comparison.largest)")
      let parts: [String?] = setup.isFrozen ? ["metres", "feet"] : [nil, "metres", "feet"]
      #expect(comparison.parts.map(\.task) == parts)
      #expect(comparison.parts.allSatisfy { $0.steps == Array(1...30) })
    }
  }

  @Test("SGD makes the scales the heads' learning rates, exactly so where the backbone is frozen")
  func frozenSGD() throws {
    let comparison = try comparison(of: Setup(optimizer: .sgd, isFrozen: true))
    #expect(comparison.verdict == .notInvariant)
    #expect(zip(comparison.parts, [10, 0.1]).allSatisfy { ($0.sizeRatio - $1).magnitude < 1e-6 })
    #expect(zip(comparison.parts, [9, 0.9]).allSatisfy { ($0.first - $1).magnitude < 1e-6 })
  }

  @Test("SGD with a free backbone differs in every part")
  func freeSGD() throws {
    let comparison = try comparison(of: Setup(optimizer: .sgd))
    #expect(comparison.verdict == .notInvariant)
    #expect(comparison.parts.allSatisfy { $0.first > 0.5 && $0.largest > 0.5 })
  }

  @Test("Adam with a free backbone moves the heads alike in the first step only, and the backbone never")
  func freeAdam() throws {
    let comparison = try comparison(of: Setup())
    #expect(comparison.verdict == .headsAtFirst)
    #expect(comparison.parts[0].first > 0.5)
    for head in comparison.parts.dropFirst() {
      #expect(head.first < 1e-4 && head.largest > 0.5)
    }
  }

  @Test("Adam with a free backbone does not notice a factor common to all losses")
  func commonFactor() throws {
    let comparison = try comparison(of: Setup(), scales: [100, 100])
    #expect(comparison.verdict == .invariant)
  }

  @Test("Adam with PyTorch's epsilon falls short of the theory")
  func usualEpsilon() throws {
    let comparison = try comparison(of: Setup(epsilon: 1e-8, isFrozen: true))
    #expect(comparison.verdict == .notInvariant)
    #expect(comparison.largest < 0.1)
  }
}

@Suite("Scaled losses and frozen parameters")
struct LossScaleSettingTests {
  private func run(
    _ folder: TemporaryFolder, _ name: String, _ overrides: [String], opening: RunDirectory.Opening = .new,
    isInterrupted: @escaping () -> Bool = { false }
  ) throws -> RunDirectory {
    let directory = RunDirectory(folder.url.appending(path: name))
    let configuration = try RunConfiguration(
      overrides: ["problem=two-units", "epochs=6", "updates_every=2", "device=cpu"] + overrides)
    let run = try TrainingRun(
      configuration: configuration, catalogues: .truce(), directory: directory,
      console: Console(isTerminal: false) { _ in },
      isInterrupted: isInterrupted)
    _ = try run.run(opening)
    return directory
  }

  @Test("The losses that methods see are scaled, the metrics are not")
  func scaledLosses() throws {
    let folder = try TemporaryFolder()
    let plain = try RunRecord(run(folder, "plain", ["freeze=shared", "optimizer=adam", "max_steps=1"]))
    let scaled = try RunRecord(
      run(folder, "scaled", ["freeze=shared", "optimizer=adam", "max_steps=1", "loss_scales=[4, 0.5]"]))
    for (task, scale) in [("metres", 4.0), ("feet", 0.5)] {
      let key = MetricKey.loss(task, split: "train")
      let losses = try [plain, scaled].map { try #require($0.epochCurves[key]?.first?.value) }
      #expect((losses[1] / losses[0] - scale).magnitude < 1e-6)
      let error = MetricKey.metric("absolute_error", of: task, split: "test")
      let errors = try [plain, scaled].map { try #require($0.epochCurves[error]?.first?.value) }
      #expect((errors[1] / errors[0] - 1).magnitude < 1e-3)
    }
  }

  @Test(
    "Frozen parameters stay where they were, also under methods with an optimizer for each task",
    arguments: ["ew", "cagrad", "adatask", "mtl-io"])
  func freezing(method: String) throws {
    let folder = try TemporaryFolder()
    let directory = try run(folder, method, ["method=\(method)", "freeze=shared"])
    let record = try #require(try UpdateRecord(of: directory))
    #expect(record.count == 3 && record.step(ofRow: 2) == 6)
    #expect(record.update(ofPart: 0, row: 2).allSatisfy { $0 == 0 })
    #expect(record.update(ofPart: 1, row: 2).contains { $0 != 0 })
  }

  @Test("A method that moves the shared parameters itself is not frozen")
  func refusedFreezing() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: TrainingError.self) {
      try run(folder, "moml", ["method=moml", "freeze=shared"])
    }
    #expect(error?.description == "moml moves the shared parameters itself, so they cannot be frozen")
    #expect(error?.help == "leave freeze out, or choose another method")
  }

  @Test("Scales that do not fit the tasks are refused by number and name")
  func wrongScales() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: TaskError.self) { try run(folder, "a", ["loss_scales=[1, 2, 3]"]) }
    #expect(error?.description == "loss_scales has 3 numbers for 2 tasks")
    #expect(error?.help == "give one number for each of metres, feet")
    #expect(throws: RunError.self) { try run(folder, "b", ["loss_scales=[1, -2]"]) }
    #expect(throws: RunError.self) { try run(folder, "c", ["freeze=heads"]) }
  }

  @Test("A resumed run's record of updates is that of an uninterrupted one")
  func resumption() throws {
    let folder = try TemporaryFolder()
    let whole = try run(folder, "whole", [])
    var steps = 0
    let part = try run(folder, "part", []) {
      steps += 1
      return steps == 3
    }
    #expect(try #require(try UpdateRecord(of: part)).count == 1)
    _ = try run(folder, "part", [], opening: .resume)
    #expect(try Data(contentsOf: part.updatesFile) == Data(contentsOf: whole.updatesFile))
  }
}
