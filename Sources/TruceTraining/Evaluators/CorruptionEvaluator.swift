import Torch
public import TruceData
import TruceRun

/// Measures a split under every one of some corruptions, in every severity.
///
/// The corrupted pictures are the same in every run, so that networks can be compared.
public struct CorruptionEvaluator: Evaluator {
  private let network: SupervisedNetwork
  private let clean: any BatchSource
  private let corruptions: [Corruption]

  /// Creates an evaluator.
  ///
  /// - Parameters:
  ///   - network: The network and its tasks.
  ///   - clean: The split as it is.
  ///   - corruptions: What becomes of its pictures.
  public init(_ network: SupervisedNetwork, on clean: any BatchSource, corruptions: [Corruption]) {
    self.network = network
    self.clean = clean
    self.corruptions = corruptions
  }

  /// Measures the split once for each corruption and severity.
  public func measure() throws -> [String: Double] {
    try corruptions.reduce(into: [:]) { values, corruption in
      for severity in Corruption.severities {
        let split = CorruptedSplit.name(corruption: corruption.rawValue, severity: severity)
        let source = Generator(seed: UInt64(severity))
        let part = try network.measure(clean, split: split) { batch in
          batch.changingInput { corruption.apply(to: $0, severity: severity, using: source) }
        }
        values.merge(part) { $1 }
      }
    }
  }
}
