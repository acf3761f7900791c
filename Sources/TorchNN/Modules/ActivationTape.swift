public import Torch

/// What layers with parameters took in and gave out during a forward pass, call by call.
///
/// ```swift
/// let tape = ActivationTape()
/// let output = network.recording(on: tape) { network(input) }
/// ```
///
/// The tensors are part of the pass's recording for differentiation: their gradients can be asked for. An
/// output must not be changed in place afterwards, or its gradient would be that of the changed one.
public final class ActivationTape {
  /// The calls in the order in which they were made; a layer that was called twice has two.
  public private(set) var calls: [LayerCall] = []

  /// Creates an empty tape.
  public init() {}

  fileprivate func append(_ call: LayerCall) { calls.append(call) }
}

/// One call of a layer with parameters.
public struct LayerCall {
  /// How the output depends on the parameters.
  public enum Kind {
    /// weight · input over the last axis, plus the bias.
    case linear
    /// The convolution of the input with the weight, plus the bias of each channel.
    case convolution(Convolution)
    /// weight · normalised input + bias for each channel, the second axis.
    case channelScaling(normalized: () -> Tensor)
    /// weight · normalised input + bias for each element of the last axes, as many as the weight has.
    case elementScaling(normalized: () -> Tensor)
    /// Σ numberⱼ · partⱼ, where the numbers are those of the weight from a place on, in row-major order.
    case mixing(parts: [Tensor], first: Int)
    /// A function of all examples of the batch together.
    case mixedExamples
  }

  /// The layer's name in the module whose calls were recorded, such as `trunk.conv1`.
  public let layer: String
  /// How the output depends on the parameters.
  public let kind: Kind
  /// The weight, where the layer has one.
  public let weight: Tensor?
  /// The bias, where the layer has one.
  public let bias: Tensor?
  /// What the layer took in.
  public let input: Tensor
  /// What the layer gave out.
  public let output: Tensor
}

/// A layer's place on a tape.
///
/// A layer with parameters keeps an optional one, shows it with ``ModuleVisitor/tape(_:)`` and appends each of
/// its calls to it. It is nil except inside ``Module/recording(on:_:)``.
public struct LayerTape {
  private let tape: ActivationTape
  private let layer: String

  init(_ tape: ActivationTape, layer: String) {
    self.tape = tape
    self.layer = layer
  }

  /// The place of something in the layer that has a name of its own.
  public func part(_ name: String) -> LayerTape {
    LayerTape(tape, layer: layer.isEmpty ? name : "\(layer).\(name)")
  }

  /// Writes down a call.
  public func append(
    _ kind: LayerCall.Kind, weight: Tensor?, bias: Tensor?, input: Tensor, output: Tensor
  ) {
    tape.append(
      LayerCall(layer: layer, kind: kind, weight: weight, bias: bias, input: input, output: output))
  }
}

extension Module {
  /// Runs `body`, in which the module's layers write their calls to a tape.
  ///
  /// Linear maps, convolutions, normalisations and what mixes features write theirs; other layers with parameters do not.
  public func recording<Result, Failure: Error>(
    on tape: ActivationTape, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    visit(ModuleVisitor(onTape: { layer, place in place = LayerTape(tape, layer: layer) }))
    defer { visit(ModuleVisitor(onTape: { _, place in place = nil })) }
    return try body()
  }
}
