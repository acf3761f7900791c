public import Torch
public import Truce

extension MultiTaskStep {
  private enum Keys: String, CodingKey {
    case position
    case gradientScale = "gradient_scale"
  }

  /// Writes everything the next step depends on, apart from ``stateTensors`` and the optimizer.
  public func encodeState(to encoder: any Encoder) throws {
    try reconciler.encodeState(to: encoder, wholeStep: strategy.encodeState)
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(position, forKey: .position)
    try container.encodeIfPresent(gradientScale, forKey: .gradientScale)
  }

  /// Replaces the state by one written before for the same method on the same network.
  ///
  /// - Throws: `DecodingError` where the state is another method's.
  public func decodeState(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    // Checkpoints of earlier versions hold no position; the loop that wrote them keeps its own.
    let saved = try container.decodeIfPresent(StepPosition.self, forKey: .position)
    try reconciler.decodeState(from: decoder, wholeStep: strategy.decodeState)
    position = saved ?? position
    guard gradientScale != nil else { return }
    let scale = try container.decodeIfPresent(GradientScaling.State.self, forKey: .gradientScale)
    gradientScale = scale ?? gradientScale
  }

  /// The state as bytes, apart from ``stateTensors`` and the optimizer.
  ///
  /// - Throws: What the state of a user's own method throws when it is written.
  public func stateBytes() throws -> [UInt8] {
    try StateBytes.encode { try encodeState(to: $0) }
  }

  /// Replaces the state by one that ``stateBytes()`` gave.
  ///
  /// - Throws: `StateError`.
  public func restore(stateBytes bytes: [UInt8]) throws(StateError) {
    try StateBytes.decode(bytes) { try decodeState(from: $0) }
  }

  /// The gradient-sized part of a method's state, by name; empty for most methods.
  public var stateTensors: [String: Tensor] {
    get { strategy.stateTensors }
    set { strategy.stateTensors = newValue }
  }
}
