import Foundation
import Testing
import Torch
import TruceData
import TruceModels
import TruceOptions
import TruceProblems
import TruceTasks

/// A folder in the layout of the release of MTAN: ten pictures to learn from and three to measure, of 8 × 12 pixels.
private final class SmallFolder {
  let path: String

  init(_ layout: DenseLayout) throws {
    path = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)").path
    let preparation = try DensePreparation(
      into: path, layout,
      PreparationRecord(dataset: layout.name, size: [8, 12], examples: ["train": 10, "val": 3]),
      camera: Camera(fx: 10, fy: 10, cx: 5.5, cy: 3.5, height: 8, width: 12), replacing: false)
    try preparation.write { (_, number) throws(DataError) in Self.example(number, layout) }
    try preparation.finish()
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  private static func example(_ number: Int, _ layout: DenseLayout) -> DensePreparation.Example {
    let maps = layout.maps.map { map -> [Float] in
      switch map.content {
      case .classes(let names): (0..<96).map { Float(($0 + number) % (names.count + 1) - 1) }
      case .depth: (0..<96).map { $0 % 5 == 0 ? 0 : 2 }
      case .normals: (0..<96).flatMap { _ in [0.6, 0, -0.8] as [Float] }
      }
    }
    return DensePreparation.Example(
      image: (0..<288).map { Float($0 % 96 + number) / 120 }, maps: maps)
  }
}

@Suite("Problems over folders of maps")
struct DenseProblemTests {
  private func problem(
    _ name: String, _ folder: SmallFolder, _ options: [String: OptionValue] = [:], tasks: [String]? = nil,
    evaluationBatchSize: Int = 1000
  ) throws -> any Problem {
    let entry = try #require(ProblemCatalogue.entries.first { $0.about.name == name })
    return try entry.make(
      ProblemRequest(
        options: options.merging(["data": .string(folder.path)]) { $1 }, tasks: tasks, batchSize: 2,
        evaluationBatchSize: evaluationBatchSize, seed: 3))
  }

  /// All depths of an epoch's batches.
  private func depths(_ source: any BatchSource, epoch: Int = 0) throws -> [Float] {
    let batches = source.batches(epoch: epoch)
    var values: [Float] = []
    while let batch = try batches.next() {
      values += batch[task: "depth"]?.values.toArray(as: Float.self) ?? []
    }
    return values
  }

  @Test("read NYUv2's three tasks, changed in training and as they are in the test")
  func nyuv2() throws {
    let folder = try SmallFolder(.nyuv2)
    let problem = try problem("nyuv2", folder, ["workers": .number(1)])
    #expect(problem.tasks.map(\.name) == ["segmentation", "depth", "normal"])
    #expect(problem.tasks.map(\.output) == [.map(channels: 13), .map(channels: 1), .map(channels: 3)])
    #expect(problem.trainingLoader.exampleCounts == [10] && problem.trainingLoader.batchCount == 5)
    #expect(problem.validationLoader == nil)
    #expect(problem.evaluationLoaders.map(\.split) == ["test"])
    #expect(problem.evaluationLoaders[0].loader.exampleCounts == [3])
    let batch = try problem.trainingLoader.firstBatch(of: 2)
    #expect(batch.input.shape == [2, 3, 8, 12] && batch.inputs[0].name == "image")
    #expect(batch.targets.map(\.values.shape) == [[2, 8, 12], [2, 1, 8, 12], [2, 3, 8, 12]])
    for task in problem.tasks {
      guard case .map(channels: let channels) = task.output else { continue }
      let target = try #require(batch[task: task.name])
      let loss = task.loss(output: Tensor.zeros([2, channels, 8, 12]), target: target)
      #expect(try #require(loss).item().isFinite)
    }
    // Enlarged by s, a depth of 2 m becomes 2 / s.
    let trained = try Set(depths(problem.trainingLoader).map { ($0 * 1000).rounded() })
    #expect(trained.isSubset(of: [0, 2000, 1667, 1333]) && trained.count > 2)
    #expect(try Set(depths(problem.evaluationLoaders[0].loader)) == [0, 2])
    let plain = try self.problem("nyuv2", folder, ["augment": .bool(false)])
    #expect(try Set(depths(plain.trainingLoader)) == [0, 2])
  }

