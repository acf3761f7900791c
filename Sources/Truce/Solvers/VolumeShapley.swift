/// The Shapley values of a game whose players are tasks and whose value is a volume.
///
/// `v(S)` is the determinant of the cosines between the gradients in S: the squared volume that their unit
/// vectors span, 1 where they are orthogonal and 0 where they depend on each other. A task's Shapley value
/// is the average change of `v` as it joins the others in every order; it is never positive, and the closer
/// to 0 the further the task's gradient points from the others'.
///
/// - Source: L. Shapley, "A Value for n-Person Games", 1953.
struct VolumeShapley {
  private let cosines: RowMatrix

  init(cosines: RowMatrix) {
    self.cosines = cosines
  }

  /// Returns the exact values, from all 2ᴷ sets.
  ///
  /// - Complexity: O(2ᴷ K²).
  func exactValues() -> [Double] {
    let count = cosines.count
    let volumes = allVolumes()
    var values = [Double](repeating: 0, count: count)
    for set in volumes.indices {
      let share = Self.share(of: set.nonzeroBitCount, among: count)
      for task in 0..<count where set & (1 << task) == 0 {
        values[task] += share * (volumes[set | (1 << task)] - volumes[set])
      }
    }
    return values
  }

  /// Returns the average changes over random orders.
  ///
  /// - Complexity: O(K³) for each order.
  func sampledValues(orders: Int, using generator: inout some RandomNumberGenerator) -> [Double] {
    var values = [Double](repeating: 0, count: cosines.count)
    for _ in 0..<orders {
      let order = Array(0..<cosines.count).shuffled(using: &generator)
      var factor = GrowingCholesky(capacity: order.count)
      var volume = 1.0
      for (position, task) in order.enumerated() {
        let grown = self.volume(volume, joining: task, order.prefix(position), &factor)
        values[task] += (grown - volume) / Double(orders)
        volume = grown
      }
    }
    return values
  }

  /// The volumes of all sets; bit `i` of an index says whether task `i` is in the set.
  private func allVolumes() -> [Double] {
    var volumes = [Double](repeating: 0, count: 1 << cosines.count)
    volumes[0] = 1
    var factor = GrowingCholesky(capacity: cosines.count)
    extend(set: 0, members: [], from: 0, factor: &factor, volumes: &volumes)
    return volumes
  }

  private func extend(
    set: Int, members: [Int], from first: Int, factor: inout GrowingCholesky, volumes: inout [Double]
  ) {
    for task in first..<cosines.count {
      let grown = volume(volumes[set], joining: task, members[...], &factor)
      // A set that contains a dependent one has no volume either; the array already says so.
      guard grown > 0 else { continue }
      volumes[set | (1 << task)] = grown
      extend(
        set: set | (1 << task), members: members + [task], from: task + 1, factor: &factor,
        volumes: &volumes)
      factor.truncate(to: members.count)
    }
  }

  private func volume(
    _ volume: Double, joining task: Int, _ members: ArraySlice<Int>, _ factor: inout GrowingCholesky
  ) -> Double {
    guard volume > 0 else { return 0 }
    let joined = factor.append(diagonal: 1) { cosines[task, members[members.startIndex + $0]] }
    return joined ? volume * factor.lastPivot : 0
  }

  /// The share of orders in which a given set of `size` players stands just before a given other one.
  private static func share(of size: Int, among count: Int) -> Double {
    guard size < count else { return 0 }
    var share = 1 / Double(count)
    for i in 0..<size { share *= Double(i + 1) / Double(count - 1 - i) }
    return share
  }
}
