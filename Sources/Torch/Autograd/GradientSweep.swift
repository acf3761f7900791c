import CTorch

/// The gradients of K tasks with respect to shared parameters, as the K rows of one buffer, and what is computed
/// from the rows.
///
/// The buffer has shape [K, P], where P is the number of elements of all shared parameters, laid out one
/// parameter after the other. It is allocated once and written in place every step, one shim call a sweep.
public enum GradientSweep {
  /// One task's part in a sweep.
  public struct Task {
    /// The task's scalar loss; nil where the batch has no labels for it, which gives a row of zeros.
    public var loss: Tensor?
    /// The parameters only this task uses, whose ``Tensor/grad`` the sweep adds to.
    public var headParameters: [Tensor]

    /// A task with the given loss and head.
    public init(loss: Tensor?, headParameters: [Tensor] = []) {
      self.loss = loss
      self.headParameters = headParameters
    }
  }

  /// How the gradients of several tasks are carried through the layers they share.
  public enum Walk: Sendable {
    /// In one walk for a group of tasks, with one batched product for a linear layer and one call for a convolution of few
    /// channels; task by task elsewhere.
    case together
    /// In a backward pass for each task: what ``together`` is tested against.
    case oneByOne
  }

  // MARK: The buffer

  /// A buffer for `taskCount` gradients with respect to `parameters`, on their device, of their element type or of
  /// single precision where that is wider.
  ///
  /// So inner products of gradients of features that autocast made narrow are those of single precision.
  ///
  /// - Throws: ``TorchError`` where there are no parameters, or memory runs out.
  public static func allocateRows(
    taskCount: Int, parameters: [Tensor]
  ) throws(TorchError) -> Tensor {
    guard let first = parameters.first else {
      throw TorchError(operation: "allocateRows", reason: "there are no shared parameters")
    }
    let width = parameters.reduce(0) { $0 + $1.count }
    let dtype = first.dtype.byteCount < DType.float32.byteCount ? .float32 : first.dtype
    return try Tensor.allocate([taskCount, width], dtype: dtype, device: first.device)
  }

  /// The columns each parameter takes up in the buffer.
  public static func columns(of parameters: [Tensor]) -> [Range<Int>] {
    var start = 0
    return parameters.map { parameter in
      defer { start += parameter.count }
      return start..<(start + parameter.count)
    }
  }

  // MARK: Writing rows

  /// Writes the gradient of each task's loss to its row, and adds to the gradients of its head, in one pass a
  /// task.
  ///
  /// A parameter that a loss does not reach gets zeros in its row.
  ///
  /// - Parameters:
  ///   - tasks: The K tasks, in the order of the rows.
  ///   - shared: With respect to what: the shared parameters, or the shared features to get the rows
  ///     ``pullBack(_:through:to:into:activeTasks:retainGraph:walk:)`` carries on.
  ///   - rows: The buffer, [K, P], contiguous, as ``allocateRows(taskCount:parameters:)`` makes it for `shared`.
  ///   - retainGraph: Whether the recording is kept after the last task.
  /// - Throws: ``TorchError`` where the buffer does not fit, a loss is not scalar or not recorded, or memory
  ///   runs out. The rows then hold no defined values.
  /// - Complexity: K backward passes.
  public static func run(
    _ tasks: [Task], withRespectTo shared: [Tensor], into rows: Tensor, retainGraph: Bool = false
  ) throws(TorchError) {
    let heads = tasks.flatMap(\.headParameters)
    let headCounts = tasks.map(\.headParameters.count)
    let tensors = tasks.map(\.loss) + shared.map { $0 } + heads.map { $0 }
    let status = withStart(of: tensors) { start in
      withIntegers(headCounts) { counts, taskCount in
        rows.withHandle {
          ct_gradient_sweep(
            start, taskCount, start + tasks.count, Int64(shared.count), start + tasks.count + shared.count,
            counts, retainGraph, $0)
        }
      }
    }
    try check(status, "sweep", on: [rows])
  }

