/// The tasks an active-set method lets take part, with the factored cosines between them.
struct ActiveFactor {
  let cosines: RowMatrix
  /// The tasks that take part, in the order in which they entered.
  private(set) var members: [Int] = []
  private var factor: GrowingCholesky

  /// From so many tasks on, all rows are eliminated together.
  private static let manyTasks = 12

  init(cosines: RowMatrix) {
    self.cosines = cosines
    self.factor = GrowingCholesky(capacity: cosines.count)
  }

  /// Lets a task in unless its gradient depends on those inside; returns whether it did.
  mutating func insert(_ task: Int) -> Bool {
    let row = task * cosines.count
    let joined = factor.append(diagonal: 1) { cosines.elements[row + members[$0]] }
    guard joined else { return false }
    members.append(task)
    return true
  }

  /// Makes these tasks take part and no others, leaving out any that depends on those before it.
  mutating func replaceMembers(by tasks: [Int]) {
    guard tasks.count < Self.manyTasks else { return eliminate(tasks) }
    members.removeAll(keepingCapacity: true)
    factor.truncate(to: 0)
    for task in tasks { _ = insert(task) }
  }

  private mutating func eliminate(_ tasks: [Int]) {
    var matrix = cosines.upperTriangle(of: tasks)
    members = factor.replaceRows(by: &matrix, count: tasks.count).map { tasks[$0] }
  }

  /// Takes the task at a position out.
  mutating func remove(at position: Int) {
    let later = members[(position + 1)...]
    factor.truncate(to: position)
    members.removeSubrange(position...)
    for task in later { _ = insert(task) }
  }

  /// Solves `C x = values` over the members.
  func solved(_ values: [Double]) -> [Double] { factor.solved(values) }
}
