import Foundation
import Testing
import Torch
import TorchNN
import TruceData
import TruceModels
import TruceRun
import TruceTasks
import TruceTorch

@testable import TruceTraining

@Suite("The similarity monitor")
struct SimilarityMonitorTests {
  private let folder: TemporaryFolder
  private let directory: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    directory = RunDirectory(folder.url)
  }

  private func monitor(
    every interval: Int = 2, samples: Int = 4, layers: [String]? = nil, resumingAt step: Int? = nil
  ) -> (SupervisedLearner) throws -> [any TrainingHandler] {
    { learner in
      [
        SimilarityMonitor(
          log: try MetricLog(in: directory, resumingAt: step), of: learner.supervisedNetwork,
          on: learner.problem.trainingLoader, stepInterval: interval, sampleCount: samples, layers: layers,
          seed: 9)
      ]
    }
  }

  private var lines: [RunProgress] {
    get throws {
      try MetricLog.events(in: directory).compactMap { if case .step(let step) = $0 { step } else { nil } }
    }
  }

  @Test("leaves training as it is, bit for bit")
  func harmlessness() throws {
    var run = TinyRun()
    run.method = "pcgrad"
    let alone = try run.makeLoop()
    _ = try alone.run()
    let watched = try run.makeLoop(monitor(every: 1))
    _ = try watched.run()
    #expect(try LoopState(watched) == LoopState(alone))
    #expect(try lines.count == 18)
  }

  @Test("records every pair of tasks and of samples under its key")
  func keys() throws {
    _ = try TinyRun().makeLoop(monitor(every: 5)).run()
    let lines = try lines
    #expect(lines.map(\.step) == [5, 10, 15])
    #expect(lines.map(\.epoch) == [0, 1, 2])
    let keys = try lines[0].values.keys.map { try #require(SimilarityKey($0)) }
    #expect(keys.count { $0.kind == .interTask } == 4 * 3 * 4)
    #expect(keys.count { $0.kind == .interSample } == 4 * 3 * 6)
    #expect(lines.allSatisfy { Set($0.values.keys) == Set(lines[0].values.keys) })
    #expect(lines[0].values != lines[1].values)
    for (key, value) in lines[2].values where key.contains("/cosine/") { #expect((-1...1).contains(value)) }
    for (key, value) in lines[2].values where key.contains("/conflicting/") {
      #expect((0...1).contains(value))
    }
  }

  @Test("records what plain differentiation finds")
  func values() throws {
    let loop = try TinyRun().makeLoop(monitor(every: 18))
    _ = try loop.run()
    let batch = try loop.supervised.problem.trainingLoader.randomBatch(of: 4, seed: 9, number: 18)
    #expect(Set(batch.positions).count == 4)
    let network = loop.supervised.network
    let rows = try network.evaluating {
      let output = network(batch.input[2..<3])
      return try loop.supervised.problem.tasks.prefix(2).enumerated().map { position, task in
        let target = try #require(batch[task: task.name])
        let loss = Losses.crossEntropy(output[position], target.values[2..<3])
        let gradients = try Autograd.gradients(
          of: [loss], withRespectTo: network.sharedParameters.tensors, retainGraph: true)
        return Tensor.concatenated(gradients.compactMap { $0?.reshaped([-1]) })
      }
    }
    let product = rows[0].dot(rows[1]).item()
    let values = try #require(try lines.first?.values)
    let recorded = try #require(values["similarity/inter-task/product/shape~colour/2"])
    #expect(abs(recorded - product) <= 1e-5 * rows[0].norm().item() * rows[1].norm().item())
    let cosine = try #require(values["similarity/inter-task/cosine/shape~colour/2"])
    #expect(abs(cosine - product / rows[0].norm().item() / rows[1].norm().item()) <= 1e-5)
  }

  @Test("records the same after a resumption", arguments: [3, 4, 9])
  func resumption(stop: Int) throws {
    _ = try TinyRun().makeLoop(monitor()).run()
    let whole = try lines
    let store = CheckpointStore(folder.url.appending(path: "checkpoints"))
    let memory = EventMemory()
    let interrupted = try TinyRun().makeLoop { learner in
      let watch = InterruptionWatch(isRequested: { memory.steps.count == stop }) {
        try store.saveLast(learner, $0)
      }
      return try monitor()(learner) + [memory, watch]
    }
    #expect(throws: TrainingInterruption.self) { try interrupted.run() }
    #expect(try lines.count == stop / 2)
    let resumed = try TinyRun().makeLoop(monitor(resumingAt: stop))
    #expect(try resumed.restore(from: store))
    _ = try resumed.run()
    #expect(try lines == whole)
  }

  @Test("leaves out what has no label, and compares as many tasks as samples at most")
  func fewer() throws {
    var run = TinyRun()
    run.problem = { try TinyProblem(isPartial: true) }
    _ = try run.makeLoop(monitor(every: 1)).run()
    let pairs = try lines.map { $0.values.keys.count { $0.hasPrefix("similarity/inter-task/cosine/shape~") } }
    #expect(pairs.contains { $0 < 8 })
    #expect(pairs.allSatisfy { $0.isMultiple(of: 2) })

    _ = try TinyRun().makeLoop(monitor(every: 1, samples: 2)).run()
    let tasks = try lines.map { line in
      Set(line.values.keys.compactMap { SimilarityKey($0) }.filter { $0.kind == .interTask }.map(\.subject))
    }
    #expect(tasks.allSatisfy { $0.count == 1 })
    #expect(Set(tasks.joined()) == ["shape~colour", "shape~size", "colour~size"])
  }

  @Test("looks at some layers only, which must exist")
  func layers() throws {
    let supervisedNetwork = try TinyRun().makeLoop().supervised.supervisedNetwork
    let counts = try [["trunk.0"], ["trunk.0.2", "trunk.1.bias"], nil].map {
      try SimilarityProbe(of: supervisedNetwork, layers: $0).parameterCount
    }
    #expect(counts == [6 * 8 + 8 + 8 * 5 + 5, 8 * 5 + 5 + 5, 6 * 8 + 8 + 8 * 5 + 5 + 10])
    let error = #expect(throws: SampleGradientError.self) {
      try SimilarityProbe(of: supervisedNetwork, layers: ["trunk.0.l2"])
    }
    #expect(error?.description == "no shared parameter belongs to a layer 'trunk.0.l2'")
    #expect(error?.help == "did you mean 'trunk.0.2'?")
    let watched = try TinyRun().makeLoop(monitor(layers: ["head"]))
    #expect(throws: SampleGradientError.self) { try watched.run() }
    #expect(try lines.isEmpty)
  }
}
