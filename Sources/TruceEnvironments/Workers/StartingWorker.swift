import Foundation
import TruceOptions

/// A worker that was started and told what it is to make, and has not answered yet.
///
/// Workers take seconds to start, so all are started before the first is waited for.
struct StartingWorker {
  /// What a worker is to make.
  struct Order {
    /// The tasks.
    let tasks: [String]
    /// The seed of each task, from which its goals and whatever else its class draws come.
    ///
    /// It is sent where goals are given too: a class may have drawn more than goals from it.
    let seeds: [UInt32]
    /// The goals of each task; nil to draw them.
    var goals: [[[Double]]]?
    /// How many goals to draw for each task.
    var goalCount = 1
  }

  /// What it runs, and how.
  let plan: WorkerPlan
  /// Where it is spoken to.
  private(set) var link: WorkerLink
  /// Until when it must stand.
  let deadline: Deadline
  /// What it is to make.
  let order: Order

  /// Its tasks.
  var tasks: [String] { order.tasks }

  /// Starts the worker.
  ///
  /// - Throws: ``WorkerFault``.
  init(_ order: Order, _ plan: WorkerPlan) throws {
    (self.order, self.plan) = (order, plan)
    deadline = Deadline(plan.settings.startDeadline, for: .configure)
    link = WorkerLink(try plan.launch.start(by: deadline))
    let configure = ConfigureRequest(
      tasks: order.tasks, seeds: order.seeds, goalCount: goalCount, goals: order.goals,
      options: plan.family.options, draws: plan.settings.draws)
    try link.open(plan, configure, by: deadline)
  }

  /// Throws where the worker has made something else than it was told.
  ///
  /// - Throws: ``WorkerFault/lied(_:)`` or ``EnvironmentError/environmentFailed(task:during:reason:)``.
  func check(_ made: ConfigureAnswer) throws {
    guard made.tasks == tasks, made.goals.count == tasks.count else {
      throw WorkerFault.lied("it is for the tasks \(made.tasks), asked was for \(tasks)")
    }
    guard made.observationSize > 0, made.actionSize > 0, made.stepLimit ?? 1 > 0 else {
      throw failure(nil, "the sizes of observation and action, and the step limit, must be greater than 0")
    }
    for (task, goals) in zip(tasks, made.goals) where goals.count != goalCount {
      throw failure(task, "it has \(goals.count) goals, asked was for \(goalCount)")
    }
  }

  private var goalCount: Int { order.goals?.first?.count ?? order.goalCount }

  private func failure(_ task: String?, _ reason: String) -> EnvironmentError {
    .environmentFailed(task: task, during: FrameKind.configure.activity, reason: reason)
  }
}
