import Testing
import Torch

@Suite("Measuring work")
struct WorkTests {
  @Test("Backward passes and memory are counted")
  func counting() throws {
    let x = Tensor.ones([1000], dtype: .float64).requiringGrad()
    let (kept, work) = try Work.measured {
      try (x * 2).sum().backward()
      _ = try Autograd.gradients(of: [x.square().sum()], withRespectTo: [x])
      return Tensor.zeros([500], dtype: .float64)
    }
    #expect(work.backwardPasses == 2)
    // The gradient and the tensor that is returned are left.
    #expect((12_000..<13_000).contains(work.remainingBytes), "\(work)")
    #expect(work.peakBytes >= work.remainingBytes && work.peakBytes < 60_000, "\(work)")
    #expect(kept.count == 500)
  }

  @Test("Sweeps count a pass for each loss")
  func sweeps() throws {
    let x = Tensor.ones([10]).requiringGrad()
    let losses = [x.sum(), (x * 2).sum(), nil]
    let rows = try GradientSweep.allocateRows(taskCount: 3, parameters: [x])
    let (_, work) = try Work.measured {
      try GradientSweep.run(losses.map { GradientSweep.Task(loss: $0) }, withRespectTo: [x], into: rows)
    }
    #expect(work.backwardPasses == 2)
  }

  @Test("Only one measures at a time, and an error ends the measuring")
  func nesting() throws {
    struct Failure: Error {}
    #expect(throws: TorchError.self) { try Work.measured { try Work.measured {} } }
    #expect(throws: Failure.self) { try Work.measured { throw Failure() } }
    let (_, work) = try Work.measured {}
    #expect(work.backwardPasses == 0 && work.peakBytes == 0)
  }
}
