import Torch
import Truce

/// Task gradients with respect to the shared parameters that are never there all at once.
///
/// Their inner products are added up while the gradients go through the trunk together, and one more backward pass,
/// of the weighted sum, makes the combination; where groups have weights of their own, one pass for each
/// group or each task, whichever are fewer. A network that does not name its features, or on whose recording something hangs,
/// is differentiated a few parameters at a time.
final class StreamedGradients: GradientSource {
  let groupCount: Int
  private let shared: [Tensor]
  /// For each parameter the group it belongs to.
  private let groups: [Int]
  private let features = RowBuffer()
  /// The tasks, with losses as they are differentiated.
  private var tasks: [GradientSweep.Task] = []
  private var products: [[Double]] = []

  init(partition: ParameterPartition, grouping: GradientGrouping) {
    shared = partition.sharedTensors
    let ranges = partition.groups(by: grouping)
    groupCount = ranges.count
    groups = GradientSweep.columns(of: shared).map { columns in
      ranges.firstIndex { $0.lowerBound <= columns.lowerBound && columns.upperBound <= $0.upperBound } ?? 0
    }
  }

  // MARK: Collecting

  func collect(_ tasks: [GradientSweep.Task], of pass: ForwardPass, keepsGraph: Bool) throws {
    self.tasks = pass.scaled(tasks)
    if !pass.features.isEmpty {
      let rows = try features.rows(count: tasks.count, of: pass.features)
      try GradientSweep.run(self.tasks, withRespectTo: pass.features, into: rows, retainGraph: keepsGraph)
      forgetHeads()
    }
    let square = pass.lossScale * pass.lossScale
    products = try sums(.gradients, of: pass).map { $0.map { $0 / square } }
    forgetHeads()
    pass.unscaleHeads(of: tasks)
  }

  /// The heads have their gradients now.
  private func forgetHeads() { tasks = tasks.map { GradientSweep.Task(loss: $0.loss) } }

  private var active: [Int] { tasks.indices.filter { tasks[$0].loss != nil } }

  /// For each group the sums over its columns, for all tasks.
  private func sums(_ kind: GradientSweep.RowProducts, of pass: ForwardPass) throws -> [[Double]] {
    let active = active
    guard !pass.features.isEmpty, !active.isEmpty else { return try sumsOfPieces(kind, of: pass) }
    let all = try features.rows(count: tasks.count, of: pass.features)
    let rows = active.count == tasks.count ? all : Tensor.stacked(active.map { all.selected(0, $0) })
    let found = try GradientSweep.streamed(kind, of: rows, through: pass.features, to: shared, groups: groups)
    return try found?.map { spread($0, over: active) } ?? sumsOfPieces(kind, of: pass)
  }

  /// Spreads one or several K×K matrices of the active tasks over all tasks.
  private func spread(_ numbers: [Double], over active: [Int]) -> [Double] {
    guard active.count < tasks.count else { return numbers }
    let (few, many) = (active.count, tasks.count)
    var all = [Double](repeating: 0, count: numbers.count / (few * few) * many * many)
    for (place, number) in numbers.enumerated() {
      let (matrix, rest) = place.quotientAndRemainder(dividingBy: few * few)
      all[(matrix * many + active[rest / few]) * many + active[rest % few]] = number
    }
    return all
  }

  // MARK: A few parameters at a time

  /// The sums, from passes that each stop at a few parameters.
  private func sumsOfPieces(_ kind: GradientSweep.RowProducts, of pass: ForwardPass) throws -> [[Double]] {
    let size = tasks.count * tasks.count * (kind == .signs ? 2 : 1)
    var sums = [[Double]](repeating: [Double](repeating: 0, count: size), count: groupCount)
    let pieces = pieces
    let widest = pieces.map { piece in piece.reduce(0) { $0 + shared[$1].count } }.max() ?? 0
    let space = try Tensor.allocate(
      [tasks.count * widest], dtype: shared[0].dtype, device: shared[0].device)
    for piece in pieces {
      let parameters = piece.map { shared[$0] }
      let columns = GradientSweep.columns(of: parameters)
      let width = columns.last?.upperBound ?? 0
      let rows = space.narrowed(0, start: 0, length: tasks.count * width).reshaped([tasks.count, width])
      try write(rows, of: parameters, pass)
      forgetHeads()
      for (parameter, columns) in zip(piece, columns) {
        let found = try kind.sums(of: rows, columns)
        for (place, number) in found.enumerated() { sums[groups[parameter]][place] += number }
      }
    }
    return sums
  }

  /// Neighbours that together have no more coordinates than the largest parameter.
  private var pieces: [[Int]] {
    let largest = shared.map(\.count).max() ?? 0
    var pieces: [[Int]] = []
    var room = 0
    for (index, parameter) in shared.enumerated() {
      if parameter.count > room || pieces.isEmpty {
        pieces.append([])
        room = largest
      }
      pieces[pieces.count - 1].append(index)
      room -= parameter.count
    }
    return pieces
  }

