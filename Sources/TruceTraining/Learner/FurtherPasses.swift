import Truce
import TruceData
import TruceTorch

/// Passes on the further batches that a method asks for beside the one it steps with.
///
/// Independent batches are the next ones of the epoch. A validation batch is one of the held-out examples, in an
/// order of their own; where none are held out it is the next training batch.
final class FurtherPasses {
  private let network: SupervisedNetwork
  private let needs: MethodNeeds
  private let heldOut: (any BatchSource)?
  /// One round through the held-out batches.
  private var round: (number: Int, batches: any EpochBatches)?

  init(_ network: SupervisedNetwork, needs: MethodNeeds, heldOut: (any BatchSource)?) {
    self.network = network
    self.needs = needs
    self.heldOut = heldOut
  }

  /// The passes for a step, each run when it is asked for.
  ///
  /// - Parameters:
  ///   - step: The steps taken before.
  ///   - batches: The epoch from which the step's own batch came last.
  func passes(step: Int, of batches: any EpochBatches) -> [() throws -> ForwardPass] {
    if needs.contains(.validationBatches) {
      return [{ [self] in network.pass(try heldOutBatch(step: step) ?? batches.ahead(by: 1)) }]
    }
    guard needs.contains(.extraBatches) else { return [] }
    return (1...2).map { ahead in { [self] in network.pass(try batches.ahead(by: ahead)) } }
  }

  /// The held-out batch of a step, or nil where no examples are held out.
  private func heldOutBatch(step: Int) throws -> Batch? {
    guard let heldOut else { return nil }
    let (number, place) = step.quotientAndRemainder(dividingBy: heldOut.batchCount)
    if let round, round.number == number {
      if round.batches.place == place { return try round.batches.next() }
      if round.batches.place == place + 1 { return try round.batches.ahead(by: 0) }
    }
    let batches = heldOut.batches(epoch: number, from: place)
    round = (number, batches)
    return try batches.next()
  }
}
