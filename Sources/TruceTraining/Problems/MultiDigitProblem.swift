public import Torch
import TorchNN
import Truce
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
  public let trainingLoader: any BatchSource
  /// The examples held out by `validation_samples`, in training batches.
  public let validationLoader: (any BatchSource)?
  /// The splits that are measured.
  public let evaluationLoaders: [(split: String, loader: any BatchSource)]

  private let pictures: PictureSettings
  private static let sumTask = "sum"

  static let asksSum = Parameter<Bool>.any(
    "sum_task", default: false, "Whether a third task, `sum`, asks for the sum of the two classes, 0 to 18.")

  static let parameters = PictureSettings.parameters + [asksSum.description]

  /// Loads the data and prepares the tasks.
  init(_ source: any DatasetSource, _ request: ProblemRequest, about: ProblemDescription) throws {
    let options = try Options(
      owner: about.name, parameters: about.parameters, values: request.options)
    pictures = try PictureSettings(options)
    let asksSum = try options.value(of: Self.asksSum)
    tasks = try ClassificationTask.tasks(
      source.tasks.map(\.name) + (asksSum ? [Self.sumTask] : []), chosen: request.tasks)
    let loaders = try pictures.loaders(of: source, request) { splits in
      asksSum ? try splits.addingTask(Self.sumTarget) : splits
    }
    trainingLoader = loaders.training
    validationLoader = loaders.validation
    evaluationLoaders = loaders.evaluation
  }

  /// The sum of the classes of both images: a task that needs what the two others need.
  private static func sumTarget(of targets: [TaskTarget]) -> TaskTarget {
    TaskTarget(task: sumTask, values: targets.dropFirst().reduce(targets[0].values) { $0 + $1.values })
  }

  private static func outputCount(of task: String) -> Int {
    task == sumTask ? 2 * PictureSettings.classCount - 1 : PictureSettings.classCount
  }

  /// Makes the trunk and one linear head for each task.
  public func makeNetwork(using generator: Generator) throws -> any MultiTaskNetwork {
    let (trunk, width) = pictures.makeTrunk(using: generator)
    return HardSharing(
      trunk: trunk, featureCount: width,
      tasks: tasks.map { (name: $0.name, outputCount: Self.outputCount(of: $0.name)) },
      using: generator)
  }
}

extension ProblemEntry {
  /// The line of a problem over one of the overlay data sets.
  static func multiDigit(_ name: String) -> ProblemEntry {
    pictures(
      name, parameters: MultiDigitProblem.parameters, source: "Liu et al. 2021, section 5.2; Lin et al. 2019",
      make: { try MultiDigitProblem($0, $1, about: $2) })
  }
}
