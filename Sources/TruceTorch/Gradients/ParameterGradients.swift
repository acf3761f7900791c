import Torch
import Truce

/// Task gradients with respect to the shared parameters, in one buffer.
///
/// The rows are allocated once. Where the network names its shared features, the tasks go in groups whose gradients stay
/// in the cache: a group's heads are differentiated down to the features, then the trunk is walked once for all of the
/// group, or for each of them. The combination is written over the first row, and the parameters' `grad` become views of
/// it: a step takes the memory of the rows, and nothing is copied on the way to the optimizer.
final class ParameterGradients: GradientMatrix {
  private let groups: [Range<Int>]
  private let taskCount: Int
  private let shared: [Tensor]
  private let walk: GradientSweep.Walk
  private let buffer = RowBuffer()
  private let features = RowBuffer()

  init(partition: ParameterPartition, grouping: GradientGrouping, walk: GradientSweep.Walk) {
    self.walk = walk
    taskCount = partition.taskCount
    shared = partition.sharedTensors
    groups = partition.groups(by: grouping)
  }

  var groupCount: Int { groups.count }

  var rows: Tensor {
    get throws { try buffer.current ?? buffer.rows(count: taskCount, of: shared).zeroInPlace() }
  }

  func collect(_ tasks: [GradientSweep.Task], of pass: ForwardPass, keepsGraph: Bool) throws {
    let rows = try buffer.ownRows(count: tasks.count, of: shared)
    try collect(pass.scaled(tasks), of: pass, keepsGraph: keepsGraph, into: rows)
    pass.unscale([rows])
    pass.unscaleHeads(of: tasks)
  }

  private func collect(
    _ tasks: [GradientSweep.Task], of pass: ForwardPass, keepsGraph: Bool, into rows: Tensor
  ) throws {
    guard !pass.features.isEmpty else {
      return try GradientSweep.run(tasks, withRespectTo: shared, into: rows, retainGraph: keepsGraph)
    }
    let size = try groupSize(of: tasks.count, pass)
    for start in stride(from: 0, to: tasks.count, by: size) {
      let group = tasks[start..<min(start + size, tasks.count)]
      try collectGroup(
        group, of: pass, keepsGraph: keepsGraph || group.endIndex < tasks.count,
        into: rows.narrowed(0, start: start, length: group.count))
    }
  }

  /// How many tasks' gradients with respect to the features are held at one time.
  private func groupSize(of count: Int, _ pass: ForwardPass) throws -> Int {
    walk == .oneByOne ? 1 : try GradientSweep.tasksTogether(of: count, through: pass.features, to: shared)
  }

  private func collectGroup(
    _ group: ArraySlice<GradientSweep.Task>, of pass: ForwardPass, keepsGraph: Bool, into rows: Tensor
  ) throws {
    let featureRows = try features.rows(atLeast: group.count, of: pass.features)
      .narrowed(0, start: 0, length: group.count)
    try GradientSweep.run(
      Array(group), withRespectTo: pass.features, into: featureRows, retainGraph: keepsGraph)
    try GradientSweep.pullBack(
      featureRows, through: pass.features, to: shared, into: rows,
      activeTasks: group.map { $0.loss != nil }, retainGraph: keepsGraph, walk: walk)
  }

  func gramian(ofGroup group: Int?) throws -> Gramian {
    try gramian(columns: group.map { groups[$0] })
  }

  func deliver(_ factors: [[Double]], of pass: ForwardPass) throws {
    try deliver(direction: combination(of: factors), of: pass)
  }

  func deliver(direction: Tensor, of pass: ForwardPass) throws {
    try GradientSweep.assign(direction, asGradientsOf: shared)
  }

  private func combination(of factors: [[Double]]) throws -> Tensor {
    let rows = try rows
    let ranges = factors.count > 1 ? groups : [0..<rows.shape[1]]
    return try GradientSweep.combineInPlace(rows, weights: factors, groups: ranges)
  }
}

extension ParameterPartition {
  /// Column ranges of the parameters that share a solve: runs of neighbours with one key.
  func groups(by grouping: GradientGrouping) -> [Range<Int>] {
    var groups: [(key: Substring, range: Range<Int>)] = []
    for (name, columns) in zip(shared.map(\.name), GradientSweep.columns(of: sharedTensors)) {
      let key = grouping.key(of: name)
      if groups.last?.key == key {
        let start = groups.removeLast().range.lowerBound
        groups.append((key, start..<columns.upperBound))
      } else {
        groups.append((key, columns))
      }
    }
    return groups.map(\.range)
  }
}

extension GradientGrouping {
  /// What parameters of one group have in common.
  func key(of parameterName: String) -> Substring {
    switch self {
    case .network: ""
    case .layer: parameterName.lastIndex(of: ".").map { parameterName[..<$0] } ?? parameterName[...]
    case .tensor: parameterName[...]
    }
  }
}
