import Testing
import Torch
import TorchNN
import TorchTestSupport

/// Losses of batches in which some or all labels are missing.
@Suite struct PartialLabelTests {
  typealias Loss = @Sendable (_ x: Tensor, _ y: Tensor, _ mask: Tensor?, Reduction) -> Tensor

  static let elementwise: [String: Loss] = [
    "l1": { Losses.l1($0, $1, mask: $2, reduction: $3) },
    "meanSquared": { Losses.meanSquared($0, $1, mask: $2, reduction: $3) },
    "smoothL1": { Losses.smoothL1($0, $1, mask: $2, reduction: $3) },
    "binaryCrossEntropyWithLogits": {
      Losses.binaryCrossEntropyWithLogits($0, $1, mask: $2, reduction: $3)
    },
  ]

  static let mask = Array([true, false, true, true, false, true])
  static let prediction = [0.5, -1, 2, 0.1, 3, -0.2]
  /// The places that do not count hold no number.
  static let target = [1, .nan, 0.25, 0.5, .nan, 0]

  /// The elements that count.
  private func counted(_ values: [Double]) -> Tensor {
    Tensor(zip(values, Self.mask).filter(\.1).map(\.0))
  }

  @Test("a masked loss is the loss of the elements that count", arguments: elementwise.keys.sorted())
  func maskedLoss(name: String) throws {
    let loss = try #require(Self.elementwise[name])
    let x = Tensor(Self.prediction, shape: [2, 3]).requiringGrad()
    let mask = Tensor(Self.mask, shape: [2, 3])
    for reduction in [Reduction.mean, .sum] {
      let masked = loss(x, Tensor(Self.target, shape: [2, 3]), mask, reduction)
      let plain = loss(counted(Self.prediction), counted(Self.target), nil, reduction)
      #expect(abs(masked.item() - plain.item()) < 1e-14)
    }
    try loss(x, Tensor(Self.target, shape: [2, 3]), mask, .mean).backward()
    let gradient = try #require(x.grad).toArray(as: Double.self)
    #expect(gradient.allSatisfy { $0.isFinite })
    #expect(gradient[1] == 0 && gradient[4] == 0)
  }

  @Test("without any label the loss and its gradients are zero", arguments: elementwise.keys.sorted())
  func noLabels(name: String) throws {
    let loss = try #require(Self.elementwise[name])
    let x = Tensor(Self.prediction).requiringGrad()
    let value = loss(x, .full([6], Double.nan, dtype: .float64), .zeros([6], dtype: .bool), .mean)
    try value.backward()
    #expect(value.item() == 0)
    #expect(x.grad?.toArray(as: Double.self) == Array(repeating: 0, count: 6))
  }

  @Test("a mask is broadcast over channels")
  func maskIsBroadcast() {
    let x = wave([2, 3, 2, 2], 0.1)
    let mask = Tensor([true, false, true, true, true, true, false, false], shape: [2, 1, 2, 2])
    let masked = Losses.l1(x, x.zerosLike(), mask: mask)
    let expected = (x.abs() * mask.to(.float64)).sum().item() / (5 * 3)
    #expect(abs(masked.item() - expected) < 1e-14)
  }

  @Test("without any label cross entropy and its gradients are zero", arguments: [nil, [0.5, 1, 2]])
  func noClassLabels(weights: [Double]?) throws {
    let logits = wave([4, 3], 0.2).requiringGrad()
    let labels = Tensor.full([4], -1, dtype: .int64)
    let loss = Losses.crossEntropy(logits, labels, ignoring: -1, classWeights: weights.map { Tensor($0) })
    try loss.backward()
    #expect(loss.item() == 0)
    #expect(logits.grad?.abs().amax().item() == 0)
  }

  @Test("cosine leaves out vectors without a target")
  func maskedCosine() throws {
    let x = wave([2, 3, 2], 0.3).requiringGrad()
    let y = wave([2, 3, 2], 1.3)
    let mask = Tensor([true, false, false, true], shape: [2, 2])
    let holes = mask.unsqueezed(1).choosing(y, else: y.fullLike(Double.nan))
    let masked = Losses.cosine(x, holes, mask: mask)
    let single = Losses.cosine(x.detached(), y, reduction: .none)
    let expected = (single[0][0].item() + single[1][1].item()) / 2
    #expect(abs(masked.item() - expected) < 1e-14)
    try masked.backward()
    let gradient = try #require(x.grad)
    #expect(gradient.isFinite().all().item() == 1)
    #expect(gradient[0].selected(1, 1).abs().amax().item() == 0)
  }

  @Test(
    "gradients under a mask for each element agree with differences", arguments: elementwise.keys.sorted())
  func maskedGradients(name: String) throws {
    let loss = try #require(Self.elementwise[name])
    let target = wave([2, 2, 3], 0.9).abs().clamped(maximum: 1)
    let mask = Tensor((0..<6).map { $0 % 3 != 1 }, shape: [2, 1, 3])
    let holes = mask.choosing(target, else: target.fullLike(Double.nan))
    for reduction in [Reduction.mean, .sum] {
      try expectGradients(wave([2, 2, 3], 0.4)) { loss($0, holes, mask, reduction) }
    }
  }

  @Test("gradients of masked maps of classes and vectors agree with differences")
  func maskedMapGradients() throws {
    let labels = Tensor([0, -1, 2, 1, -1, 0, 2, 2], shape: [2, 2, 2])
    try expectGradients(wave([2, 3, 2, 2], 0.4)) { Losses.crossEntropy($0, labels, ignoring: -1) }
    let mask = labels.notEqual(-1)
    let vectors = wave([2, 3, 2, 2], 1.3)
    let holes = mask.unsqueezed(1).choosing(vectors, else: vectors.fullLike(Double.nan))
    try expectGradients(wave([2, 3, 2, 2], 0.4)) { Losses.cosine($0, holes, mask: mask) }
  }

  private func expectGradients(_ variable: Tensor, of loss: (Tensor) -> Tensor) throws {
    try TorchNNTests.expectGradients(NamedTensors(["x": variable])) { loss(variable) }
  }
}
