import Torch

/// A few mixtures of the losses in place of the tasks, for methods that need no more.
///
/// Each task belongs to one mixture; its head gets its gradient from there, brought back to the task's own size.
struct TaskMixtures {
  let mixtures: [[Double]]
  let heads: [[Tensor]]

  /// The losses to differentiate, each with the heads of the tasks in it.
  func sweepTasks(of pass: ForwardPass) -> [GradientSweep.Task] {
    mixtures.map { shares in
      let tasks = shares.indices.filter { shares[$0] != 0 }
      return GradientSweep.Task(
        loss: pass.total(weights: shares, tasks: tasks), headParameters: tasks.flatMap { heads[$0] })
    }
  }

  /// Gives every head the gradient of its own task's loss times its weight, whatever its share in a mixture.
  func restoreHeads(lossWeights: [Double]?) {
    for task in heads.indices {
      let share = mixtures.reduce(0) { $0 + $1[task] }
      let weight = lossWeights?[task] ?? 1
      guard share != 0, share != weight else { continue }
      for parameter in heads[task] { _ = parameter.grad?.multiplyInPlace(weight / share) }
    }
  }
}
