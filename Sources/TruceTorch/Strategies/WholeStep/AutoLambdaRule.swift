import Torch
public import Truce

extension AutoLambda: StepMethod {
  /// A rule that learns the weights of the losses from a validation batch.
  public func makeStrategy(for setup: StrategySetup) -> any StepStrategy {
    BilevelStrategy(AutoLambdaRule(method: self), setup)
  }
}

/// Auto-λ: three backward passes, two of them on the training batch, and two further sets of training losses.
struct AutoLambdaRule: BilevelRule {
  let method: AutoLambda

  var name: String { AutoLambda.about.name }
  func initialState(taskCount: Int) -> LearnedValues { method.initialState(taskCount: taskCount) }

  func backward(
    _ batches: BilevelBatches, on network: WholeNetwork, state: inout LearnedValues
  ) throws -> [Double] {
    let tasks = batches.step.present
    guard state.values.count == network.taskCount else {
      throw MethodError.wrongCount(
        what: "initial weights", expected: network.taskCount, received: state.values.count)
    }
    let primary = try method.primary.values(taskCount: network.taskCount, what: "primary weights")
    let slope = try network.gradient(of: batches.training.total(weights: state.values, tasks: tasks))
    let learningRate = try batches.step.context.requireLearningRate(for: name)
    let validationSlope = try network.excursion {
      network.move(along: slope, by: -learningRate)
      let pass = try batches.validation()
      return try network.gradient(of: pass.total(weights: primary, tasks: Array(pass.losses.indices)))
    }
    try learn(from: validationSlope, batches, network, &state)
    let total = try batches.again().total(weights: state.values, tasks: tasks)
    try network.assign(network.gradient(of: total), absent: batches.step.absent)
    return state.values
  }

  /// Moves the weights by what the training losses do on both sides along the validation gradient.
  private func learn(
    from validationSlope: Tensor, _ batches: BilevelBatches, _ network: WholeNetwork,
    _ state: inout LearnedValues
  ) throws {
    let length = validationSlope.to(.float64).norm().item()
    let perturbation = method.perturbation(gradientLength: length)
    func losses(_ side: Double) throws -> [Double] {
      try network.excursion {
        network.move(along: validationSlope, by: side * perturbation)
        return try withoutGradients { try batches.again().lossValues() }
      }
    }
    try method.update(
      &state, above: losses(1), below: losses(-1), perturbation: perturbation,
      learningRate: batches.step.context.requireLearningRate(for: name))
  }
}
