import Foundation
import Torch
import TruceData
import TruceOptions
import TruceTasks

/// What problems over small grey pictures of ten classes have in common: their options and how data are cut to them.
struct PictureSettings {
  /// The number of classes of a picture.
  static let classCount = 10

  private static let trainingCount = count(
    "train_samples", "How many training images are used; none for all.")
  private static let testCount = count("test_samples", "How many test images are measured; none for all.")
  private static let validationCount = Parameter<Int>.atLeast(
    0, "validation_samples", default: 0, "How many training images are held out for validation.")
  private static let dataSeed = Parameter<Int>.atLeast(
    0, "data_seed", default: 0, "The seed of the pairs, of the subset and of the validation split.")

  static let parameters = [
    trainingCount.description, validationCount.description, testCount.description, dataSeed.description,
  ]

  private static func count(_ name: String, _ summary: String) -> Parameter<Int?> {
    Parameter(
      name, default: .some(nil), rule: "a whole number, at least 1, or none",
      form: Optional<Int>.form?.inside(1), summary
    ) {
      $0.map { $0 >= 1 } ?? true
    }
  }

  private let trainingCount, testCount: Int?
  private let validationCount: Int
  private let seed: UInt64

  init(_ options: Options) throws {
    trainingCount = try options.value(of: Self.trainingCount)
    testCount = try options.value(of: Self.testCount)
    validationCount = try options.value(of: Self.validationCount)
    seed = UInt64(try options.value(of: Self.dataSeed))
  }

  /// Builds the set, changes it and takes from it what the options say.
  func data(
    of source: any DatasetSource, _ request: ProblemRequest,
    changing change: (DatasetSplits) throws -> DatasetSplits = { $0 }
  ) throws -> ProblemData {
    try ProblemData(
      limited(change(source.build(from: request.dataFolders, seed: seed))), for: request)
  }

  private func limited(_ splits: DatasetSplits) throws -> DatasetSplits {
    var splits = splits
    if validationCount > 0 { splits = try splits.holdingOut(validationCount, seed: seed) }
    if let trainingCount { splits = try splits.limitingTraining(to: trainingCount, seed: seed) }
    if let testCount { splits = try splits.limitingTest(to: testCount, seed: seed) }
    return splits
  }
}

extension ClassificationTask {
  /// The task of a data set of pictures.
  init(_ summary: TaskSummary) {
    self.init(name: summary.name, classCount: summary.classCount ?? PictureSettings.classCount)
  }
}

extension TaskDescription {
  /// The task of a data set.
  init(_ summary: TaskSummary) { self.init(name: summary.name, summary: summary.title) }
}
