import Torch
public import Truce

extension MOML: StepMethod {
  /// A rule that learns the weights of the losses from a validation batch.
  public func makeStrategy(for setup: StrategySetup) -> any StepStrategy {
    BilevelStrategy(MOMLRule(method: self), setup)
  }
}

/// MOML: K gradients of the training batch, K of the validation batch after a trial step.
struct MOMLRule: BilevelRule {
  let method: MOML

  var name: String { MOML.about.name }
  func initialState(taskCount: Int) -> LearnedValues { method.initialState(taskCount: taskCount) }

  func backward(
    _ batches: BilevelBatches, on network: WholeNetwork, state: inout LearnedValues
  ) throws -> [Double] {
    let rows = try network.gradients(of: batches.training.losses(of: batches.step.present))
    let weights = method.weights(of: state)
    let validationRows = try network.excursion {
      network.move(along: try GradientSweep.combine(rows, weights: weights), by: -method.innerRate)
      return try network.gradients(of: batches.validation().losses)
    }
    let products = validationRows.to(.float64).matmul(rows.to(.float64).transposed())
    try method.update(
      &state, products: CrossGramian(taskCount: network.taskCount, elements: products.toArray()))
    let learned = method.weights(of: state)
    try network.assign(
      GradientSweep.combine(rows, weights: learned), absent: batches.step.absent)
    return learned
  }
}
