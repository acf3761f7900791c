extension EnvironmentError {
  /// What a worker said, as an error.
  init(_ answer: ErrorAnswer, of plan: WorkerPlan, tasks: [String], while kind: FrameKind) {
    let family = plan.family
    self =
      switch answer.code {
      case "unknown-task": .unknown(answer.task ?? "", of: family.name, known: answer.known ?? [])
      case "missing-package":
        .missingPackages(
          [answer.package ?? answer.reason], family: family.name, python: plan.launch.path,
          help: family.remedy)
      case "no-expert": .noExpert(family: family.name, task: answer.task ?? tasks.joined(separator: ", "))
      case "no-picture":
        .noPicture(
          family: family.name, task: answer.task ?? tasks.joined(separator: ", "), reason: answer.reason)
      case "no-class": .noClass(reason: answer.reason)
      default:
        .environmentFailed(task: answer.task, during: kind.activity, reason: answer.reason)
      }
  }
}
