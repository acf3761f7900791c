import Torch

/// The pictures of a case and the labels of its tasks, from the formula.
struct GoldenLabels {
  /// The pictures, [examples, 3, height, width].
  let image: Tensor
  private let seed: UInt64
  private let batch, height, width: Int
  private let isCityscapes: Bool

  init(_ recorded: GoldenNetworkCase, isCityscapes: Bool) {
    seed = recorded.seed
    (batch, height, width) = (recorded.batch, recorded.height, recorded.width)
    self.isCityscapes = isCityscapes
    image = FormulaNumbers(seed: seed, stream: 100_000).tensor([batch, 3, height, width])
  }

  /// The loss of one task for its output as it is recorded.
  ///
  /// - Parameters:
  ///   - task: The task.
  ///   - position: Its position among the network's tasks.
  ///   - output: The output, where maps have the size of the picture.
  func loss(of task: NetworkTask, at position: Int, _ output: Tensor) -> Tensor {
    switch task.name {
    case "segmentation": segmentationLoss(output)
    case "depth": depthLoss(output)
    case "normal": normalLoss(output)
    case _ where task.name.hasPrefix("attribute"): attributeLoss(output, position)
    default: vectorLoss(output, position)
    }
  }

  private func uniform(_ stream: UInt64, _ shape: [Int]) -> Tensor {
    FormulaNumbers(seed: seed, stream: stream).tensor(shape)
  }

  // MARK: Maps

  /// The mean of −log p over the pixels with a label.
  private func segmentationLoss(_ logProbabilities: Tensor) -> Tensor {
    let classes = logProbabilities.shape[1]
    let labels = (uniform(100_001, [batch, height, width]) * (classes + 1)).floor() - 1
    return logProbabilities.negativeLogLikelihood(labels.to(.int64), ignoredIndex: -1)
  }

  /// The mean of |p − y| over the valid pixels.
  private func depthLoss(_ depth: Tensor) -> Tensor {
    let shape = [batch, 1, height, width]
    let u = uniform(100_002, shape)
    let valid = uniform(100_003, shape).greaterOrEqual(0.1).to(.float64)
    let target = (isCityscapes ? u * 0.48 + 0.02 : u * 4 + 0.5) * valid
    return maskedMean((depth - target.to(depth.dtype)).abs(), of: target)
  }

  /// 1 − the mean of p · y over the valid pixels.
  private func normalLoss(_ normals: Tensor) -> Tensor {
    let v = FormulaNumbers(seed: seed, stream: 100_004).signed([batch, 3, height, width])
    let valid = uniform(100_005, [batch, 1, height, width]).greaterOrEqual(0.1).to(.float64)
    let target = v.unitVectors() * valid
    return 1 - maskedMean(normals * target.to(normals.dtype), of: target)
  }

  /// Σ values over the pixels whose labels do not add up to 0, divided by the number of these pixels.
  private func maskedMean(_ values: Tensor, of target: Tensor) -> Tensor {
    let valid = target.sum([1], keepingAxes: true).notEqual(0).to(values.dtype)
    return (values * valid).sum() / valid.sum()
  }

  // MARK: Vectors

  private func vectorLoss(_ output: Tensor, _ position: Int) -> Tensor {
    let stream = 100_010 + UInt64(position)
    guard position < 2 else {
      return output.l1Loss((uniform(stream, output.shape) * 2 - 1).to(output.dtype))
    }
    let labels = (uniform(stream, [batch]) * (position == 0 ? 5 : 3)).floor()
    return output.crossEntropy(labels.to(.int64))
  }

  /// The binary cross entropy of probabilities.
  private func attributeLoss(_ probability: Tensor, _ position: Int) -> Tensor {
    let attributes = uniform(100_010, [batch, 40]).less(0.3).to(probability.dtype)
    let present = attributes.narrowed(1, start: position, length: 1)
    return -(present * probability.log() + (1 - present) * (1 - probability).log()).mean()
  }
}

extension Tensor {
  /// Vectors along the second axis, divided by their lengths.
  func unitVectors() -> Tensor { self / square().sum([1], keepingAxes: true).sqrt() }
}
