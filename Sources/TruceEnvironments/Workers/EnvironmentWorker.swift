import Foundation

/// A process with the environments of some tasks, which is replaced where it fails.
///
/// What failed is started anew with the same seeds and goals, begins the same episode and repeats its actions, which leads
/// exactly to where it stood; that it did is checked.
final class EnvironmentWorker {
  /// The tasks, in order.
  let tasks: [String]
  /// What the worker has made.
  private(set) var made: ConfigureAnswer
  /// The versions that it runs.
  let hello: HelloAnswer

  private let plan: WorkerPlan
  private let order: StartingWorker.Order
  private var link: WorkerLink
  private var episode = Episode()
  private var pending: Request?
  private var restarts = Restarts()

  /// A request to which the answer is still due.
  private struct Request {
    let kind: FrameKind
    let content: [UInt8]
  }

  /// What has been asked since the episode began, and what came last.
  private struct Episode {
    var goals: [UInt8]?
    var actions: [[UInt8]] = []
    var last: [UInt8] = []
  }

  /// Takes over a worker that was started, and waits until its environments stand.
  ///
  /// - Throws: ``EnvironmentError``.
  init(_ starting: StartingWorker) throws {
    plan = starting.plan
    order = starting.order
    link = starting.link
    do {
      (hello, made) = try link.finish(starting)
    } catch let fault as WorkerFault {
      throw EnvironmentError.workerFailed(
        tasks: starting.tasks, fault: fault, restarts: 0, lastWords: link.channel.lastWords)
    }
    tasks = made.tasks
  }

  /// The system's number of the process that runs now.
  var processIdentifier: Int32 { link.channel.processIdentifier }

  /// Ends the process.
  func close() { link.channel.kill() }

  // MARK: Requests

  /// Sends a request and does not wait.
  ///
  /// Where the worker cannot take it, waiting for the answer finds out.
  func send(_ kind: FrameKind, _ numbers: [Float]) {
    precondition(pending == nil, "the answer to the last request was not waited for")
    let request = Request(kind: kind, content: FrameNumbers.bytes(of: numbers))
    pending = request
    try? link.send(kind, request.content, by: deadline(kind))
  }

  /// Waits for the answer to the request sent last.
  ///
  /// - Returns: The numbers of each task, one task after the other.
  /// - Throws: ``EnvironmentError``.
  func receive() throws -> [Float] {
    guard let request = pending else { preconditionFailure("nothing was asked for") }
    defer { pending = nil }
    var isReplaced = false
    while true {
      do {
        let content = isReplaced ? try answerAnew(request) : try answer(request)
        restarts.inARow = 0
        remember(request, content)
        return FrameNumbers.numbers(in: content)
      } catch let fault as WorkerFault {
        try note(fault)
        isReplaced = true
      }
    }
  }

  /// A picture of a task, by its place among the worker's.
  ///
  /// Pictures are for looking at: a worker that fails over one is not replaced.
  ///
  /// - Throws: ``EnvironmentError``.
  func picture(ofTask task: Int, size: PictureSize) throws -> EnvironmentPicture {
    do {
      let request = [task, size.width, size.height].map(Float.init)
      try link.send(.picture, FrameNumbers.bytes(of: request), by: deadline(.picture))
      let bytes = try link.answer(to: .picture, by: deadline(.picture), plan, tasks)
      guard bytes.count == size.byteCount else {
        throw WorkerFault.lied("it has \(bytes.count) bytes, \(size.byteCount) are expected")
      }
      return EnvironmentPicture(size: size, bytes: bytes)
    } catch let fault as WorkerFault {
      throw EnvironmentError.workerFailed(
        tasks: tasks, fault: fault, restarts: 0, lastWords: link.channel.lastWords)
    }
  }

  private func remember(_ request: Request, _ content: [UInt8]) {
    switch request.kind {
    case .reset: episode = Episode(goals: request.content, last: content)
    case .step:
      episode.actions.append(request.content)
      episode.last = content
    default: break
    }
  }

  private func answer(_ request: Request) throws -> [UInt8] {
    let content = try link.answer(to: request.kind, by: deadline(request.kind), plan, tasks)
    let expected = 4 * tasks.count * rowSize(request.kind)
    guard content.count == expected else {
      throw WorkerFault.lied("it has \(content.count) bytes, \(expected) are expected")
    }
    return content
  }

  /// How many numbers an answer has for each task.
  private func rowSize(_ kind: FrameKind) -> Int {
    switch kind {
    case .reset: made.observationSize
    case .step: made.observationSize + VectorStep.flagCount
    default: made.actionSize
    }
  }

  private func deadline(_ kind: FrameKind) -> Deadline { Deadline(plan.settings.stepDeadline, for: kind) }

  // MARK: Replacement

  /// How often the process was started anew.
  private struct Restarts {
    /// Since it last gave an answer.
    var inARow = 0
    /// Ever.
    var inAll = 0
  }

  /// Ends a worker that failed.
  ///
  /// - Throws: ``EnvironmentError/workerFailed(tasks:fault:restarts:lastWords:)`` where that has happened too often.
  private func note(_ fault: WorkerFault) throws {
    link.channel.kill()
    let (words, settings) = (link.channel.lastWords, plan.settings)
    guard restarts.inARow < settings.restartLimit, restarts.inAll < settings.totalRestartLimit else {
      let count = restarts.inARow < settings.restartLimit ? restarts.inAll : restarts.inARow
      throw EnvironmentError.workerFailed(tasks: tasks, fault: fault, restarts: count, lastWords: words)
    }
    restarts.inARow += 1
    restarts.inAll += 1
    settings.onRestart(
      WorkerRestart(tasks: tasks, fault: fault, number: restarts.inARow, lastWords: words))
  }

  /// Starts a new worker, leads it to where the old one stood and asks it.
  private func answerAnew(_ request: Request) throws -> [UInt8] {
    let again = StartingWorker.Order(tasks: tasks, seeds: order.seeds, goals: made.goals)
    let starting = try StartingWorker(again, plan)
    link = starting.link
    guard try link.finish(starting).1 == made else { throw EnvironmentError.replayDiffers(tasks: tasks) }
    if request.kind != .reset { try replay() }
    return try ask(request)
  }

  /// Begins the episode again and repeats its actions.
  private func replay() throws {
    guard let goals = episode.goals else { return }
    var last = try ask(Request(kind: .reset, content: goals))
    for actions in episode.actions { last = try ask(Request(kind: .step, content: actions)) }
    guard last == episode.last else { throw EnvironmentError.replayDiffers(tasks: tasks) }
  }

  private func ask(_ request: Request) throws -> [UInt8] {
    try link.send(request.kind, request.content, by: deadline(request.kind))
    return try answer(request)
  }
}
