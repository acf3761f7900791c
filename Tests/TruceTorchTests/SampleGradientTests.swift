import Testing
import Torch
import TorchNN
import Truce
import TruceModels
import TruceTorch

@Suite("Per-sample gradients")
struct SampleGradientTests {
  /// Compares a table with the products and signs of gradients from one pass a sample.
  private func expect(
    _ gramian: SampleGramian, equals rows: [Tensor], tolerance: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let samples = gramian.sampleCount
    for (a, row) in rows.enumerated() {
      for (b, other) in rows.enumerated() {
        let lengths = (row.norm().item() * other.norm().item())
        let product = gramian[a / samples, a % samples, b / samples, b % samples]
        #expect(
          abs(product - row.dot(other).item()) <= tolerance * max(lengths, 1e-300), "rows \(a) and \(b)",
          sourceLocation: sourceLocation)
        guard a / samples == b / samples || a % samples == b % samples else { continue }
        let similarity =
          a / samples == b / samples
          ? gramian.betweenSamples(a % samples, b % samples, task: a / samples)
          : gramian.betweenTasks(a / samples, b / samples, sample: a % samples)
        guard let conflicting = similarity?.conflicting else { continue }
        let expected = (row * other).less(0).to(.float64).mean().item()
        // A coordinate that is zero but for rounding may have either sign.
        #expect(abs(conflicting - expected) <= 1e-3, "rows \(a) and \(b)", sourceLocation: sourceLocation)
      }
    }
  }

  @Test("equal those of one backward pass a sample", arguments: SampleGradientCase.all)
  func equality(example: SampleGradientCase) throws {
    for (dtype, tolerance) in [(DType.float64, 1e-11), (.float32, 1e-5)] {
      let setting = try SampleGradientSetting(example, dtype: dtype)
      let rows = try setting.plainRows()
      let gramian = try setting.gradients().gramian()
      #expect(gramian.parameterCount == rows[0].count)
      try expect(gramian, equals: rows, tolerance: tolerance)
      let unsigned = try setting.gradients().gramian(countsConflicts: false)
      try expect(unsigned, equals: rows, tolerance: tolerance)
      #expect(unsigned.betweenTasks(0, 1, sample: 0)?.conflicting == nil)
    }
  }

  @Test("add up to the whole, layer by layer", arguments: SampleGradientCase.all)
  func byLayer(example: SampleGradientCase) throws {
    let gradients = try SampleGradientSetting(example).gradients()
    let layers = try gradients.gramiansByLayer()
    let whole = try gradients.gramian()
    let joined = try #require(SampleGramian(joining: layers.map(\.gramian)))
    #expect(Set(layers.map(\.layer)).count == layers.count && joined.parameterCount == whole.parameterCount)
    for sample in 1..<whole.sampleCount {
      let scale = (whole[0, 0, 0, 0] * whole[1, sample, 1, sample]).squareRoot()
      #expect(abs(joined[0, 0, 1, sample] - whole[0, 0, 1, sample]) <= 1e-12 * scale)
    }
    #expect(
      joined.betweenTasks(0, 1, sample: 0)?.conflicting == whole.betweenTasks(0, 1, sample: 0)?.conflicting)
    #expect(SampleGramian(joining: []) == nil)
  }

  @Test("equal those of one backward pass a sample for ResNet-18")
  func residual() throws {
    let setting = try SampleGradientSetting(.residual, samples: 2, dtype: .float32)
    let rows = try setting.plainRows()
    try expect(setting.gradients().gramian(), equals: rows, tolerance: 1e-5)
    try expect(setting.gradients().gramian(countsConflicts: false), equals: rows, tolerance: 1e-5)
  }

  @Test(
    "come from a layer's factors where that is quicker, and no gradient is made",
    arguments: SampleGradientCase.manyWeights)
  func factors(example: SampleGradientCase) throws {
    let setting = try SampleGradientSetting(example, samples: 8)
    let rows = try setting.plainRows()
    let gradients = try setting.gradients()
    let (quick, work) = try Work.measured { try gradients.gramian(countsConflicts: false) }
    try expect(quick, equals: rows, tolerance: 1e-11)
    #expect(work.peakBytes < rows.count * rows[0].count * DType.float64.byteCount)
    // Within no memory the gradients are made, a few coordinates at a time.
    try expect(gradients.gramian(countsConflicts: false, memoryLimit: 1), equals: rows, tolerance: 1e-11)
  }

  @Test("equal those of one backward pass a sample for SegNets under cross-stitch")
  func stitched() throws {
    let setting = try SampleGradientSetting(.segNets, samples: 2)
    let rows = try setting.plainRows()
    let gradients = try setting.gradients()
    let gramian = try gradients.gramian()
    #expect(gramian.parameterCount == rows[0].count)
    try expect(gramian, equals: rows, tolerance: 1e-10)
    let plain = try setting.plainGradients()
    for (position, name) in setting.network.sharedParameters.names.enumerated() where name.hasPrefix("units")
    {
      let expected = Tensor.stacked(plain.map { Tensor.stacked($0.map { $0[position] }) })
      #expect(expected.abs().amax().item() > 0, "\(name)")
      let found = try #require(gradients.gradients(of: name))
      #expect(found.isClose(to: expected, relative: 1e-9, absolute: 1e-11), "\(name)")
    }
  }

  @Test("have every parameter's shape and values", arguments: SampleGradientCase.all)
  func values(example: SampleGradientCase) throws {
    let setting = try SampleGradientSetting(example)
    let plain = try setting.plainGradients()
    let gradients = try setting.gradients()
    for (position, name) in setting.network.sharedParameters.names.enumerated() {
      let found = try #require(gradients.gradients(of: name))
      let expected = Tensor.stacked(plain.map { Tensor.stacked($0.map { $0[position] }) })
      #expect(found.shape == expected.shape)
      #expect(found.isClose(to: expected, relative: 1e-9, absolute: 1e-11), "\(name)")
    }
    #expect(gradients.gradients(of: "nothing") == nil)
  }

  @Test("do not depend on how much memory there is", arguments: SampleGradientCase.all)
  func memory(example: SampleGradientCase) throws {
    let setting = try SampleGradientSetting(example, samples: 2)
    let gradients = try setting.gradients()
    let (whole, pieces) = (try gradients.gramian(), try gradients.gramian(memoryLimit: 1))
    for task in 0..<2 {
      for sample in 0..<2 {
        let (a, b) = (whole[0, 0, task, sample], pieces[0, 0, task, sample])
        #expect(abs(a - b) <= 1e-12 * max(abs(a), whole[0, 0, 0, 0]))
      }
      let conflicts = [whole, pieces].map { $0.betweenSamples(0, 1, task: task)?.conflicting }
      #expect(conflicts[0] == conflicts[1])
    }
    #expect(
      whole.betweenTasks(0, 1, sample: 1)?.conflicting == pieces.betweenTasks(0, 1, sample: 1)?.conflicting)
  }

  @Test("are those of labelled samples only")
  func partialLabels() throws {
    let setting = try SampleGradientSetting(SampleGradientCase.all[1]) { task, sample in
      task == 0 ? sample != 1 : sample == 2
    }
    let gramian = try setting.gradients().gramian()
    try expect(gramian, equals: setting.plainRows(), tolerance: 1e-11)
    #expect(gramian.betweenTasks(0, 1, sample: 0) == nil)
    #expect(gramian.betweenTasks(0, 1, sample: 2) != nil)
    #expect(gramian.betweenSamples(0, 1, task: 0) == nil)
    #expect(gramian.betweenSamples(0, 2, task: 0) != nil)
    #expect(gramian.batch[1, 1] == gramian[1, 2, 1, 2])
    let none = try SampleGradientSetting(SampleGradientCase.all[0]) { _, _ in false }
    #expect(try none.gradients().gramian().batch == Gramian(taskCount: 2) { _, _ in 0 })
  }

  @Test("add up to the gradients of the batch")
  func batch() throws {
    let setting = try SampleGradientSetting(SampleGradientCase.all[1])
    let rows = try setting.plainRows()
    let means = [rows[0] + rows[1] + rows[2], rows[3] + rows[4] + rows[5]].map { $0 / 3.0 }
    let batch = try setting.gradients().gramian().batch
    for (a, b) in [(0, 0), (0, 1), (1, 1)] {
      #expect(abs(batch[a, b] - means[a].dot(means[b]).item()) < 1e-11 * means[a].norm().item())
    }
  }

  @Test("leave gradients, running statistics, modes and tapes as they were")
  func harmlessness() throws {
    let setting = try SampleGradientSetting(SampleGradientCase.all[1])
    let network = setting.network
    let before = network.stateDictionary().mapTensors { $0.clone() }
    _ = try setting.gradients().gramian()
    #expect(network.parameters.tensors.allSatisfy { $0.grad == nil })
    for (name, tensor) in network.stateDictionary() {
      #expect(before[name].map { $0.equal(tensor).all().item() } == 1, "\(name)")
    }
    let tape = ActivationTape()
    withoutGradients { _ = network(setting.input) }
    #expect(tape.calls.isEmpty)
    network.recording(on: tape) { _ = network(setting.input) }
    #expect(
      tape.calls.map(\.layer) == [
        "trunk.conv1", "trunk.bn1", "trunk.conv2", "trunk.bn2", "trunk.linear", "heads.first", "heads.second",
      ])
    // The network is in training again.
    guard case .mixedExamples = tape.calls[1].kind else {
      Issue.record("batch normalisation is not back in training")
      return
    }
  }

  @Test("cost less than one backward pass each", arguments: [8, 32])
  func cost(samples: Int) throws {
    let setting = try SampleGradientSetting(SampleGradientCase.all[1], samples: samples, dtype: .float32)
    let apart = try Work.measured { _ = try setting.plainGradients() }.work
    let together = try Work.measured { _ = try setting.gradients(checksSamples: false).gramian() }.work
    #expect(together.backwardPasses * samples == apart.backwardPasses)
  }
}

