import Torch
import TruceData
import TruceOptions
import TruceTasks

/// A single classification task whose samples come from clusters, measured as if each cluster were a task.
///
/// The network has one trunk and one head, and every step sees as many pictures of each cluster, so that equal
/// weighting is plain training of the one task: the clusters' losses average to the loss of the mixed batch. What
/// multi-task learning says of tasks can thus be asked of clusters - how alike their gradients are above all - and
/// the answer compared with a problem of two real tasks, such as `multi-fashion-mnist`.
///
/// - Source: C. Elich et al., "Examining Common Paradigms in Multi-Task Learning", GCPR 2024, arXiv 2311.04698:
///   figure 3 argues by example that a diverse task can look like several; here it is measured.
struct DigitClusterProblem: Problem {
  let tasks: [any ProblemTask]
  let data: ProblemData

  /// Loads the data and prepares the clusters.
  init(_ set: DigitClusters, _ options: Options, _ request: ProblemRequest) throws {
    let clusters = set.tasks.enumerated().map { place, cluster in
      ClassificationTask(name: cluster.name, classCount: PictureSettings.classCount, part: place)
    }
    tasks = try request.chosen(among: clusters)
    data = try PictureSettings(options).data(of: set, request)
  }

  /// What is known about the problem over one of the sets.
  static func about(_ set: DigitClusters) -> ProblemDescription {
    ProblemDescription(
      name: set.name, summary: set.summary, parameters: PictureSettings.parameters,
      source: "Elich et al. 2024, figure 3", tasks: set.tasks.map(TaskDescription.init),
      network: NetworkChoice(trunk: "lenet", architecture: "single-head"))
  }
}

extension ProblemEntry {
  /// The line of a problem over one of the clustered data sets.
  static func digitClusters(_ set: DigitClusters) -> ProblemEntry {
    ProblemEntry(about: DigitClusterProblem.about(set)) { try DigitClusterProblem(set, $0, $1) }
  }
}
