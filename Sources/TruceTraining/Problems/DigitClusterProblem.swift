public import Torch
import TorchNN
import Truce
public import TruceData
public import TruceModels

/// A single classification task whose samples come from clusters, measured as if each cluster were a task.
///
/// The network has one trunk and one head, and every step sees as many pictures of each cluster, so that equal
/// weighting is plain training of the one task: the clusters' losses average to the loss of the mixed batch. What
/// multi-task learning says of tasks can thus be asked of clusters - how alike their gradients are above all - and
/// the answer compared with a problem of two real tasks, such as `multi-fashion-mnist`.
///
/// - Source: C. Elich et al., "Examining Common Paradigms in Multi-Task Learning", GCPR 2024, arXiv 2311.04698:
///   figure 3 argues by example that a diverse task can look like several; here it is measured.
public struct DigitClusterProblem: Problem {
  /// The clusters that take part, in order.
  public let tasks: [any ProblemTask]
  /// The training data.
  public let trainingLoader: any BatchSource
  /// The examples held out by `validation_samples`, in training batches.
  public let validationLoader: (any BatchSource)?
  /// The splits that are measured.
  public let evaluationLoaders: [(split: String, loader: any BatchSource)]
  private let pictures: PictureSettings
  private let clusters: [String]

  /// Loads the data and prepares the clusters.
  init(_ source: any DatasetSource, _ request: ProblemRequest, about: ProblemDescription) throws {
    pictures = try PictureSettings(
      Options(owner: about.name, parameters: about.parameters, values: request.options))
    clusters = source.tasks.map(\.name)
    tasks = try ClassificationTask.tasks(clusters, chosen: request.tasks)
    let loaders = try pictures.loaders(of: source, request)
    trainingLoader = loaders.training
    validationLoader = loaders.validation
    evaluationLoaders = loaders.evaluation
  }

  /// Makes the trunk and the one head.
  public func makeNetwork(using generator: Generator) throws -> any MultiTaskNetwork {
    let (trunk, width) = pictures.makeTrunk(using: generator)
    let parts = tasks.compactMap { task in
      clusters.firstIndex(of: task.name).map { (name: task.name, position: $0) }
    }
    return SingleHead(
      trunk: trunk, head: Linear(width, PictureSettings.classCount, using: generator), parts: parts)
  }
}

extension ProblemEntry {
  /// The line of a problem over one of the clustered data sets.
  static func digitClusters(_ name: String) -> ProblemEntry {
    pictures(
      name, parameters: PictureSettings.parameters, source: "Elich et al. 2024, figure 3",
      make: { try DigitClusterProblem($0, $1, about: $2) })
  }
}
