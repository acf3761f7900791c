import Foundation

/// Numbered requests to a worker and their answers.
struct WorkerLink {
  /// The pipes.
  let channel: WorkerChannel
  private var sequence: UInt32 = 0
  private var answered: UInt32 = 0

  /// Speaks through pipes.
  init(_ channel: WorkerChannel) {
    self.channel = channel
  }

  /// Sends a request.
  ///
  /// - Throws: ``WorkerFault``.
  mutating func send(_ kind: FrameKind, _ content: [UInt8], by deadline: Deadline) throws(WorkerFault) {
    sequence &+= 1
    let header = FrameHeader(kind: kind, sequence: sequence, length: content.count)
    try channel.send(header.bytes + content, by: deadline)
  }

  /// Waits for the answer to the first request that has none.
  ///
  /// - Throws: ``WorkerFault``, or ``EnvironmentError`` where the worker says what is wrong.
  mutating func answer(
    to kind: FrameKind, by deadline: Deadline, _ plan: WorkerPlan, _ tasks: [String]
  ) throws -> [UInt8] {
    answered &+= 1
    let answer = try channel.answer(to: answered, by: deadline)
    if answer.kind == .error {
      let error: ErrorAnswer = try decoded(answer.content)
      throw EnvironmentError(error, of: plan, tasks: tasks, while: kind)
    }
    guard answer.kind == kind else {
      throw WorkerFault.lied("it is of kind \(answer.kind.rawValue), asked was kind \(kind.rawValue)")
    }
    return answer.content
  }

  // MARK: Beginning

  /// Sends the two requests that a worker gets first.
  ///
  /// - Throws: ``WorkerFault``.
  mutating func open(_ plan: WorkerPlan, _ configure: ConfigureRequest, by deadline: Deadline) throws {
    let encoder = JSONEncoder()
    let hello = HelloRequest(family: plan.family.className)
    try send(.hello, Array(encoder.encode(hello)), by: deadline)
    try send(.configure, Array(encoder.encode(configure)), by: deadline)
  }

  /// Waits for the answer to the first of them.
  ///
  /// - Throws: ``WorkerFault``, or ``EnvironmentError`` where versions are not what they must be.
  mutating func hello(_ plan: WorkerPlan, by deadline: Deadline) throws -> HelloAnswer {
    let hello: HelloAnswer = try decoded(answer(to: .hello, by: deadline, plan, []))
    try plan.family.check(hello, python: plan.launch.path)
    return hello
  }

  /// Waits for both.
  ///
  /// - Throws: ``WorkerFault`` or ``EnvironmentError``.
  mutating func finish(_ starting: StartingWorker) throws -> (HelloAnswer, ConfigureAnswer) {
    let (deadline, plan) = (starting.deadline, starting.plan)
    let hello = try hello(plan, by: deadline)
    let made: ConfigureAnswer = try decoded(answer(to: .configure, by: deadline, plan, starting.tasks))
    try starting.check(made)
    return (hello, made)
  }
}

/// A value from JSON that a worker sent.
///
/// - Throws: ``WorkerFault/lied(_:)`` where it is none.
func decoded<Value: Decodable>(_ content: [UInt8]) throws(WorkerFault) -> Value {
  do {
    return try JSONDecoder().decode(Value.self, from: Data(content))
  } catch {
    throw .lied("it cannot be read as \(Value.self)")
  }
}
