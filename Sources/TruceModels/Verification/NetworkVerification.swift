public import Torch
import TorchNN

/// How far one value of a network is from what was recorded, beside how far it may be.
public struct GoldenDeviation: Sendable, Equatable {
  /// What was compared, such as `training: output of depth`.
  public let what: String
  /// The distance; infinite where the values cannot be compared.
  public let deviation: Double
  /// The largest distance that counts as agreement.
  public let tolerance: Double

  /// Whether the distance is within the tolerance.
  public var holds: Bool { deviation <= tolerance }
}

/// The comparison of one case with the network of Truce that it is about.
public struct GoldenComparison: Sendable {
  /// The case in words, such as `channels/4, 2×64×96, float64`.
  public let title: String
  /// What was compared.
  public let deviations: [GoldenDeviation]
}

extension GoldenNetworkFile {
  /// Compares the counts of the published network and every case.
  ///
  /// - Parameters:
  ///   - precision: The type of the computation: `float64`, where the tolerance is 1e-7, or `float32`, where it is 1e-4 or
  ///     ten times what the published network itself was off.
  ///   - isIncluded: Which cases are compared; the counts need the full network, so they are where a case of it is.
  /// - Returns: A comparison for the counts and one for each case.
  /// - Throws: ``VerificationError`` where Truce has no such network.
  /// - Complexity: A training step and an evaluation for each case, of the size it says.
  public func compare(
    in precision: DType, where isIncluded: (GoldenNetworkCase) -> Bool = { _ in true }
  ) throws -> [GoldenComparison] {
    let chosen = cases.filter(isIncluded)
    let counts = cases.isEmpty || !chosen.isEmpty ? [try compareCounts()] : []
    return try counts + chosen.map { try GoldenRun(self, $0, precision).comparison() }
  }

  /// Compares the number of parameters, all together and of each block, and the shape of every tensor.
  func compareCounts() throws -> GoldenComparison {
    let subject = try GoldenSubject(self, width: 1)
    let size = arguments?.imageSize ?? [3, cases.first?.height ?? 64, cases.first?.width ?? 64]
    let network = try subject.makeNetwork(height: size[1], width: size[2])
    let found = try GoldenTensors(self, network, tasks: subject.tasks.map(\.name))
    let norms = network.buffers.filter { $0.name.hasSuffix("num_batches_tracked") }.count
    let shared = sharedBlocks.isEmpty ? 0 : network.sharedParameters.elementCount
    var pairs = [
      ("parameters", network.parameterCount, parameters.total),
      ("shared parameters", shared, parameters.shared),
      ("learnable tensors", network.parameters.count, state.learnableTensors),
      ("batch normalisations", norms, state.batchNorms),
      (
        "entries of the state", network.parameters.count + 3 * norms + (parameters.notCounted?.count ?? 0),
        state.entries
      ),
      ("tensors of another shape", found.misshapen.count, 0),
      ("tensors shared otherwise", sharedBlocks.isEmpty ? 0 : found.sharedOtherwise(network, self), 0),
    ]
    for (block, count) in parameters.byBlock.sorted(by: { $0.key < $1.key }) {
      pairs.append(("parameters of \(block)", found.count(ofBlock: block), count))
    }
    return GoldenComparison(
      title: "counts",
      deviations: pairs.map { GoldenDeviation(what: $0, deviation: Double(abs($1 - $2)), tolerance: 0) })
  }
}
