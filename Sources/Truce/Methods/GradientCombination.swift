/// A combination `v = Σ cₘ gₘ` that grows term by term, with its inner products kept up to date.
///
/// What gradient surgery needs: all it asks of `v` is `v · gⱼ` and `|v|`.
struct GradientCombination {
  private let gramian: Gramian
  /// The coefficients `c`.
  private(set) var coefficients: [Double]
  /// The inner products `v · gⱼ`.
  private(set) var products: [Double]

  /// The gradient of one task.
  init(task: Int, gramian: Gramian) {
    self.gramian = gramian
    let row = task * gramian.taskCount
    products = Array(gramian.elements[row..<(row + gramian.taskCount)])
    coefficients = [Double](repeating: 0, count: gramian.taskCount)
    coefficients[task] = 1
  }

  /// The squared length `|v|²`, never below zero.
  var squaredNorm: Double { max(dot(coefficients, products), 0) }

  /// Adds a multiple of a task's gradient.
  mutating func add(_ factor: Double, task: Int) {
    coefficients[task] += factor
    let row = task * gramian.taskCount
    for other in products.indices { products[other] += factor * gramian.elements[row + other] }
  }
}
