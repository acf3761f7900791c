public import Torch
public import TorchNN

/// What a network is given: the inputs of each domain by name, and the domain that each task looks at.
///
/// Most problems have one domain with one input that all tasks look at: ``init(_:)``.
public struct NetworkInput {
  /// The inputs of each domain under the names of the data; each domain has at least one.
  public let domains: [NamedTensors]
  /// The domain of each task, nil for a task of which the batch has nothing; empty where there is one domain for all.
  private let domainOfTask: [Int?]

  /// Creates the input of several domains.
  ///
  /// - Parameters:
  ///   - domains: The inputs of each.
  ///   - domainOfTask: Which of them each task looks at, in task order; nil where none.
  /// - Precondition: Each domain has an input, and the numbers are positions in `domains`.
  public init(domains: [NamedTensors], domainOfTask: [Int?]) {
    precondition(domains.allSatisfy { !$0.isEmpty }, "a domain has no input")
    precondition(
      domainOfTask.allSatisfy { $0.map(domains.indices.contains) ?? true }, "a task's domain does not exist")
    self.domains = domains
    self.domainOfTask = domainOfTask
  }

  /// Creates the input of one domain that all tasks look at.
  public init(_ input: Tensor) {
    var inputs = NamedTensors()
    inputs.append(input, named: "input")
    self.init(domains: [inputs], domainOfTask: [])
  }

  /// Whether there is something to look at for a task.
  public func hasExamples(ofTask task: Int) -> Bool { domainOfTask.isEmpty || domainOfTask[task] != nil }

  /// The domain that a task looks at.
  ///
  /// - Precondition: The batch has something of the task.
  public func domain(ofTask task: Int) -> Int {
    guard !domainOfTask.isEmpty else { return 0 }
    guard let domain = domainOfTask[task] else {
      preconditionFailure("the batch has no domain for task \(task)")
    }
    return domain
  }

  /// The first input of the only domain, for networks that take nothing else.
  ///
  /// - Precondition: There is one domain; ``NetworkAudit`` refuses others by name before training.
  public var only: Tensor {
    precondition(domains.count == 1, "an input of \(domains.count) domains was asked for its only one")
    return domains[0][0].tensor
  }
}

/// What a network answers to an input.
public struct NetworkOutputs {
  /// The output of each task, in task order; nil for a task that was not asked for.
  public let all: [Tensor?]
  /// The features through which every way from an output to a shared parameter passes; empty where the network has no
  /// such cut.
  ///
  /// Task gradients can be collected there and be carried through the shared part in one pass.
  public let cut: [Tensor]
  /// What each task's loss is increased by for the sake of parameters that only this task trains; nil for none, empty
  /// where no task has any.
  public let penalties: [Tensor?]

  /// Creates outputs.
  public init(_ all: [Tensor?], cut: [Tensor] = [], penalties: [Tensor?] = []) {
    self.all = all
    self.cut = cut
    self.penalties = penalties
  }

  /// The output of one task.
  ///
  /// - Precondition: The task was asked for.
  public subscript(task: Int) -> Tensor {
    guard let output = all[task] else { preconditionFailure("the network was not asked for task \(task)") }
    return output
  }
}
