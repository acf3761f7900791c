import Foundation
public import Torch
import TorchNN
public import Truce
public import TruceData
public import TruceModels

/// Two overlaid images, one class each: the Multi-Fashion+MNIST problem of the CAGrad paper and its kin.
///
/// The network is the paper's shrunk LeNet, or a ResNet-18, with one linear head a task.
///
/// - Source: B. Liu et al., "Conflict-Averse Gradient Descent for Multi-task Learning", NeurIPS 2021, section
///   5.2; X. Lin et al., "Pareto Multi-Task Learning", NeurIPS 2019.
public struct MultiDigitProblem: Problem {
  /// The tasks that take part, in order.
  public let tasks: [any ProblemTask]
  /// The training data.
  public let trainingLoader: DataLoader
  /// The examples held out by `validation_samples`, in training batches.
  public let validationLoader: DataLoader?
  /// The splits that are measured.
  public let evaluationLoaders: [(split: String, loader: DataLoader)]

  private let trunk: Trunk
  private static let classCount = 10
  private static let sumTask = "sum"

  /// Which trunk the tasks share.
  public enum Trunk: String, ParameterValue, CaseIterable {
    /// The paper's shrunk LeNet.
    case lenet
    /// A ResNet-18.
    case resnet18
  }

  static let trunkParameter = Parameter<Trunk>.any("trunk", default: .lenet, "The trunk the tasks share.")
  static let trainingCount = count("train_samples", "How many training images are used; none for all.")
  static let testCount = count("test_samples", "How many test images are measured; none for all.")
  static let validationCount = Parameter<Int>.atLeast(
    0, "validation_samples", default: 0, "How many training images are held out for validation.")
  static let dataSeed = Parameter<Int>.atLeast(
    0, "data_seed", default: 0, "The seed of the pairs, of the subset and of the validation split.")

  static let asksSum = Parameter<Bool>.any(
    "sum_task", default: false, "Whether a third task, `sum`, asks for the sum of the two classes, 0 to 18.")

  static let parameters = [
    trunkParameter.description, trainingCount.description, validationCount.description,
    testCount.description, dataSeed.description, asksSum.description,
  ]

  private static func count(_ name: String, _ summary: String) -> Parameter<Int?> {
    Parameter(name, default: .some(nil), rule: "a whole number, at least 1, or none", summary) {
      $0.map { $0 >= 1 } ?? true
    }
  }

  /// Loads the data and prepares the tasks.
  init(_ source: any DatasetSource, _ request: ProblemRequest, about: ProblemDescription) throws {
    let options = try MethodOptions(
      owner: about.name, parameters: about.parameters, values: request.options)
    trunk = try options.value(of: Self.trunkParameter)
    let asksSum = try options.value(of: Self.asksSum)
    tasks = try Self.tasks(
      source.tasks.map(\.name) + (asksSum ? [Self.sumTask] : []), chosen: request.tasks)
    let seed = UInt64(try options.value(of: Self.dataSeed))
    let folders = request.dataFolder.map { DataFolders.usual(requested: $0.path) } ?? .usual()
    var splits = try source.build(from: folders, seed: seed)
    if asksSum { splits = try splits.addingTask(Self.sumTarget) }
    let held = try options.value(of: Self.validationCount)
    if held > 0 { splits = try splits.holdingOut(held, seed: seed) }
    if let count = try options.value(of: Self.trainingCount) {
      splits = try splits.limitingTraining(to: count, seed: seed)
    }
    if let count = try options.value(of: Self.testCount) {
      splits = try splits.limitingTest(to: count, seed: seed)
    }
    trainingLoader = try DataLoader(
      splits.training.moved(to: request.device), batchSize: request.batchSize,
      order: .shuffled(seed: request.seed))
    validationLoader = try splits.validation.map {
      try DataLoader(
        $0.moved(to: request.device), batchSize: request.batchSize, order: .shuffled(seed: request.seed))
    }
    var measured: [(split: String, loader: DataLoader)] = []
    for (name, part) in [("validation", splits.validation), ("test", splits.test)] {
      guard let part else { continue }
      measured.append(
        (
          name,
          try DataLoader(
            part.moved(to: request.device), batchSize: request.evaluationBatchSize, order: .stored)
        ))
    }
    evaluationLoaders = measured
  }

  /// The sum of the classes of both images: a task that needs what the two others need.
  private static func sumTarget(of targets: [TaskTarget]) -> TaskTarget {
    TaskTarget(task: sumTask, values: targets.dropFirst().reduce(targets[0].values) { $0 + $1.values })
  }

  private static func outputCount(of task: String) -> Int {
    task == sumTask ? 2 * classCount - 1 : classCount
  }

  private static func tasks(_ known: [String], chosen: [String]?) throws -> [any ProblemTask] {
    if let unknown = chosen?.first(where: { !known.contains($0) }) {
      throw TrainingError.unknownTask(name: unknown, known: known)
    }
    return known.filter { chosen?.contains($0) ?? true }.map { ClassificationTask(name: $0) }
  }

  /// Makes the trunk and one linear head for each task.
  public func makeNetwork(using generator: Generator) throws -> any MultiTaskNetwork {
    let trunk: any Layer
    let width: Int
    switch self.trunk {
    case .lenet: (trunk, width) = (LeNetTrunk(using: generator), LeNetTrunk.featureCount)
    case .resnet18:
      (trunk, width) = (
        ResNet18Trunk(inputChannels: 1, stem: .small, using: generator), ResNet18Trunk.featureCount
      )
    }
    return HardSharing(
      trunk: trunk, featureCount: width,
      tasks: tasks.map { (name: $0.name, outputCount: Self.outputCount(of: $0.name)) },
      using: generator)
  }
}

extension ProblemEntry {
  /// The line of a problem over one of the overlay data sets.
  static func multiDigit(_ name: String) -> ProblemEntry {
    let source = DatasetCatalogue.entries.first { $0.name == name }
    let about = ProblemDescription(
      name: name, summary: source?.summary ?? "", parameters: MultiDigitProblem.parameters,
      source: "Liu et al. 2021, section 5.2; Lin et al. 2019")
    return ProblemEntry(about: about) { request in
      try MultiDigitProblem(DatasetCatalogue.entry(named: name), request, about: about)
    }
  }
}
