import Foundation
import Torch
import TorchNN
import Truce
import TruceData
import TruceModels

/// What problems over small grey pictures of ten classes have in common: their options, loaders and trunks.
struct PictureSettings {
  /// Which trunk the tasks share.
  enum Trunk: String, ParameterValue, CaseIterable {
    /// The shrunk LeNet of CAGrad's paper.
    case lenet
    /// A ResNet-18.
    case resnet18
  }

  /// The data as training and measuring go through them.
  struct Loaders {
    let training: any BatchSource
    let validation: (any BatchSource)?
    let evaluation: [(split: String, loader: any BatchSource)]
  }

  /// The number of classes of a picture.
  static let classCount = 10

  private static let trunkParameter = Parameter<Trunk>.any(
    "trunk", default: .lenet, "The trunk the tasks share.")
  private static let trainingCount = count(
    "train_samples", "How many training images are used; none for all.")
  private static let testCount = count("test_samples", "How many test images are measured; none for all.")
  private static let validationCount = Parameter<Int>.atLeast(
    0, "validation_samples", default: 0, "How many training images are held out for validation.")
  private static let dataSeed = Parameter<Int>.atLeast(
    0, "data_seed", default: 0, "The seed of the pairs, of the subset and of the validation split.")

  static let parameters = [
    trunkParameter.description, trainingCount.description, validationCount.description,
    testCount.description, dataSeed.description,
  ]

  private static func count(_ name: String, _ summary: String) -> Parameter<Int?> {
    Parameter(name, default: .some(nil), rule: "a whole number, at least 1, or none", summary) {
      $0.map { $0 >= 1 } ?? true
    }
  }

  private let trunk: Trunk
  private let trainingCount, testCount: Int?
  private let validationCount: Int
  private let seed: UInt64

  init(_ options: Options) throws {
    trunk = try options.value(of: Self.trunkParameter)
    trainingCount = try options.value(of: Self.trainingCount)
    testCount = try options.value(of: Self.testCount)
    validationCount = try options.value(of: Self.validationCount)
    seed = UInt64(try options.value(of: Self.dataSeed))
  }

  // MARK: Data

  /// Builds the set, changes it and takes from it what the options say.
  func loaders(
    of source: any DatasetSource, _ request: ProblemRequest,
    changing change: (DatasetSplits) throws -> DatasetSplits = { $0 }
  ) throws -> Loaders {
    let folders = request.dataFolder.map { DataFolders.usual(requested: $0.path) } ?? .usual()
    let splits = try limited(change(source.build(from: folders, seed: seed)))
    let shuffled = { (part: Dataset) in
      try DataLoader(
        part.moved(to: request.device), batchSize: request.batchSize, order: .shuffled(seed: request.seed))
    }
    let measured = [("validation", splits.validation), ("test", splits.test)]
    return Loaders(
      training: try shuffled(splits.training), validation: try splits.validation.map(shuffled),
      evaluation: try measured.compactMap { name, part in
        try part.map {
          let there = try $0.moved(to: request.device)
          return (name, try DataLoader(there, batchSize: request.evaluationBatchSize, order: .stored))
        }
      })
  }

  private func limited(_ splits: DatasetSplits) throws -> DatasetSplits {
    var splits = splits
    if validationCount > 0 { splits = try splits.holdingOut(validationCount, seed: seed) }
    if let trainingCount { splits = try splits.limitingTraining(to: trainingCount, seed: seed) }
    if let testCount { splits = try splits.limitingTest(to: testCount, seed: seed) }
    return splits
  }

  // MARK: Network

  /// Makes the trunk, and says how many features it has.
  func makeTrunk(using generator: Generator) -> (trunk: any Layer, featureCount: Int) {
    switch trunk {
    case .lenet: (LeNetTrunk(using: generator), LeNetTrunk.featureCount)
    case .resnet18:
      (
        ResNet18Trunk(inputChannels: 1, stem: .small, using: generator), ResNet18Trunk.featureCount
      )
    }
  }
}

extension ProblemEntry {
  /// The line of a problem over a data set of pictures, which gives it its name and its summary.
  static func pictures(
    _ name: String, parameters: [ParameterDescription], source: String,
    make: @escaping @Sendable (any DatasetSource, ProblemRequest, ProblemDescription) throws -> any Problem
  ) -> ProblemEntry {
    let summary = DatasetCatalogue.entries.first { $0.name == name }?.summary ?? ""
    let about = ProblemDescription(name: name, summary: summary, parameters: parameters, source: source)
    return ProblemEntry(about: about) { try make(DatasetCatalogue.entry(named: name), $0, about) }
  }
}
