import Torch

/// Everything an optimizer's next steps depend on: a readable record, and tensors by name.
///
/// The record is `Codable` and the tensors have unique names, so that a checkpoint can keep the first as JSON
/// and the second as safetensors.
public struct OptimizerState {
  /// The part that is not tensors.
  public struct Record: Codable, Equatable, Sendable {
    /// The groups, in order.
    public var groups: [Group]
  }

  /// One group of parameters.
  public struct Group: Codable, Equatable, Sendable {
    /// The rule's name in the catalogue.
    public var optimizer: String
    /// The rule's hyperparameters, the current learning rate among them.
    public var options: [String: OptionValue]
    /// The learning rate the group began with.
    public var baseLearningRate: Double
    /// The parameters, in order.
    public var parameters: [Parameter]
  }

  /// One parameter.
  public struct Parameter: Codable, Equatable, Sendable {
    /// The parameter's name.
    public var name: String
    /// The number of steps it has taken.
    public var step: Int
    /// The names of the tensors remembered for it.
    public var slots: [String]
  }

  /// The part that is not tensors.
  public let record: Record
  /// The remembered tensors, named `<group>.<parameter>.<slot>`, such as `0.conv1.weight.exp_avg`.
  public let tensors: NamedTensors

  /// Creates a state from its two parts, as read from a checkpoint.
  public init(record: Record, tensors: NamedTensors) {
    self.record = record
    self.tensors = tensors
  }

  static func tensorName(group: Int, parameter: String, slot: String) -> String {
    "\(group).\(parameter).\(slot)"
  }
}

// MARK: Taking

extension OptimizerState {
  /// Copies the states of groups.
  init(_ groups: [ParameterGroup]) {
    var tensors = NamedTensors()
    for (position, group) in groups.enumerated() {
      for (name, state) in zip(group.parameters.names, group.states) {
        for (slot, tensor) in state.slots.sorted(by: { $0.key < $1.key }) {
          let tensorName = Self.tensorName(group: position, parameter: name, slot: slot)
          tensors.append(tensor.clone(), named: tensorName)
        }
      }
    }
    self.init(record: Record(groups: groups.map(Group.init)), tensors: tensors)
  }
}

extension OptimizerState.Group {
  init(_ group: ParameterGroup) {
    self.init(
      optimizer: type(of: group.rule).about.name, options: group.rule.options,
      baseLearningRate: group.baseLearningRate,
      parameters: zip(group.parameters.names, group.states).map { name, state in
        OptimizerState.Parameter(name: name, step: state.step, slots: state.slots.keys.sorted())
      })
  }
}

// MARK: Putting back

extension OptimizerState {
  /// The groups with this state in place of theirs.
  func restored(into groups: [ParameterGroup]) throws(OptimizerStateError) -> [ParameterGroup] {
    guard groups.count == record.groups.count else {
      throw .groupCount(expected: groups.count, received: record.groups.count)
    }
    var result = groups
    for position in groups.indices { try restore(position, into: &result[position]) }
    return result
  }

  private func restore(_ position: Int, into group: inout ParameterGroup) throws(OptimizerStateError) {
    let saved = record.groups[position]
    let type = type(of: group.rule)
    guard saved.optimizer == type.about.name else {
      throw .otherOptimizer(expected: type.about.name, received: saved.optimizer)
    }
    let names = saved.parameters.map(\.name)
    guard names == group.parameters.names else {
      throw .otherParameters(
        group: position, missing: group.parameters.names.filter { !names.contains($0) },
        unexpected: names.filter { !group.parameters.names.contains($0) })
    }
    group.rule = try rule(saved, type)
    group.baseLearningRate = saved.baseLearningRate
    for (index, parameter) in saved.parameters.enumerated() {
      group.states[index] = try state(parameter, group: position, of: group.parameters.tensors[index])
    }
  }

  private func rule(
    _ saved: Group, _ type: any UpdateRule.Type
  ) throws(OptimizerStateError) -> any UpdateRule {
    do {
      return try OptimizerCatalogue.rule(type, options: saved.options)
    } catch {
      throw .badOption(error)
    }
  }

  private func state(
    _ saved: Parameter, group: Int, of parameter: Tensor
  ) throws(OptimizerStateError) -> ParameterState {
    var state = ParameterState()
    state.step = saved.step
    for slot in saved.slots {
      let name = Self.tensorName(group: group, parameter: saved.name, slot: slot)
      guard let tensor = tensors[name] else { throw .missingTensor(name: name) }
      guard tensor.shape == parameter.shape else {
        throw .wrongShape(name: name, expected: parameter.shape, received: tensor.shape)
      }
      state.slots[slot] = tensor.to(parameter.dtype, on: parameter.device).clone()
    }
    return state
  }
}

/// Why a saved state does not fit an optimizer.
public enum OptimizerStateError: Error, Equatable, Sendable {
  /// The number of groups differs.
  case groupCount(expected: Int, received: Int)
  /// The state was written by another optimizer.
  case otherOptimizer(expected: String, received: String)
  /// The parameters differ, or their order.
  case otherParameters(group: Int, missing: [String], unexpected: [String])
  /// A hyperparameter in the state breaks its rule.
  case badOption(OptionError)
  /// A tensor the record names is not there.
  case missingTensor(name: String)
  /// A tensor does not have its parameter's shape.
  case wrongShape(name: String, expected: [Int], received: [Int])
}

extension OptimizerStateError: CustomStringConvertible {
  /// What does not fit, in one line.
  public var description: String {
    "the saved optimizer state does not fit: " + reason
  }

  private var reason: String {
    switch self {
    case .groupCount(let expected, let received):
      "it has \(received) groups instead of \(expected)"
    case .otherOptimizer(let expected, let received):
      "it was written by '\(received)', this is '\(expected)'"
    case .otherParameters(let group, let missing, let unexpected):
      "group \(group) holds other parameters" + Self.names(missing, "without")
        + Self.names(unexpected, "with")
    case .badOption(let error):
      error.description
    case .missingTensor(let name):
      "the tensor '\(name)' is missing"
    case .wrongShape(let name, let expected, let received):
      "'\(name)' has shape \(received) instead of \(expected)"
    }
  }

  /// What the reader can do about it, in one line.
  public var help: String {
    "resume with the network, the optimizer and the parameter groups of the run that wrote the state"
  }

  private static func names(_ names: [String], _ word: String) -> String {
    names.isEmpty ? "" : ", \(word) " + names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
  }
}
