/// A matrix method together with its state: what a training loop holds.
///
/// The state has two parts. Small values are written and read like every method's; the gradient-sized
/// vectors in ``buffers`` belong to the engine, which knows how to store them.
public struct MatrixProcess<Rows: GradientRows> {
  /// The number of tasks, K.
  public let taskCount: Int
  private var pair: any MatrixPair<Rows>

  /// Starts a method for K tasks.
  public init(_ method: some MatrixMethod, taskCount: Int) {
    self.taskCount = taskCount
    pair = MatrixMethodAndState(method: method, taskCount: taskCount)
  }

  /// What is known about the method.
  public var about: MethodDescription { pair.about }

  /// The gradient-sized vectors the method remembers, by name; empty before the first step.
  public var buffers: [String: [Rows.Vector]] {
    get { pair.buffers }
    set { pair.buffers = newValue }
  }

  /// Returns the update of the shared parameters and advances the state.
  ///
  /// - Parameters:
  ///   - rows: The K task gradients.
  ///   - gramian: The inner products of the rows where they are known, which spares K passes over them in
  ///     search of values that are not finite.
  ///   - context: The losses and where training stands.
  ///   - generator: What random methods draw from.
  /// - Throws: ``MethodError``; a loss or gradient that is not finite names its task, and the state stays.
  public mutating func direction(
    rows: Rows, gramian: Gramian? = nil, context: StepContext,
    using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> Rows.Vector {
    try requireFit(rows)
    try context.requireFiniteLosses()
    let nonFinite =
      gramian?.firstNonFiniteTask ?? rows.rows.firstIndex { gramian == nil && !$0.dot($0).isFinite }
    if let nonFinite { throw .nonFinite(task: nonFinite, what: "gradient") }
    return try pair.direction(rows: rows, context: context, using: &generator)
  }

  /// Throws where the rows do not fit the tasks or the vectors remembered.
  private func requireFit(_ rows: Rows) throws(MethodError) {
    guard rows.taskCount == taskCount else {
      throw .wrongCount(what: "task gradients", expected: taskCount, received: rows.taskCount)
    }
    let count = rows.rows[0].count
    for vector in pair.buffers.values.joined() where vector.count != count {
      throw .wrongCount(what: "coordinates as in the saved state", expected: vector.count, received: count)
    }
  }

  /// Writes the state without its gradient-sized vectors.
  public func encodeState(to encoder: any Encoder) throws { try pair.encodeState(to: encoder) }

  /// Replaces the state, except for its gradient-sized vectors, by one written before.
  public mutating func decodeState(from decoder: any Decoder) throws {
    try pair.decodeState(from: decoder)
  }
}

private protocol MatrixPair<Rows> {
  associatedtype Rows: GradientRows
  var about: MethodDescription { get }
  var buffers: [String: [Rows.Vector]] { get set }
  mutating func direction(
    rows: Rows, context: StepContext, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> Rows.Vector
  func encodeState(to encoder: any Encoder) throws
  mutating func decodeState(from decoder: any Decoder) throws
}

private struct MatrixMethodAndState<M: MatrixMethod, Rows: GradientRows>: MatrixPair {
  let method: M
  var state: MatrixState<M.State, Rows.Vector>

  init(method: M, taskCount: Int) {
    self.method = method
    self.state = MatrixState(scalars: method.initialState(taskCount: taskCount))
  }

  var about: MethodDescription { M.about }

  var buffers: [String: [Rows.Vector]] {
    get { state.buffers }
    set { state.buffers = newValue }
  }

  mutating func direction(
    rows: Rows, context: StepContext, using generator: inout some RandomNumberGenerator
  ) throws(MethodError) -> Rows.Vector {
    try method.direction(rows: rows, context: context, state: &state, using: &generator)
  }

  func encodeState(to encoder: any Encoder) throws { try state.scalars.encode(to: encoder) }

  mutating func decodeState(from decoder: any Decoder) throws {
    state.scalars = try M.State(from: decoder)
  }
}
