import Foundation
import Testing
import Torch
import TruceData
import TruceOptions
import TruceProblems
import TruceTasks

@Suite("The problem of rooms")
struct RoomsProblemTests {
  private let entry: ProblemEntry
  private let folder = FileManager.default.temporaryDirectory.appending(path: "truce-\(UUID().uuidString)")

  init() throws {
    entry = try #require(ProblemCatalogue.entries.first { $0.about.name == "rooms" })
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private static let small: [String: OptionValue] = [
    "train_samples": .number(4), "test_samples": .number(2), "height": .number(24), "width": .number(32),
  ]

  private func problem(_ options: [String: OptionValue]) throws -> any Problem {
    try entry.make(ProblemRequest(options: options, batchSize: 2, dataFolder: folder))
  }

  @Test("makes its pictures once and reads them like NYUv2's")
  func made() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let first = try problem(Self.small)
    #expect(first.tasks.map(\.name) == ["segmentation", "depth", "normal"])
    #expect(first.trainingLoader.exampleCounts == [4])
    #expect(first.evaluationLoaders.map { $0.loader.exampleCounts } == [[2]])
    let batch = try first.trainingLoader.firstBatch(of: 2)
    #expect(batch.input.shape == [2, 3, 24, 32])
    let made = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/rooms")
    _ = try problem(Self.small)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/rooms") == made)
    // A folder of one's own is read as it is.
    let own = folder.path + "/rooms/" + made[0]
    #expect(try problem(["data": .string(own)]).trainingLoader.exampleCounts == [4])
    let error = #expect(throws: TaskError.self) {
      _ = try self.problem(["data": .string(own), "height": .number(48)])
    }
    #expect(error?.description == "the option `data` names a folder, whose rooms are as they are")
  }

  @Test("has a constant and a prior that a network must pass")
  func baselines() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let rooms = try RoomsPreparation(train: 6, val: 3, height: 24, width: 32, seed: 1)
    let made = try DenseFolder(rooms.made(in: folder.path), .rooms)
    let rows = try DenseBaselines(made).measure()
    #expect(
      rows.map { "\($0.task)/\($0.metric)" } == [
        "segmentation/mean_iou", "segmentation/pixel_accuracy", "depth/absolute_error",
        "depth/relative_error", "normal/mean_angle", "normal/median_angle", "normal/within_11_25",
        "normal/within_22_5", "normal/within_30",
      ])
    #expect(rows.allSatisfy { $0.constant.isFinite && $0.prior.isFinite })
    // By hand: the mean depth of the training set on the test set.
    let depths = { (part: DenseFolder.Part) in
      try (0..<made.samples(of: part).count).flatMap {
        try made.samples(of: part).sample(at: $0).targets[1].values.elements(as: Float.self)
      }.filter { $0 != 0 }.map(Double.init)
    }
    let (train, test) = (try depths(.train), try depths(.val))
    let mean = train.reduce(0, +) / Double(train.count)
    let error = test.reduce(0) { $0 + abs($1 - mean) } / Double(test.count)
    #expect(abs(rows[2].constant - error) < 1e-5)
  }

  /// The prepared NYUv2 at 96×128, where a variable names its folder.
  private static let nyuv2 = ProcessInfo.processInfo.environment["TRUCE_NYUV2_96X128"]

  @Test(
    "or NYUv2's have the known bar",
    .enabled(if: nyuv2 != nil, "TRUCE_NYUV2_96X128 names no folder of NYUv2 prepared at 96x128"))
  func nyuv2Bar() throws {
    let rows = try DenseBaselines(DenseFolder(#require(Self.nyuv2), .nyuv2)).measure()
    // Computed with NumPy from the same files: the published classes and depths, and the fitted normals.
    let bar: [(constant: Double, prior: Double)] = [
      (0.021838, 0.065872), (0.283895, 0.369614), (1.023144, 0.864992), (0.485470, 0.373941),
      (47.054413, 39.402907), (46.355629, 37.342140), (0.019024, 0.076017), (0.116772, 0.234225),
      (0.239013, 0.367310),
    ]
    #expect(rows.count == bar.count)
    for (row, expected) in zip(rows, bar) {
      let tolerance = max(2e-5, 2e-6 * expected.constant)
      #expect(abs(row.constant - expected.constant) < tolerance, "\(row)")
      #expect(abs(row.prior - expected.prior) < tolerance, "\(row)")
    }
  }
}
