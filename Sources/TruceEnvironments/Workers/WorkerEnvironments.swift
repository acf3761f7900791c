import Foundation

/// Environments in processes of their own, spoken to over pipes.
///
/// Each worker has some of the tasks. What comes back does not depend on how many workers there are: an environment
/// hangs on its goal and its actions alone. A worker that dies, hangs or sends nonsense is replaced by one that
/// repeats the episode; see ``WorkerSettings/restartLimit``.
public final class WorkerEnvironments: TaskEnvironments {
  /// Tasks, sizes, goals and versions.
  public let about: EnvironmentsRecord

  private let workers: [EnvironmentWorker]
  /// The places of each worker's tasks among all.
  private let groups: [[Int]]
  private var step = 0

  /// Starts workers and waits until all environments stand.
  ///
  /// - Throws: ``EnvironmentError``.
  init(
    _ family: WorkerFamily, tasks: [String], goalCount: Int, _ request: EnvironmentRequest,
    launch: WorkerLaunch
  ) throws {
    let plan = WorkerPlan(family: family, launch: launch, settings: request.workers)
    let groups = family.groups(of: tasks, count: request.workers.count(forTasks: tasks.count))
    let goals = try request.goals(for: tasks, size: nil)
    let starting = try groups.map { group in
      let names = group.map { tasks[$0] }
      let seeds = names.map { GoalSeed.seed(request.seed, for: request.purpose, task: $0) }
      let order = StartingWorker.Order(
        tasks: names, seeds: seeds.map { UInt32(truncatingIfNeeded: $0) },
        goals: goals.map { goals in group.map { goals[$0] } }, goalCount: goalCount)
      return try Self.start(order, plan)
    }
    workers = try starting.map { try EnvironmentWorker($0) }
    self.groups = groups
    var record = try Self.record(of: workers, groups, tasks, family)
    record.conditions = request.conditions
    about = record
  }

  private static func start(_ order: StartingWorker.Order, _ plan: WorkerPlan) throws -> StartingWorker {
    do {
      return try StartingWorker(order, plan)
    } catch let fault as WorkerFault {
      throw EnvironmentError.workerFailed(tasks: order.tasks, fault: fault, restarts: 0, lastWords: [])
    }
  }

  private static func record(
    of workers: [EnvironmentWorker], _ groups: [[Int]], _ tasks: [String], _ family: WorkerFamily
  ) throws -> EnvironmentsRecord {
    let sizes = Set(workers.map { [$0.made.observationSize, $0.made.actionSize, $0.made.stepLimit ?? 0] })
    guard sizes.count == 1, let first = workers.first else {
      throw EnvironmentError.environmentFailed(
        task: nil, during: FrameKind.configure.activity, reason: "the tasks differ in size or step limit")
    }
    var goals = [[[Double]]](repeating: [], count: tasks.count)
    for (worker, group) in zip(workers, groups) {
      for (place, own) in zip(group, worker.made.goals) { goals[place] = own }
    }
    return EnvironmentsRecord(
      family: family.name, tasks: tasks, observationSize: first.made.observationSize,
      actionSize: first.made.actionSize, stepLimit: first.made.stepLimit, goals: goals,
      versions: family.recorded(first.hello))
  }

  /// The system's numbers of the processes that run now.
  package var processIdentifiers: [Int32] { workers.map(\.processIdentifier) }

  /// Kills the workers.
  public func close() {
    for worker in workers { worker.close() }
  }

  // MARK: Episodes

  /// Begins an episode of each task.
  public func reset(goals: [Int]) throws -> [Float] {
    try about.check(goals: goals)
    send(.reset, goals.map { Float($0) }, size: 1)
    step = 0
    let rows = try receive(size: about.observationSize)
    try check(rows, of: about.observationSize)
    return rows.flatMap { $0 }
  }

  /// Sends each worker its tasks' actions.
  public func send(_ actions: [Float]) throws {
    try about.check(actions: actions)
    if let limit = about.stepLimit, step >= limit {
      throw EnvironmentError.pastLimit(family: about.family, limit: limit)
    }
    step += 1
    send(.step, actions, size: about.actionSize)
  }

  /// Waits for all workers.
  public func receive() throws -> VectorStep {
    let size = about.observationSize
    let rows = try receive(size: size + VectorStep.flagCount)
    try check(rows, of: size)
    return VectorStep(
      observations: rows.flatMap { $0.prefix(size) }, rewards: rows.map { $0[$0.startIndex + size] },
      successes: rows.map { $0[$0.startIndex + size + 1] != 0 },
      terminated: rows.map { $0[$0.startIndex + size + 2] != 0 })
  }

  /// What scripted policies would do.
  public func expertActions() throws -> [Float] {
    send(.expert, [], size: 0)
    return try receive(size: about.actionSize).flatMap { $0 }
  }

  /// What the worker of a task draws.
  public func picture(ofTask task: Int, size: PictureSize) throws -> EnvironmentPicture {
    for (worker, group) in zip(workers, groups) {
      guard let place = group.firstIndex(of: task) else { continue }
      return try worker.picture(ofTask: place, size: size)
    }
    preconditionFailure("there is no task \(task)")
  }

  /// Sends each worker the numbers of its tasks.
  private func send(_ kind: FrameKind, _ numbers: [Float], size: Int) {
    for (worker, group) in zip(workers, groups) {
      worker.send(kind, group.flatMap { numbers[(size * $0)..<(size * ($0 + 1))] })
    }
  }

  /// Waits for all workers, also where one of them fails, so that none is left with an answer that nobody wants.
  private func receive(size: Int) throws -> [ArraySlice<Float>] {
    let answers = workers.map { worker in Result { try worker.receive() } }
    var rows = [ArraySlice<Float>](repeating: [], count: about.tasks.count)
    for (answer, group) in zip(answers, groups) {
      let numbers = try answer.get()
      for (number, place) in group.enumerated() {
        rows[place] = numbers[(size * number)..<(size * (number + 1))]
      }
    }
    return rows
  }

  private func check(_ rows: [ArraySlice<Float>], of size: Int) throws {
    for (row, task) in zip(rows, about.tasks) {
      guard let place = row.firstIndex(where: { !$0.isFinite }) else { continue }
      throw EnvironmentError.notFinite(
        task: task, what: VectorStep.part(at: place - row.startIndex, of: size), step: step)
    }
  }
}

extension VectorStep {
  /// How many numbers of a task follow on its observation in an answer: reward, success and end.
  static let flagCount = 3

  /// What a number of an answer is, in words.
  static func part(at place: Int, of observationSize: Int) -> String {
    if place < observationSize { return "number \(place) of the observation" }
    return ["the reward", "the success", "the end"][place - observationSize]
  }
}
