/// The part of the shared parameters over which one Gramian is formed and one set of weights found.
public enum GradientGrouping: String, ParameterValue, CaseIterable, Codable {
  /// All shared parameters together, as the papers do.
  case network
  /// The parameters of one layer together: those whose names differ only after the last dot.
  case layer
  /// Every parameter tensor by itself.
  case tensor
}

/// What the task gradients are taken with respect to.
public enum GradientTarget: String, ParameterValue, CaseIterable, Codable {
  /// The shared parameters: K backward passes through the trunk.
  case parameters
  /// The shared features: K passes through the heads and one through the trunk.
  ///
  /// An upper bound of the parameters' problem.
  ///
  /// - Source: O. Sener and V. Koltun, "Multi-Task Learning as Multi-Objective Optimization", NeurIPS 2018,
  ///   section 3.3 (MGDA-UB), arXiv 1810.04650.
  case features
}

/// How much of the task gradients a step holds at one time.
public enum GradientMemory: String, ParameterValue, CaseIterable, Codable {
  /// All of them, unless they would take more than a quarter of the device's memory.
  case auto
  /// All of them: K rows of P numbers.
  case rows
  /// At most the rows of the largest layer: their inner products are added up layer by layer, and one more backward pass
  /// makes the combination.
  case stream
}

/// What happens when a task's loss or gradient is not finite.
public enum NonFinitePolicy: String, ParameterValue, CaseIterable, Codable {
  /// The step throws, naming the task.
  case `throw`
  /// The step leaves every parameter as it is.
  case skipStep = "skip-step"
  /// The step goes on without that task.
  case dropTask = "drop-task"
}
