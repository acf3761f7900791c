import Foundation

/// Questions for which a worker is started and ended again.
extension WorkerEnvironments {
  /// The versions that a Python has.
  ///
  /// - Throws: ``EnvironmentError``.
  static func hello(_ plan: WorkerPlan) throws -> HelloAnswer {
    try asking(plan) { link, deadline in
      let encoded = try JSONEncoder().encode(HelloRequest(family: plan.family.className))
      try link.send(.hello, Array(encoded), by: deadline)
      return try decoded(link.answer(to: .hello, by: deadline, plan, []))
    }
  }

  /// The tasks that a family has.
  ///
  /// - Throws: ``EnvironmentError``.
  static func taskNames(_ plan: WorkerPlan) throws -> [String] {
    try asking(plan) { link, deadline in
      let configure = ConfigureRequest(listsOnly: true, options: plan.family.options)
      try link.open(plan, configure, by: deadline)
      _ = try link.hello(plan, by: deadline)
      let list: TaskListAnswer = try decoded(link.answer(to: .configure, by: deadline, plan, []))
      return list.tasks
    }
  }

  private static func asking<Answer>(
    _ plan: WorkerPlan, _ body: (inout WorkerLink, Deadline) throws -> Answer
  ) throws -> Answer {
    let deadline = Deadline(plan.settings.startDeadline, for: .hello)
    var channel: WorkerChannel?
    defer { channel?.kill() }
    do {
      var link = WorkerLink(try plan.launch.start(by: deadline))
      channel = link.channel
      return try body(&link, deadline)
    } catch let fault as WorkerFault {
      throw EnvironmentError.workerFailed(
        tasks: [plan.family.name], fault: fault, restarts: 0, lastWords: channel?.lastWords ?? [])
    }
  }
}