  /// Carries gradients with respect to features on to the parameters the features were computed from.
  ///
  /// - Parameters:
  ///   - featureRows: [K, F], the gradients with respect to the features, one row a task.
  ///   - features: The shared features, F elements in all.
  ///   - shared: The parameters below the features.
  ///   - rows: The buffer, [K, P], contiguous.
  ///   - activeTasks: Which tasks have a gradient to carry on; the others get rows of zeros without a pass. Nil
  ///     means all.
  ///   - retainGraph: Whether the recording is kept after the last task.
  ///   - walk: Whether the tasks' gradients may go together where that is quicker.
  /// - Throws: ``TorchError`` where a buffer does not fit, nothing was recorded, or memory runs out.
  /// - Complexity: One backward pass below the features for each active task; together they take one walk whose
  ///   products are those of the K passes.
  public static func pullBack(
    _ featureRows: Tensor, through features: [Tensor], to shared: [Tensor], into rows: Tensor,
    activeTasks: [Bool]? = nil, retainGraph: Bool = false, walk: Walk = .together
  ) throws(TorchError) {
    let taskCount = rows.shape.first ?? 0
    let active = activeTasks ?? Array(repeating: true, count: taskCount)
    guard active.count == taskCount else {
      throw TorchError(
        operation: "pullBack", reason: "\(active.count) flags do not fit \(taskCount) rows")
    }
    let status = withStart(of: [featureRows, rows] + features + shared) { start in
      guard let first = start[0], let second = start[1] else { return CT_FAILED }
      return ct_pull_back_sweep(
        first, start + 2, Int64(features.count), start + 2 + features.count, Int64(shared.count), active,
        retainGraph, walk == .together, second)
    }
    try check(status, "pullBack", on: [featureRows, rows])
  }

  /// How many tasks ``pullBack(_:through:to:into:activeTasks:retainGraph:walk:)`` carries together at one time.
  ///
  /// As many as keep the gradients of the widest layer within 8 MiB, in groups of one size as far as that goes: they
  /// then stay in the cache. Where convolutions have channels that leave lanes of the vector units idle, as many as fill
  /// those, within 32 MiB. One who hands over so many rows at a time holds no more gradients of features than that.
  ///
  /// - Parameters:
  ///   - taskCount: The number of tasks, K.
  ///   - features: The shared features.
  ///   - shared: The parameters below the features.
  /// - Returns: From 1 to K; 1 where each task is walked by itself.
  /// - Throws: ``TorchError`` where the recording cannot be read.
  public static func tasksTogether(
    of taskCount: Int, through features: [Tensor], to shared: [Tensor]
  ) throws(TorchError) -> Int {
    var count: Int64 = 1
    let status = withStart(of: features + shared) { start in
      ct_tasks_together(
        start, Int64(features.count), start + features.count, Int64(shared.count), Int64(taskCount), &count)
    }
    try check(status, "tasksTogether", on: features)
    return Int(count)
  }

  /// For each output, which parameters it depends on, read off the recording without differentiating.
  ///
  /// - Parameters:
  ///   - outputs: Whose recordings are read.
  ///   - parameters: What they may depend on.
  ///   - stops: Tensors on the way; what an output depends on only through them does not count.
  /// - Returns: `reached[output][parameter]`; a missing output reaches nothing.
  /// - Throws: ``TorchError`` where the recording cannot be read.
  public static func reached(
    from outputs: [Tensor?], parameters: [Tensor], avoiding stops: [Tensor] = []
  ) throws(TorchError) -> [[Bool]] {
    var reached = [Bool](repeating: false, count: max(1, outputs.count * parameters.count))
    let status = withStart(of: outputs + parameters + stops) { start in
      ct_reached(
        start, Int64(outputs.count), start + outputs.count, Int64(parameters.count),
        start + outputs.count + parameters.count, Int64(stops.count), &reached)
    }
    try check(status, "reached", on: [])
    return outputs.indices.map { row in
      Array(reached[(row * parameters.count)..<((row + 1) * parameters.count)])
    }
  }

  /// A tensor that some output's recording accumulates gradients for and that is not in a list; nil where there is none.
  ///
  /// A network that forgets to show one of its modules has such a tensor.
  ///
  /// - Throws: ``TorchError`` where the recording cannot be read.
  public static func unlistedLeaf(
    of outputs: [Tensor], listed: [Tensor]
  ) throws(TorchError) -> Tensor? {
    try produceOptional("unlistedLeaf", from: outputs) { leaf in
      withStart(of: outputs + listed) { start in
        ct_unlisted_leaf(start, Int64(outputs.count), start + outputs.count, Int64(listed.count), leaf)
      }
    }
  }

  // MARK: Reading rows

  /// The products of all pairs of rows, accumulated in double precision.
  ///
  /// Up to four single-precision rows in host memory are multiplied in double precision, up to 256 in single precision
  /// over 512 columns at a time, and whatever remains by libtorch over 4,096 columns at a time; the sums of these pieces
  /// are added in double precision, in an order that does not depend on the number of threads. The last digits may
  /// differ from one kind of processor to another.
  ///
  /// - Parameters:
  ///   - rows: [K, P].
  ///   - columns: The columns to read, such as one layer's; nil means all.
  /// - Returns: The K·K products in row-major order.
  /// - Throws: ``TorchError`` where the columns do not lie in the rows.
  public static func gramian(of rows: Tensor, columns: Range<Int>? = nil) throws(TorchError) -> [Double] {
    let shape = rows.shape
    guard shape.count == 2 else {
      throw TorchError(operation: "gramian", reason: "rows have two axes, not \(shape.count)")
    }
    let columns = columns ?? 0..<shape[1]
    var gramian = [Double](repeating: 0, count: max(1, shape[0] * shape[0]))
    let status = rows.withHandle {
      ct_gramian($0, Int64(columns.lowerBound), Int64(columns.upperBound), &gramian)
    }
    try check(status, "gramian", on: [rows])
    return Array(gramian.prefix(shape[0] * shape[0]))
  }

