import Torch
import Truce

/// All parameters as one vector, shared ones first: what bilevel methods differentiate and move.
final class WholeNetwork {
  private let parameters: [Tensor]
  private let heads: [[Tensor]]
  /// What scalars are multiplied by before they are differentiated, and their gradients divided by afterwards.
  var lossScale = 1.0

  init(_ partition: ParameterPartition) {
    heads = partition.heads
    parameters = partition.sharedTensors + heads.joined()
  }

  /// The number of tasks, K.
  var taskCount: Int { heads.count }

  /// The gradients of some scalars, one row each; zeros for nil and for parameters that are not reached.
  ///
  /// - Throws: `MethodError.nonFiniteSum` where the scale makes one infinite.
  func gradients(of scalars: [Tensor?]) throws -> Tensor {
    let rows = try GradientSweep.allocateRows(taskCount: scalars.count, parameters: parameters)
    let pass = ForwardPass(losses: scalars).scaled(by: lossScale)
    try GradientSweep.run(
      pass.scaled(scalars.map { GradientSweep.Task(loss: $0) }), withRespectTo: parameters, into: rows)
    pass.unscale([rows])
    try pass.requireFinite([rows])
    return rows
  }

  /// The gradient of a scalar; zero for nil.
  func gradient(of scalar: Tensor?) throws -> Tensor {
    try gradients(of: [scalar]).selected(0, 0)
  }

  /// Adds a multiple of a vector to the parameters.
  func move(along vector: Tensor, by factor: Double) {
    withoutGradients {
      for (parameter, columns) in zip(parameters, GradientSweep.columns(of: parameters)) {
        let part = vector.narrowed(0, start: columns.lowerBound, length: columns.count)
        parameter.addInPlace(part.reshaped(parameter.shape), scaledBy: factor)
      }
    }
  }

  /// Lets a closure move the parameters, and puts them back exactly, whatever it throws.
  func excursion<Result>(_ body: () throws -> Result) throws -> Result {
    let before = parameters.map { $0.detached().clone() }
    defer {
      withoutGradients {
        for (parameter, value) in zip(parameters, before) { parameter.copyInPlace(from: value) }
      }
    }
    return try body()
  }

  /// Makes a vector the gradient of the parameters; the heads of tasks that do not take part have none.
  func assign(_ gradient: Tensor, absent: [Int]) throws {
    try GradientSweep.assign(gradient, asGradientsOf: parameters)
    for task in absent {
      for parameter in heads[task] { parameter.grad = nil }
    }
  }
}

extension ForwardPass {
  /// The losses as numbers, with 0 for a task without labels.
  func lossValues() throws -> [Double] { try numbers().map { $0 ?? 0 } }

  /// The losses with those of the tasks that do not take part left out.
  func losses(of tasks: [Int]) -> [Tensor?] {
    losses.indices.map { tasks.contains($0) ? losses[$0] : nil }
  }
}
