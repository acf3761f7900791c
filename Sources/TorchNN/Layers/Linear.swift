public import Torch

/// A linear map of the last axis: y = x · weightᵀ + bias.
public final class Linear: Layer {
  /// The map, of shape [outputs, inputs].
  public private(set) var weight: Tensor
  /// What is added to each output, of shape [outputs].
  public private(set) var bias: Tensor?
  private var tape: LayerTape?

  /// Creates the layer with first values, by default those of PyTorch's `Linear`.
  ///
  /// - Parameters:
  ///   - inputCount: The length of the input's last axis.
  ///   - outputCount: The length of the output's last axis.
  ///   - hasBias: Whether there is a bias, drawn from ±1 / √inputs.
  ///   - initialization: How the weight begins.
  ///   - generator: Where the draws come from, in host memory.
  ///   - dtype: The type of the parameters.
  public init(
    _ inputCount: Int, _ outputCount: Int, hasBias: Bool = true,
    initialization: Initialization = .layerDefault, using generator: Generator, dtype: DType = .float32
  ) {
    weight = .parameter([outputCount, inputCount], initialization, using: generator, dtype: dtype)
    bias = hasBias ? .bias([outputCount], inputs: inputCount, using: generator, dtype: dtype) : nil
  }

  /// Shows the weight, the bias and the tape.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.parameter("weight", &weight)
    visitor.parameter("bias", &bias)
    visitor.tape(&tape)
  }

  /// The map of an input of shape […, inputs].
  public func forward(_ input: Tensor) -> Tensor {
    let output = input.linear(weight: weight, bias: bias)
    tape?.append(.linear, weight: weight, bias: bias, input: input, output: output)
    return output
  }
}

extension Tensor {
  /// A bias with PyTorch's first values: uniform draws from ±1 / √inputs.
  static func bias(_ shape: [Int], inputs: Int, using generator: Generator, dtype: DType) -> Tensor {
    let bound = inputs > 0 ? 1 / Double(inputs).squareRoot() : 0
    return parameter(shape, .uniform(bound: bound), using: generator, dtype: dtype)
  }
}
