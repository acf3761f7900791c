/// The learning rate with which a method trains its own loss weights.
public enum WeightLearningRate: Equatable, Sendable {
  /// A rate of its own that does not change.
  case fixed(Double)
  /// The current rate of the network's optimizer, so that a schedule acts on both.
  case model

  /// Returns the rate at this step.
  ///
  /// - Throws: ``MethodError/notApplicable(method:reason:)`` where it is the optimizer's and there is none.
  public func rate(in context: StepContext, for method: String) throws(MethodError) -> Double {
    switch self {
    case .fixed(let rate): rate
    case .model: try context.requireLearningRate(for: method)
    }
  }
}

extension WeightLearningRate: ParameterValue {
  /// "number or the word model".
  public static var typeName: String { "number or the word model" }

  /// Reads a number or the word "model".
  public init?(option: OptionValue) {
    if option == .string("model") {
      self = .model
    } else if let rate = Double(option: option) {
      self = .fixed(rate)
    } else {
      return nil
    }
  }

  /// The number or the word "model".
  public var option: OptionValue {
    switch self {
    case .fixed(let rate): rate.option
    case .model: .string("model")
    }
  }
}

extension WeightLearningRate: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// Creates a fixed rate.
  public init(floatLiteral value: Double) { self = .fixed(value) }
  /// Creates a fixed rate.
  public init(integerLiteral value: Int) { self = .fixed(Double(value)) }
}

extension Parameter where Value == WeightLearningRate {
  /// A finite rate of at least 0, or the word "model".
  public static func learningRate(_ name: String = "learning_rate", default value: WeightLearningRate)
    -> Parameter
  {
    Parameter(
      name, default: value, rule: "at least 0, or model",
      "Learning rate of the method's own parameters; \"model\" follows the network's optimizer."
    ) {
      guard case .fixed(let rate) = $0 else { return true }
      return rate.isFinite && rate >= 0
    }
  }
}