  /// Σ weights[k] · row k, a vector of P elements.
  ///
  /// A row that is not finite spoils the sum even with weight zero; such rows must be zeroed first.
  ///
  /// - Throws: ``TorchError`` where the weights do not fit the rows.
  public static func combine(_ rows: Tensor, weights: [Double]) throws(TorchError) -> Tensor {
    try combine(rows, weights: [weights], groups: [0..<(rows.shape.last ?? 0)])
  }

  /// Σ weights[g][k] · row k over the columns of each group g, a vector of P elements.
  ///
  /// - Parameters:
  ///   - rows: [K, P].
  ///   - weights: K numbers for each group.
  ///   - groups: Neighbouring ranges of columns, which together cover all of them.
  /// - Throws: ``TorchError`` where the weights or the groups do not fit the rows.
  public static func combine(
    _ rows: Tensor, weights: [[Double]], groups: [Range<Int>]
  ) throws(TorchError) -> Tensor {
    try combine(rows, weights: weights, groups: groups, inPlace: false)
  }

  /// As ``combine(_:weights:groups:)``, written over the first row.
  ///
  /// It takes no memory, and no time to get memory: a vector of 25 million numbers takes four times as long where its
  /// pages are fresh. The digits are those of ``combine(_:weights:groups:)``.
  ///
  /// - Parameters:
  ///   - rows: [K, P].
  ///   - weights: K numbers for each group.
  ///   - groups: Neighbouring ranges of columns, which together cover all of them.
  /// - Returns: A view of the first row, whose gradient is gone.
  /// - Throws: As ``combine(_:weights:groups:)``, and where there is no first row or its numbers do not lie side by side.
  public static func combineInPlace(
    _ rows: Tensor, weights: [[Double]], groups: [Range<Int>]
  ) throws(TorchError) -> Tensor {
    try combine(rows, weights: weights, groups: groups, inPlace: true)
  }

  private static func combine(
    _ rows: Tensor, weights: [[Double]], groups: [Range<Int>], inPlace: Bool
  ) throws(TorchError) -> Tensor {
    try checkCombination(of: rows, weights: weights, groups: groups)
    let ends = groups.map { Int64($0.upperBound) }
    return try produce("combine", from: [rows]) { output in
      rows.withHandle {
        ct_combine($0, weights.flatMap { $0 }, ends, Int64(ends.count), inPlace, output)
      }
    }
  }

  private static func checkCombination(
    of rows: Tensor, weights: [[Double]], groups: [Range<Int>]
  ) throws(TorchError) {
    let shape = rows.shape
    guard shape.count == 2, weights.count == groups.count, weights.allSatisfy({ $0.count == shape[0] }) else {
      let counts = weights.map { String($0.count) }.joined(separator: ", ")
      throw TorchError(
        operation: "combine",
        reason: "\(counts) weights for \(groups.count) groups of columns do not fit rows of shape \(shape)")
    }
    guard zip(groups.dropFirst(), groups).allSatisfy({ $0.lowerBound == $1.upperBound }) else {
      throw TorchError(operation: "combine", reason: "the groups \(groups) are not neighbours")
    }
  }

  /// Makes the parts of `vector` the gradients of `parameters`.
  ///
  /// The gradients are views of the vector, which lives as long as they do; nothing is copied. Whoever changes
  /// one in place changes the vector.
  ///
  /// - Parameters:
  ///   - vector: P elements, in the order of the parameters.
  ///   - parameters: What gets the gradients.
  ///   - accumulates: Whether existing gradients are added to instead of replaced.
  /// - Throws: ``TorchError`` where the vector does not fit the parameters.
  public static func assign(
    _ vector: Tensor, asGradientsOf parameters: [Tensor], accumulates: Bool = false
  ) throws(TorchError) {
    let status = withStart(of: parameters) { start in
      vector.withHandle { ct_assign_gradients($0, start, Int64(parameters.count), accumulates) }
    }
    try check(status, "assign", on: [vector])
  }

  /// Lends the handles of a list, which may be empty, as the shim takes them.
  static func withStart<Result>(
    of tensors: [Tensor?], _ body: (UnsafePointer<ct_tensor?>) -> Result
  ) -> Result {
    Tensor.withHandles(of: tensors + [nil]) { handles in
      handles.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("a padded array is never empty") }
        return body(start)
      }
    }
  }
}