@Suite("Per-sample gradients are refused")
struct SampleGradientRefusalTests {
  private func setting(_ trunk: any Layer, _ featureCount: Int, shape: [Int]) -> SampleGradientSetting {
    let generator = Generator(seed: 4)
    let network = HardSharing(
      trunk: trunk, featureCount: featureCount, tasks: [(name: "only", outputCount: 2)], using: generator)
    return SampleGradientSetting(network, shape: shape, samples: 4, generator: generator, dtype: .float32)
  }

  @Test("for a layer that records nothing")
  func unsupportedLayer() throws {
    let generator = Generator(seed: 5)
    let trunk = Sequential(
      named: ["up": ConvTranspose2d(1, 1, kernel: 2, using: generator), "flatten": Flatten()])
    let setting = setting(trunk, 9, shape: [1, 2, 2])
    #expect(throws: SampleGradientError.unsupportedParameter(name: "trunk.up.weight")) {
      try setting.gradients()
    }
  }

  @Test("where normalisation uses the statistics of the batch")
  func batchStatistics() throws {
    let setting = setting(BatchNorm(3), 3, shape: [3])
    let tape = ActivationTape()
    let output = setting.network.recording(on: tape) { setting.network(setting.input)[0] }
    let error = #expect(throws: SampleGradientError.self) {
      try SampleGradients(
        tape: tape, losses: [(0..<4).map { output[$0].sum() }], of: setting.network.sharedParameters)
    }
    #expect(error == .batchStatistics(layer: "trunk"))
    #expect(
      error?.description == "'trunk' normalises with the statistics of the batch, which mix the samples")
    #expect(error?.help == "measure in evaluation, where the running statistics are used")
  }

  @Test("where samples meet, or cannot be told apart")
  func mixedSamples() throws {
    let generator = Generator(seed: 6)
    let meeting = setting(Meeting(Linear(3, 3, using: generator), spare: 0), 3, shape: [3])
    #expect(throws: SampleGradientError.mixedSamples(layer: "trunk.inner")) { try meeting.gradients() }
    #expect(throws: Never.self) { try meeting.gradients(checksSamples: false) }
    let crowd = setting(Meeting(Linear(3, 3, using: generator), spare: 1), 3, shape: [3])
    #expect(throws: SampleGradientError.wrongRowCount(layer: "trunk.inner", rows: 5, samples: 4)) {
      try crowd.gradients()
    }
  }

  /// Adds the mean over all samples to each, and some rows that belong to none.
  private struct Meeting: Layer {
    let inner: Linear
    let spare: Int

    init(_ inner: Linear, spare: Int) { (self.inner, self.spare) = (inner, spare) }

    func visit(_ visitor: ModuleVisitor) { visitor.child("inner", inner) }

    func forward(_ input: Tensor) -> Tensor {
      let crowd = spare > 0 ? Tensor.concatenated([input, input[0..<spare]]) : input
      let output = inner(crowd)[0..<input.shape[0]]
      return output + output.mean([0], keepingAxes: true)
    }
  }
}
