public import Torch

/// How an optimizer turns gradients into new parameters: the algorithm as a value.
///
/// A rule holds hyperparameters and nothing else; what it remembers between two steps lies in
/// ``ParameterState``, where it can be inspected, saved and exchanged.
public protocol UpdateRule: Sendable {
  /// What is known about the rule.
  static var about: OptimizerDescription { get }
  /// Creates the rule from named options.
  ///
  /// - Throws: `OptionError` where an option breaks its rule.
  init(options: Options) throws(OptionError)
  /// The hyperparameters as named options, from which ``init(options:)`` makes an equal rule.
  var options: [String: OptionValue] { get }
  /// The length of a step.
  var learningRate: Double { get set }

  /// Overwrites one parameter and its state.
  ///
  /// Called with gradient recording off and ``ParameterState/step`` already counted up.
  func update(_ parameter: Tensor, gradient: Tensor, state: inout ParameterState)

  /// Overwrites several parameters and their states; by default one after the other.
  ///
  /// - Throws: `TorchError` where memory runs out.
  func update(
    _ parameters: [Tensor], gradients: [Tensor], states: inout [ParameterState]
  ) throws(TorchError)
}

extension UpdateRule {
  /// Overwrites the parameters one after the other.
  public func update(
    _ parameters: [Tensor], gradients: [Tensor], states: inout [ParameterState]
  ) throws(TorchError) {
    updateEach(parameters, gradients: gradients, states: &states)
  }

  /// Overwrites the parameters one after the other.
  func updateEach(_ parameters: [Tensor], gradients: [Tensor], states: inout [ParameterState]) {
    for position in parameters.indices {
      update(parameters[position], gradient: gradients[position], state: &states[position])
    }
  }
}

/// What a rule remembers about one parameter.
public struct ParameterState {
  /// The number of steps the parameter has taken.
  public internal(set) var step = 0
  /// The remembered tensors under the names of `OptimizerDescription.slots`.
  public internal(set) var slots: [String: Tensor] = [:]

  /// Creates the state before the first step.
  public init() {}

  /// Returns the tensor in a slot, putting a new one there first where the slot is empty.
  public mutating func slot(_ name: String, orMake make: () -> Tensor) -> Tensor {
    if let tensor = slots[name] { return tensor }
    let tensor = make()
    slots[name] = tensor
    return tensor
  }

  /// A state with memory of its own.
  func copied() -> ParameterState {
    var copy = self
    copy.slots = slots.mapValues { $0.clone() }
    return copy
  }
}

/// The hyperparameters that several rules have.
enum CommonParameters {
  static func learningRate(default value: Double) -> Parameter<Double> {
    .atLeast(0, "learning_rate", default: value, "Length of a step.")
  }

  static func weightDecay(default value: Double = 0) -> Parameter<Double> {
    .atLeast(0, "weight_decay", default: value, "Pull of the parameters towards zero.")
  }

  static let fused = Parameter<Bool>.any(
    "fused", default: true, "Whether libtorch updates all parameters in one call.")
}

/// Whether libtorch's fused steps, which read memory in order, can take these parameters.
func canFuse(_ parameters: [Tensor]) -> Bool {
  guard let first = parameters.first else { return false }
  let (dtype, device) = (first.dtype, first.device)
  return parameters.allSatisfy { $0.isContiguous && $0.dtype == dtype && $0.device == device }
}
