import Torch
import TruceData
import TruceOptions
import TruceTasks

/// Two overlaid images, one class each: the Multi-Fashion+MNIST problem of the CAGrad paper and its kin.
///
/// - Source: B. Liu et al., "Conflict-Averse Gradient Descent for Multi-task Learning", NeurIPS 2021, section
///   5.2; X. Lin et al., "Pareto Multi-Task Learning", NeurIPS 2019.
struct MultiDigitProblem: Problem {
  let tasks: [any ProblemTask]
  let data: ProblemData

  private static let sumTask = "sum"
  private static let asksSum = Parameter<Bool>.any(
    "sum_task", default: false, "Whether a third task, `sum`, asks for the sum of the two classes, 0 to 18.")

  /// Loads the data and prepares the tasks.
  init(_ set: MultiDigit, _ options: Options, _ request: ProblemRequest) throws {
    let asksSum = try options.value(of: Self.asksSum)
    let all = set.tasks.map(ClassificationTask.init) + (asksSum ? [Self.sum] : [])
    tasks = try request.chosen(among: all)
    data = try PictureSettings(options).data(of: set, request) { splits in
      asksSum ? try splits.addingTask(Self.sumTarget) : splits
    }
  }

  /// The sum of the classes of both images: a task that needs what the two others need.
  private static let sum = ClassificationTask(name: sumTask, classCount: 19)

  private static func sumTarget(of targets: [TaskTarget]) -> TaskTarget {
    TaskTarget(task: sumTask, values: targets.dropFirst().reduce(targets[0].values) { $0 + $1.values })
  }

  /// What is known about the problem over one of the sets.
  static func about(_ set: MultiDigit) -> ProblemDescription {
    let sum = TaskDescription(name: sumTask, summary: "the sum of both classes", option: asksSum.name)
    return ProblemDescription(
      name: set.name, summary: set.summary, parameters: PictureSettings.parameters + [asksSum.description],
      source: "Liu et al. 2021, section 5.2; Lin et al. 2019",
      tasks: set.tasks.map(TaskDescription.init) + [sum], network: NetworkChoice(trunk: "lenet"))
  }
}

extension ProblemEntry {
  /// The line of a problem over one of the sets of overlaid pictures.
  static func multiDigit(_ set: MultiDigit) -> ProblemEntry {
    ProblemEntry(about: MultiDigitProblem.about(set)) { try MultiDigitProblem(set, $0, $1) }
  }
}
