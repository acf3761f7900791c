import CTorch

extension GradientSweep {
  /// What is added up about rows that are never all there at once.
  public enum RowProducts: Sendable {
    /// The products of all pairs of rows: K·K numbers.
    case gradients
    /// The products of all pairs of the rows' signs, then those of the signs' magnitudes: 2·K·K numbers.
    case signs
  }

  /// The products of the rows that ``pullBack(_:through:to:into:activeTasks:retainGraph:walk:)`` would write, added up
  /// while the gradients of all tasks are carried through the layers together.
  ///
  /// A parameter's columns are let go of as soon as they are multiplied, so the largest parameter's K rows are all that
  /// is held of the gradients of parameters, beside those of a layer's inputs. Where the layers ahead are wide and
  /// have few parameters, the tasks go on one after the other. The recording is kept. The sums are the same
  /// from run to run.
  ///
  /// - Parameters:
  ///   - products: What is added up.
  ///   - featureRows: [K, F], the gradients with respect to the features, one row a task.
  ///   - features: The shared features, F elements in all.
  ///   - shared: The parameters below the features.
  ///   - groups: For each parameter the group, from 0, to whose sums it belongs.
  /// - Returns: For each group the numbers of ``RowProducts``; nil where something hangs on the recording that wants to see
  ///   each task's gradient by itself.
  /// - Throws: ``TorchError`` where what is handed over does not fit, the recording is gone, or memory runs out.
  /// - Complexity: One walk below the features whose products are those of K backward passes.
  public static func streamed(
    _ products: RowProducts, of featureRows: Tensor, through features: [Tensor], to shared: [Tensor],
    groups: [Int]
  ) throws(TorchError) -> [[Double]]? {
    let shape = featureRows.shape
    let width = features.reduce(0) { $0 + $1.count }
    guard shape.count == 2, shape[1] == width, groups.count == shared.count, !shared.isEmpty,
      groups.allSatisfy({ $0 >= 0 })
    else {
      throw TorchError(
        operation: "streamed",
        reason: "rows of shape \(shape), \(width) features, \(shared.count) parameters and \(groups.count) "
          + "groups do not fit together")
    }
    let groupCount = (groups.max() ?? 0) + 1
    let size = shape[0] * shape[0] * (products == .signs ? 2 : 1)
    var numbers = [Double](repeating: 0, count: max(1, groupCount * size))
    var isDone = false
    let status = withStart(of: [featureRows] + features + shared) { start in
      guard let first = start[0] else { return CT_FAILED }
      return ct_stream_products(
        first, start + 1, Int64(features.count), start + 1 + features.count, Int64(shared.count),
        groups.map(Int64.init), Int64(groupCount),
        products == .signs ? CT_ROW_SIGN_PRODUCTS : CT_ROW_PRODUCTS,
        &isDone, &numbers)
    }
    try check(status, "streamed", on: [featureRows])
    guard isDone else { return nil }
    return (0..<groupCount).map { Array(numbers[($0 * size)..<(($0 + 1) * size)]) }
  }
}
