import Torch
import TruceTorch

/// The actor's losses on a batch: for each task the mean of α log π(a | s) − min(Q₁, Q₂)(s, a).
///
/// The critics judge and do not learn from it: their parameters must be fixed while a pass runs.
final class ActorLosses {
  private let networks: SACNetworks
  private let rows: TaskRows
  private let states: Tensor
  private let noise: Tensor
  private let temperatures: Tensor
  private let weights: [Double]?
  /// log π of the actions tried in the first pass, by which the temperatures move, one number a row; nil before it.
  ///
  /// Later passes, which some methods ask for after the step, leave it as it is.
  private(set) var logDensities: Tensor?

  init(_ networks: SACNetworks, _ input: UpdateInput, weights: [Double]?) {
    self.networks = networks
    rows = input.batch.rows
    states = input.batch.states
    noise = input.noise
    temperatures = rows.spread(networks.temperatures.values)
    self.weights = weights
  }

  /// The losses, with their graphs.
  ///
  /// - Parameter isSplit: Whether each task's rows go through the networks by themselves.
  func pass(isSplit: Bool) -> ForwardPass {
    whileFixed(networks.criticTensors) {
      ForwardPass(
        losses: (isSplit ? splitLosses() : joinedLosses()).weighted(by: weights),
        again: { [self] in pass(isSplit: isSplit) })
    }
  }

  private func joinedLosses() -> [Tensor?] {
    let (losses, densities) = losses(states, noise, temperatures, .all(rows))
    remember([densities])
    return rows.means(of: losses)
  }

  private func splitLosses() -> [Tensor?] {
    let parts = [states, noise, temperatures].map(rows.parts)
    var densities: [Tensor] = []
    let means = rows.counts.indices.map { task -> Tensor? in
      guard let states = parts[0][task], let noise = parts[1][task], let temperatures = parts[2][task] else {
        return nil
      }
      let (losses, own) = losses(states, noise, temperatures, .task(task))
      densities.append(own)
      return losses.mean()
    }
    remember(densities)
    return means
  }

  private func losses(
    _ states: Tensor, _ noise: Tensor, _ temperatures: Tensor, _ owners: RowOwners
  ) -> (losses: Tensor, logDensities: Tensor) {
    let (actions, logDensities) = networks.actor.distribution(states, of: owners).sample(noise)
    let values = networks.critics.lowerValue(states, actions, of: owners)
    return (temperatures * logDensities - values, logDensities.detached())
  }

  private func remember(_ densities: [Tensor]) {
    if logDensities == nil { logDensities = Tensor.concatenated(densities) }
  }
}