  @Test("are the same kept in memory, in every epoch")
  func inMemory() throws {
    let folder = try SmallFolder(.nyuv2)
    let loaders = try [true, false].map {
      try problem("nyuv2", folder, ["in_memory": .bool($0)]).trainingLoader
    }
    for epoch in 0..<2 {
      #expect(try depths(loaders[0], epoch: epoch) == depths(loaders[1], epoch: epoch))
    }
    #expect(try depths(loaders[0], epoch: 0) != depths(loaders[0], epoch: 1))
  }

  @Test("hold out pictures by seed")
  func validation() throws {
    let folder = try SmallFolder(.nyuv2)
    let problem = try problem("nyuv2", folder, ["validation_samples": .number(4)])
    #expect(problem.trainingLoader.exampleCounts == [6] && problem.validationLoader?.exampleCounts == [4])
    #expect(problem.evaluationLoaders.map(\.split) == ["validation", "test"])
    #expect(try Set(depths(problem.evaluationLoaders[0].loader)) == [0, 2])
    let error = #expect(throws: DataError.self) {
      _ = try self.problem("nyuv2", folder, ["validation_samples": .number(10)])
    }
    #expect(error?.description == "the number of examples held out must be in 1 … 9, got 10")
  }

  @Test("enlarge Cityscapes' inverse depth as published, or as is right")
  func cityscapes() throws {
    let folder = try SmallFolder(.cityscapes)
    let published = try problem("cityscapes", folder)
    #expect(published.tasks.map(\.output) == [.map(channels: 7), .map(channels: 1)])
    #expect(try depths(published.trainingLoader).max() == 2)
    let right = try problem("cityscapes", folder, ["inverse_depth_zoom": .string("multiplies")])
    let largest = try #require(try depths(right.trainingLoader).max())
    #expect(largest > 2 && largest <= 3)
  }

  @Test("train some of the tasks, and measure no more pictures at once than a step sees")
  func parts() throws {
    let folder = try SmallFolder(.nyuv2)
    let problem = try problem("nyuv2", folder, tasks: ["depth"])
    #expect(problem.tasks.map(\.name) == ["depth"])
    #expect(try problem.trainingLoader.firstBatch(of: 1).targets.map(\.task) == ["depth"])
    #expect(problem.evaluationLoaders[0].loader.batchCount == 2)
    let single = try self.problem("nyuv2", folder, evaluationBatchSize: 1)
    #expect(single.evaluationLoaders[0].loader.batchCount == 3)
  }

  @Test("leave unreadable pictures out of training where asked to, and never out of a measurement")
  func badSamples() throws {
    let folder = try SmallFolder(.nyuv2)
    // The first one too, from which a loader learns what all look like.
    try Data("nothing".utf8).write(to: URL(filePath: folder.path + "/train/image/0.npy"))
    #expect(throws: DataError.self) { _ = try problem("nyuv2", folder) }
    let skipping = try problem("nyuv2", folder, ["bad_samples": .string("skip")])
    try Data("nothing".utf8).write(to: URL(filePath: folder.path + "/train/depth/3.npy"))
    try Data("nothing".utf8).write(to: URL(filePath: folder.path + "/val/depth/1.npy"))
    let batches = skipping.trainingLoader.batches(epoch: 0)
    var count = 0
    while let batch = try batches.next() { count += batch.count }
    #expect(count == 8 && batches.statistics.skipped.map(\.position).sorted() == [0, 3])
    let error = #expect(throws: DataError.self) { _ = try depths(skipping.evaluationLoaders[0].loader) }
    #expect(error?.description.contains("val/depth/1.npy: not a NumPy file") == true)
  }

  @Test("say where the data should be and how to get them")
  func missing() throws {
    let entry = try #require(ProblemCatalogue.entries.first { $0.about.name == "nyuv2" })
    let nowhere = URL(filePath: "/nowhere-at-all")
    let error = #expect(throws: DataError.self) {
      _ = try entry.make(ProblemRequest(options: ["data": .string("/nowhere-at-all")], dataFolder: nowhere))
    }
    #expect(error?.description == "/nowhere-at-all: there is no such folder")
    #expect(error?.help.contains("truce data prepare nyuv2") == true)
  }
}
