public import Torch
public import TorchNN
public import TruceOptions

/// What stands behind each linear map of a perceptron.
public enum Activation: String, ParameterValue, CaseIterable {
  /// max(0, x).
  case relu
  /// x where positive, 0.01 · x elsewhere.
  case leakyReLU = "leaky_relu"
  /// The hyperbolic tangent.
  case tanh

  /// The activation as a layer.
  var layer: any Layer {
    switch self {
    case .relu: ReLU()
    case .leakyReLU: LeakyReLU()
    case .tanh: Tanh()
    }
  }
}

/// Linear maps, each followed by an activation.
///
/// The parameters bear the names that PyTorch gives them in a `Sequential` of maps and activations: `0.weight`,
/// `0.bias`, `2.weight`, ….
public final class MLPTrunk: VectorTrunk {
  private let layers: Sequential

  /// The number of features.
  public let featureCount: Int

  /// Creates the trunk with PyTorch's default first values.
  ///
  /// - Parameters:
  ///   - inputCount: The number of an example's values, all axes taken together.
  ///   - widths: The number of outputs of each map; the last is the number of features.
  ///   - activation: What stands behind each map.
  ///   - generator: Where the first values come from.
  ///   - dtype: The type of the parameters.
  public init(
    _ inputCount: Int, widths: [Int], activation: Activation = .relu, using generator: Generator,
    dtype: DType = .float32
  ) {
    layers = .perceptron([inputCount] + widths, activation, using: generator, dtype: dtype)
    featureCount = widths.last ?? inputCount
  }

  /// Shows the linear maps.
  public func visit(_ visitor: ModuleVisitor) { layers.visit(visitor) }

  /// The features of inputs [examples, …].
  public func forward(_ input: Tensor) -> Tensor {
    layers.forward(input.rank > 2 ? input.flattened(from: 1) : input)
  }
}

extension Sequential {
  /// Linear maps between layers of these widths, each followed by an activation.
  static func perceptron(
    _ widths: [Int], _ activation: Activation, using generator: Generator, dtype: DType = .float32
  ) -> Sequential {
    Sequential(
      zip(widths, widths.dropFirst()).flatMap { inputs, outputs -> [any Layer] in
        [Linear(inputs, outputs, using: generator, dtype: dtype), activation.layer]
      })
  }
}

extension Parameter<[Int]> {
  /// The widths of layers, each at least 1.
  static func widths(_ name: String, default value: [Int], _ summary: String) -> Parameter {
    Parameter(
      name, default: value, rule: "a list of whole numbers, each at least 1",
      form: Value.form?.inside(1), summary
    ) {
      $0.allSatisfy { $0 >= 1 }
    }
  }
}

extension TrunkEntry {
  private static let widths = Parameter<[Int]>.widths(
    "widths", default: [256, 256], "The outputs of each linear map; the last is the number of features.")
  private static let activation = Parameter<Activation>.any(
    "activation", default: .relu, "What stands behind each linear map.")

  /// The line of the perceptron.
  static let mlp = TrunkEntry(
    about: TrunkDescription(
      name: "mlp", summary: "linear maps, each followed by an activation",
      parameters: [widths.description, activation.description], source: "Rosenblatt 1958",
      takes: "examples of any shape, as one vector", gives: "a vector as long as the last width")
  ) { options, request in
    let lengths = request.inputShape.compactMap(\.self)
    guard lengths.count == request.inputShape.count else {
      throw request.unsuitable("mlp", takes: "examples of one size")
    }
    return MLPTrunk(
      lengths.reduce(1, *), widths: try options.value(of: widths),
      activation: try options.value(of: activation), using: request.generator)
  }
}
