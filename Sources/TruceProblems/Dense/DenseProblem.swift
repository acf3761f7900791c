import Torch
import TruceData
import TruceOptions
import TruceTasks

/// A class, a depth and a normal for each pixel of a picture: NYUv2 and Cityscapes as the papers of CAGrad, Nash-MTL and
/// FAMO have them.
///
/// `test` is the folder `val`, as there: the papers report the mean over the last epochs on it and choose no epoch.
///
/// - Source: S. Liu et al., "End-to-End Multi-Task Learning with Attention", CVPR 2019, whose release of the data is
///   read; B. Liu et al., "Conflict-Averse Gradient Descent for Multi-task Learning", NeurIPS 2021, section 5.3.
/// - Note: The published code measures in batches of the training batch's size. So does this, and of
///   `evaluation_batch_size` pictures where that is less.
struct DenseProblem: Problem {
  let tasks: [any ProblemTask]
  let data: ProblemData

  /// Finds the data and prepares the tasks.
  init(
    _ layout: DenseLayout, _ options: Options, _ request: ProblemRequest,
    orElse standIn: () throws -> String
  ) throws {
    let settings = try DenseSettings(layout, options)
    tasks = try request.chosen(among: settings.tasks)
    data = try settings.data(for: request, orElse: standIn)
  }

  /// What is known about the problem over a layout.
  static func about(
    _ layout: DenseLayout, summary: String, source: String, further: [ParameterDescription] = []
  ) -> ProblemDescription {
    ProblemDescription(
      name: layout.name, summary: summary, parameters: further + DenseSettings.parameters(of: layout),
      source: source, tasks: layout.maps.map(TaskDescription.init), network: NetworkChoice(trunk: "segnet"))
  }
}

extension TaskDescription {
  /// The task that learns a map.
  fileprivate init(_ map: DenseMap) {
    let summary =
      switch map.content {
      case .classes(let names): "one of \(names.count) classes for each pixel"
      case .depth(let isInverse): isInverse ? "inverse depth" : "depth in metres"
      case .normals: "the direction of the surface"
      }
    self.init(name: map.task, summary: summary)
  }
}

extension ProblemEntry {
  /// The line of a problem over a folder that a user has.
  private static func dense(_ layout: DenseLayout, summary: String, source: String) -> ProblemEntry {
    ProblemEntry(about: DenseProblem.about(layout, summary: summary, source: source)) { options, request in
      try DenseProblem(layout, options, request) {
        try request.usualFolder(
          named: layout.name, holding: DenseFolder.Part.train.rawValue,
          fix: "\(layout.origin); name the folder")
      }
    }
  }

  /// The line of NYUv2.
  static let nyuv2 = dense(
    .nyuv2, summary: "indoor pictures: a class, a depth and a normal for each pixel",
    source: "Liu et al. 2019; Liu et al. 2021, section 5.3; Elich et al. 2024")

  /// The line of Cityscapes.
  static let cityscapes = dense(
    .cityscapes, summary: "street pictures: a class and an inverse depth for each pixel",
    source: "Liu et al. 2019; Liu et al. 2021, section 5.3; Elich et al. 2024")
}
