/// A method together with what it remembers.
struct Running<M: Method>: Sendable {
  let method: M
  var state: M.State

  init(_ method: M, taskCount: Int) {
    self.method = method
    state = method.initialState(taskCount: taskCount)
  }
}

/// A method of a kind known only when the program runs, together with what it remembers.
protocol RunningMethod: Sendable {
  var about: MethodDescription { get }
  var isStateless: Bool { get }
  func encodeState(to encoder: any Encoder) throws
  mutating func decodeState(from decoder: any Decoder) throws
}

extension Running: RunningMethod {
  var about: MethodDescription { M.about }
  var isStateless: Bool { M.State.self == Stateless.self }
  func encodeState(to encoder: any Encoder) throws { try state.encode(to: encoder) }
  mutating func decodeState(from decoder: any Decoder) throws { state = try M.State(from: decoder) }
}

// MARK: Kinds

protocol RunningWeighting: RunningMethod {
  mutating func weights(
    context: StepContext, using generator: inout RandomSource
  ) throws(MethodError) -> [Double]
  mutating func observe(lossesAfterStep losses: [Double]) throws(MethodError)
  mutating func endEpoch(meanLosses: [Double]) throws(MethodError)
}

extension Running: RunningWeighting where M: LossWeighting {
  mutating func weights(
    context: StepContext, using generator: inout RandomSource
  ) throws(MethodError) -> [Double] {
    try method.weights(context: context, state: &state, using: &generator)
  }

  mutating func observe(lossesAfterStep losses: [Double]) throws(MethodError) {
    try method.observe(lossesAfterStep: losses, state: &state)
  }

  mutating func endEpoch(meanLosses: [Double]) throws(MethodError) {
    try method.endEpoch(meanLosses: meanLosses, state: &state)
  }
}

protocol RunningGramianMethod: RunningMethod {
  mutating func weights(
    gramian: Gramian, context: StepContext, using generator: inout RandomSource
  ) throws(MethodError) -> [Double]
}

extension Running: RunningGramianMethod where M: GramianMethod {
  mutating func weights(
    gramian: Gramian, context: StepContext, using generator: inout RandomSource
  ) throws(MethodError) -> [Double] {
    try method.weights(gramian: gramian, context: context, state: &state, using: &generator)
  }
}

protocol RunningCrossGramianMethod: RunningMethod {
  mutating func weights(
    crossGramian: CrossGramian, context: StepContext, using generator: inout RandomSource
  ) throws(MethodError) -> [Double]
}

extension Running: RunningCrossGramianMethod where M: CrossGramianMethod {
  mutating func weights(
    crossGramian: CrossGramian, context: StepContext, using generator: inout RandomSource
  ) throws(MethodError) -> [Double] {
    try method.weights(crossGramian: crossGramian, context: context, state: &state, using: &generator)
  }
}

protocol RunningMatrixMethod: RunningMethod {
  /// The gradient-sized part of the state is the caller's, whose engine knows how to store it.
  mutating func direction<Rows: GradientRows>(
    rows: Rows, context: StepContext, buffers: inout [String: [Rows.Vector]],
    using generator: inout RandomSource
  ) throws(MethodError) -> Rows.Vector
}

extension Running: RunningMatrixMethod where M: MatrixMethod {
  mutating func direction<Rows: GradientRows>(
    rows: Rows, context: StepContext, buffers: inout [String: [Rows.Vector]],
    using generator: inout RandomSource
  ) throws(MethodError) -> Rows.Vector {
    var whole = MatrixState<M.State, Rows.Vector>(scalars: state, buffers: buffers)
    let direction = try method.direction(
      rows: rows, context: context, state: &whole, using: &generator)
    (state, buffers) = (whole.scalars, whole.buffers)
    return direction
  }
}
