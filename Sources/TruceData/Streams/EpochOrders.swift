import Foundation

/// The orders of the last few epochs, each worked out once for all workers.
final class EpochOrders: @unchecked Sendable {
  // The lock guards everything below it.
  private let lock = NSLock()
  private var orders: [(epoch: Int, order: [Int])] = []
  private let plan: BatchPlan

  init(_ plan: BatchPlan) {
    self.plan = plan
  }

  /// The positions in the order of an epoch.
  func order(ofEpoch epoch: Int) -> [Int] {
    lock.withLock {
      if let known = orders.first(where: { $0.epoch == epoch }) { return known.order }
      let order = plan.positions(epoch: epoch)
      orders.append((epoch, order))
      // Where one epoch follows another, workers are in two at a time.
      if orders.count > 2 { orders.removeFirst() }
      return order
    }
  }
}
