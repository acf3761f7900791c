/// What can stand in the way of gradients sample by sample.
public enum SampleGradientError: Error, Equatable, Sendable {
  /// The parameter is used by a layer whose calls are not recorded.
  case unsupportedParameter(name: String)
  /// The layer normalises with the statistics of the batch.
  case batchStatistics(layer: String)
  /// The number of rows a layer takes in is no multiple of the number of samples.
  case wrongRowCount(layer: String, rows: Int, samples: Int)
  /// The loss of one sample depends on what the layer made of another.
  case mixedSamples(layer: String)
  /// No shared parameter's name begins so.
  case unknownLayer(prefix: String, closest: String?)
}

extension SampleGradientError: CustomStringConvertible {
  /// The problem in one line.
  public var description: String {
    switch self {
    case .unsupportedParameter(let name):
      "the gradient of '\(name)' cannot be told apart by samples"
    case .batchStatistics(let layer):
      "'\(layer)' normalises with the statistics of the batch, which mix the samples"
    case .wrongRowCount(let layer, let rows, let samples):
      "'\(layer)' took in \(rows) rows, which is no multiple of \(samples) samples"
    case .mixedSamples(let layer):
      "the loss of one sample depends on what '\(layer)' made of another"
    case .unknownLayer(let prefix, _):
      "no shared parameter belongs to a layer '\(prefix)'"
    }
  }

  /// What the reader can do about it.
  public var help: String {
    switch self {
    case .unsupportedParameter:
      "choose layers without it; linear maps, convolutions, normalisations and cross-stitch units are known"
    case .batchStatistics: "measure in evaluation, where the running statistics are used"
    case .wrongRowCount, .mixedSamples:
      "choose layers that treat each sample by itself, its rows side by side"
    case .unknownLayer(_, let closest?): "did you mean '\(closest)'?"
    case .unknownLayer(_, nil): "name layers as the parameters are named, such as trunk.conv1"
    }
  }
}
