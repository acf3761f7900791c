public import Torch

/// A tensor that a network is given, under the name by which it is known.
public struct NamedInput {
  /// The name in the data, such as `image`.
  public let name: String
  /// The values of all examples.
  public let values: Tensor

  /// Creates an input.
  public init(_ name: String, _ values: Tensor) {
    self.name = name
    self.values = values
  }

  /// The name of an input that needs none.
  public static let usualName = "input"
}

/// Examples of one domain: what the network is given, and what the domain's tasks ask.
public struct DomainBatch {
  /// The domain's name; empty where a problem has only one.
  public let name: String
  /// The inputs, in the order of the source's layout; there is at least one.
  public let inputs: [NamedInput]
  /// The targets of the tasks that belong to the domain, in task order, each with a row for each example.
  public let targets: [TaskTarget]
  /// The examples' positions in the set they come from.
  public let positions: [Int]

  /// Creates the examples of a domain.
  ///
  /// - Precondition: There is an input.
  public init(name: String = "", inputs: [NamedInput], targets: [TaskTarget], positions: [Int]) {
    precondition(!inputs.isEmpty, "a batch has no input")
    self.name = name
    self.inputs = inputs
    self.targets = targets
    self.positions = positions
  }

  /// The number of examples.
  ///
  /// An input need not have a row for each: those of graphs have one for each node or edge.
  public var count: Int { positions.count }

  /// The first input, which most problems have alone.
  public var input: Tensor { inputs[0].values }

  /// The input with this name.
  public subscript(input name: String) -> Tensor? { inputs.first { $0.name == name }?.values }

  /// The target of the task with this name.
  public subscript(task name: String) -> TaskTarget? { targets.first { $0.task == name } }
}

/// Examples that go through the network together, those of each domain with inputs and tasks of their own.
public struct Batch {
  /// The domains, in order; there is at least one.
  public let domains: [DomainBatch]

  /// Creates a batch of several domains.
  ///
  /// - Precondition: There is a domain.
  public init(domains: [DomainBatch]) {
    precondition(!domains.isEmpty, "a batch has no domain")
    self.domains = domains
  }

  /// Creates a batch of one domain.
  public init(inputs: [NamedInput], targets: [TaskTarget], positions: [Int]) {
    self.init(domains: [DomainBatch(inputs: inputs, targets: targets, positions: positions)])
  }

  /// Creates a batch of one domain with one input.
  public init(input: Tensor, targets: [TaskTarget], positions: [Int]) {
    self.init(inputs: [NamedInput(NamedInput.usualName, input)], targets: targets, positions: positions)
  }

  /// The number of examples over all domains.
  public var count: Int { domains.reduce(0) { $0 + $1.count } }

  /// The targets of all domains.
  public var targets: [TaskTarget] { domains.flatMap(\.targets) }

  /// The target of the task with this name.
  public subscript(task name: String) -> TaskTarget? { domain(ofTask: name)?[task: name] }

  /// The domain that the task with this name belongs to.
  public func domain(ofTask name: String) -> DomainBatch? { domains.first { $0[task: name] != nil } }

  /// The number of examples that the task with this name sees.
  public func count(ofTask name: String) -> Int { domain(ofTask: name)?.count ?? 0 }

  /// The same batch with each domain's first input changed, as by a corruption.
  public func changingInput(_ change: (Tensor) -> Tensor) -> Batch {
    Batch(
      domains: domains.map { domain in
        let first = NamedInput(domain.inputs[0].name, change(domain.input))
        return DomainBatch(
          name: domain.name, inputs: [first] + domain.inputs.dropFirst(), targets: domain.targets,
          positions: domain.positions)
      })
  }
}

// MARK: One domain

extension Batch {
  /// The only domain.
  ///
  /// - Precondition: The batch has one domain.
  public var domain: DomainBatch {
    precondition(domains.count == 1, "a batch of \(domains.count) domains was asked for its only one")
    return domains[0]
  }

  /// The inputs of the only domain.
  public var inputs: [NamedInput] { domain.inputs }

  /// The first input of the only domain: real numbers, shape [count, …].
  public var input: Tensor { domain.input }

  /// The positions of the only domain's examples in the set they come from.
  public var positions: [Int] { domain.positions }
}
