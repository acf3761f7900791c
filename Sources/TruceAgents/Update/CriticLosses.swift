import Torch
import TruceTorch

/// The critics' losses on a batch: for each task the mean of (Q₁ − y)² + (Q₂ − y)².
///
/// The target is
///
///     y = r + γ (min(Q₁′, Q₂′)(s′, a′) − α log π(a′ | s′))
///
/// where nothing follows a transition that ended the task. A horizon ends none.
struct CriticLosses {
  private let critics: TwinCritics
  private let rows: TaskRows
  private let input: Tensor
  private let targets: Tensor
  private let weights: [Double]?

  /// Computes the targets, which stay as they are.
  init(_ networks: SACNetworks, _ input: UpdateInput, weights: [Double]?) {
    let batch = input.batch
    critics = networks.critics
    rows = batch.rows
    self.input = Tensor.concatenated([batch.states, batch.actions], axis: 1)
    targets = networks.targets(input)
    self.weights = weights
  }

  /// The losses, with their graphs.
  ///
  /// - Parameter isSplit: Whether each task's rows go through the critics by themselves.
  func pass(isSplit: Bool) -> ForwardPass {
    ForwardPass(
      losses: (isSplit ? splitLosses() : rows.means(of: errors(input, targets, .all(rows)))).weighted(
        by: weights),
      again: { pass(isSplit: isSplit) })
  }

  private func splitLosses() -> [Tensor?] {
    zip(rows.parts(of: input), rows.parts(of: targets)).enumerated().map { task, parts in
      guard let input = parts.0, let targets = parts.1 else { return nil }
      return errors(input, targets, .task(task)).mean()
    }
  }

  private func errors(_ input: Tensor, _ targets: Tensor, _ owners: RowOwners) -> Tensor {
    let (first, second) = critics.values(input, of: owners)
    return (first - targets).square() + (second - targets).square()
  }
}

extension [Tensor?] {
  /// The losses, each multiplied by its task's weight.
  func weighted(by weights: [Double]?) -> [Tensor?] {
    guard let weights else { return self }
    return zip(self, weights).map { loss, weight in loss.map { $0 * weight } }
  }
}