  private func write(_ rows: Tensor, of parameters: [Tensor], _ pass: ForwardPass) throws {
    guard !pass.features.isEmpty else {
      return try GradientSweep.run(tasks, withRespectTo: parameters, into: rows, retainGraph: true)
    }
    try GradientSweep.pullBack(
      features.rows(count: tasks.count, of: pass.features), through: pass.features, to: parameters,
      into: rows, activeTasks: tasks.map { $0.loss != nil }, retainGraph: true)
  }

  // MARK: Telling

  func gramian(ofGroup group: Int?) throws -> Gramian {
    var elements = [Double](repeating: 0, count: tasks.count * tasks.count)
    for part in group.map({ [products[$0]] }) ?? products {
      for (place, number) in part.enumerated() { elements[place] += number }
    }
    return try Gramian(taskCount: tasks.count, elements: elements)
  }

  func discard(_ position: Int) throws {
    _ = features.current?.selected(0, position).zeroInPlace()
    tasks[position].loss = nil
  }

  var tellsConflict: Bool { true }

  func conflict(_ gramian: Gramian, of pass: ForwardPass) throws -> ConflictMeasurement? {
    let parts = try sums(.signs, of: pass)
    let signs = parts.dropFirst().reduce(parts[0]) { zip($0, $1).map { $0 + $1 } }
    let size = tasks.count * tasks.count
    return ConflictMeasurement(
      gramian: gramian, signAgreement: Array(signs[..<size]), signOverlap: Array(signs[size...]),
      coordinateCount: shared.reduce(0) { $0 + $1.count })
  }

  // MARK: Delivering

  func deliver(_ factors: [[Double]], of pass: ForwardPass) throws {
    if factors.count == 1 || factors.count <= active.count {
      try deliverByGroup(factors, of: pass)
    } else {
      try deliverByTask(factors, of: pass)
    }
  }

  /// One pass of the weighted sum for each group.
  private func deliverByGroup(_ factors: [[Double]], of pass: ForwardPass) throws {
    for (group, weights) in factors.enumerated() {
      let members = shared.indices.filter { factors.count == 1 || groups[$0] == group }.map { shared[$0] }
      let gradients = try gradients(of: pass, weights, members, isLast: group == factors.count - 1)
      for (parameter, gradient) in zip(members, gradients) { parameter.grad = gradient }
    }
  }

  /// One pass for each task, whose gradient is added with each group's weight.
  private func deliverByTask(_ factors: [[Double]], of pass: ForwardPass) throws {
    for parameter in shared { parameter.grad = parameter.zerosLike() }
    let active = active
    for task in active {
      let one = tasks.indices.map { $0 == task ? 1.0 : 0 }
      let gradients = try gradients(of: pass, one, shared, isLast: task == active.last)
      for (index, gradient) in gradients.enumerated() {
        _ = shared[index].grad?.addInPlace(gradient, scaledBy: factors[groups[index]][task])
      }
    }
  }

  /// The gradient of the weighted sum with respect to some parameters.
  private func gradients(
    of pass: ForwardPass, _ weights: [Double], _ parameters: [Tensor], isLast: Bool
  ) throws -> [Tensor] {
    let (outputs, seeds) = try summed(weights, of: pass)
    let gradients =
      outputs.isEmpty
      ? parameters.map { _ in nil }
      : try Autograd.gradients(
        of: outputs, withRespectTo: parameters, gradOutputs: seeds, retainGraph: !isLast, allowUnused: true)
    pass.unscale(gradients.compactMap(\.self))
    return zip(parameters, gradients).map { $1 ?? $0.zerosLike() }
  }

  /// What to differentiate for the weighted sum, and with which vectors.
  private func summed(_ weights: [Double], of pass: ForwardPass) throws -> ([Tensor], [Tensor?]) {
    guard !pass.features.isEmpty else {
      let terms = active.filter { weights[$0] != 0 }.compactMap { task in
        tasks[task].loss.map { $0 * weights[task] }
      }
      guard let first = terms.first else { return ([], []) }
      return ([terms.dropFirst().reduce(first, +)], [nil])
    }
    let rows = try features.rows(count: tasks.count, of: pass.features)
    return (pass.features, pass.split(try GradientSweep.combine(rows, weights: weights)))
  }
}

extension GradientSweep.RowProducts {
  /// The sums over some columns of rows.
  fileprivate func sums(of rows: Tensor, _ columns: Range<Int>) throws -> [Double] {
    guard self == .signs else { return try GradientSweep.gramian(of: rows, columns: columns) }
    let signs = rows.narrowed(1, start: columns.lowerBound, length: columns.count).sign()
    return try GradientSweep.gramian(of: signs) + GradientSweep.gramian(of: signs.abs())
  }
}
