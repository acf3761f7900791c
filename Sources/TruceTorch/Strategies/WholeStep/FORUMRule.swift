import Torch
public import Truce

extension FORUM: StepMethod {
  /// A rule that learns the weights of the losses from a validation batch.
  public func makeStrategy(for setup: StrategySetup) -> any StepStrategy {
    BilevelStrategy(FORUMRule(method: self), setup)
  }
}

/// FORUM: an inner run on the training batch, then K gradients of the validation batch where it began.
struct FORUMRule: BilevelRule {
  let method: FORUM

  var name: String { FORUM.about.name }
  func initialState(taskCount: Int) -> FORUM.Balance { method.initialState(taskCount: taskCount) }

  func backward(
    _ batches: BilevelBatches, on network: WholeNetwork, state: inout FORUM.Balance
  ) throws -> [Double] {
    let weights = method.weights(of: state)
    let losses = try batches.training.lossValues()
    let tasks = batches.step.present
    let slope = try network.gradient(of: batches.training.total(weights: weights, tasks: tasks))
    let innerLosses = try network.excursion {
      try innerRun(batches, network, first: slope, weights: weights)
    }
    let gap = zip(losses, innerLosses).enumerated().map { task, pair in
      tasks.contains(task) ? pair : (0, 0)
    }
    let gapSlopes = method.gapSlopes(of: state, losses: gap.map(\.0), innerLosses: gap.map(\.1))
    let rows = try network.gradients(of: batches.validation().losses + [nil])
    rows.selected(0, network.taskCount).copyInPlace(from: slope)

    let gramian = try gramian(of: rows, gapSlopes: gapSlopes)
    let answer = try method.combination(gramian: gramian, epoch: batches.step.context.epoch, state: &state)
    method.update(&state, gapSlopes: gapSlopes, multiplier: answer.multiplier)
    let update = try GradientSweep.combine(rows, weights: answer.weights + [answer.multiplier])
    try network.assign(update, absent: batches.step.absent)
    return answer.weights
  }

  /// Steps down the weighted sum of the training losses and returns the losses where that ends.
  private func innerRun(
    _ batches: BilevelBatches, _ network: WholeNetwork, first: Tensor, weights: [Double]
  ) throws -> [Double] {
    network.move(along: first, by: -method.innerRate)
    for _ in 1..<method.innerSteps {
      let total = try batches.again().total(weights: weights, tasks: batches.step.present)
      network.move(along: try network.gradient(of: total), by: -method.innerRate)
    }
    return try withoutGradients { try batches.again().lossValues() }
  }

  /// The products of the rows, the last of which goes on into the logits.
  private func gramian(of rows: Tensor, gapSlopes: [Double]) throws -> Gramian {
    var elements = try GradientSweep.gramian(of: rows)
    elements[elements.count - 1] += gapSlopes.reduce(0) { $0 + $1 * $1 }
    return try Gramian(taskCount: rows.shape[0], elements: elements)
  }
}
