import Foundation
import Torch
import TorchNN

/// The temperatures α, which say what entropy is worth, one for each task or one for all, kept as logarithms.
final class Temperatures: Module {
  private var logarithms: Tensor
  private let loss: SACSettings.TemperatureLoss
  private let targetEntropy: Double

  init(_ settings: SACSettings, _ shape: AgentShape) {
    let count = settings.temperatures == .perTask ? shape.taskCount : 1
    logarithms = Tensor.full([count], log(settings.initialTemperature), dtype: .float64).requiringGrad()
    loss = settings.temperatureLoss
    targetEntropy = settings.targetEntropy ?? -Double(shape.actionSize)
  }

  func visit(_ visitor: ModuleVisitor) { visitor.parameter("logarithms", &logarithms) }

  /// The temperatures as they are, through which no gradient flows.
  var values: Tensor { logarithms.detached().exp() }

  /// The temperature of each task.
  func numbers(taskCount: Int) -> [Double] {
    let numbers = values.toArray(as: Double.self)
    return numbers.count == 1 ? [Double](repeating: numbers[0], count: taskCount) : numbers
  }

  /// K · softmax(−log α): what each task's losses are multiplied by.
  func taskWeights() -> [Double] {
    let weights = (-logarithms.detached()).softmax(0) * Double(logarithms.count)
    return weights.toArray(as: Double.self)
  }

  /// The loss of each row: α (−log π − H̄), or log α in place of α, with the target H̄.
  ///
  /// - Parameters:
  ///   - logDensities: log π of the actions, one number a row.
  ///   - rows: Whose rows they are.
  func losses(_ logDensities: Tensor, _ rows: TaskRows) -> Tensor {
    let factors = loss == .temperature ? logarithms.exp() : logarithms * 1.0
    return rows.spread(factors) * (-logDensities.detached() - targetEntropy)
  }
}
