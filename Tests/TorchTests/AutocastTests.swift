import Foundation
import Testing
import Torch

@Suite("Autocast")
struct AutocastTests {
  private struct Stop: Error {}

  private let weight = Tensor.normal([3, 4], using: Generator(seed: 1)).requiringGrad()
  private let bias = Tensor.normal([3], using: Generator(seed: 2)).requiringGrad()
  private let input = Tensor.normal([5, 4], using: Generator(seed: 3))

  private func same(_ one: Tensor, _ other: Tensor) -> Bool { one.equal(other).all().item() == 1 }

  @Test(
    "A layer computes what it computes of narrow numbers, to the bit", arguments: [DType.bfloat16, .float16])
  func layer(type: DType) {
    let narrow = withAutocast(to: type, on: .cpu) { input.linear(weight: weight, bias: bias) }
    let byHand = input.to(type).linear(weight: weight.to(type), bias: bias.to(type))
    #expect(narrow.dtype == type && same(narrow, byHand))
    #expect(input.linear(weight: weight, bias: bias).dtype == .float32)
    #expect(withAutocast(to: nil, on: .cpu) { input.linear(weight: weight) }.dtype == .float32)
  }

  @Test("Gradients of parameters keep their type, those of narrow results are narrow")
  func gradients() throws {
    let narrow = withAutocast(to: .bfloat16, on: .cpu) { input.linear(weight: weight, bias: bias) }
    let loss = narrow.to(.float32).square().mean()
    let found = try Autograd.gradients(of: [loss], withRespectTo: [weight, bias, narrow])
    #expect(found.map { $0?.dtype } == [.float32, .float32, .bfloat16])
    let plain = try Autograd.gradients(
      of: [input.linear(weight: weight, bias: bias).square().mean()], withRespectTo: [weight])
    let (one, other) = (try #require(found[0]), try #require(plain[0]))
    #expect((one - other).norm().item() <= 1e-2 * other.norm().item())
  }

  @Test("Numbers in double precision stay so")
  func double() {
    let wide = input.to(.float64)
    let result = withAutocast(to: .bfloat16, on: .cpu) { wide.matmul(wide.transposed()) }
    #expect(result.dtype == .float64)
  }

  @Test("The former state comes back, from inside another autocast and after an error too")
  func nesting() {
    func type() -> DType { input.linear(weight: weight).dtype }
    #expect(!isAutocast(on: .cpu) && !isAutocast(on: .cuda))
    withAutocast(to: .bfloat16, on: .cpu) {
      #expect(isAutocast(on: .cpu) && !isAutocast(on: .cuda))
      #expect(throws: Stop.self) {
        try withAutocast(to: .float16, on: .cpu) { () throws(Stop) in
          #expect(type() == .float16)
          throw Stop()
        }
      }
      #expect(type() == .bfloat16)
      withAutocast(to: .float16, on: .cuda) { #expect(type() == .bfloat16 && isAutocast(on: .cuda)) }
      #expect(!isAutocast(on: .cuda))
    }
    #expect(!isAutocast(on: .cpu) && type() == .float32)
  }

  @Test("Another thread knows nothing of it")
  func threads() async {
    let inner: Bool = await withCheckedContinuation { continuation in
      withAutocast(to: .bfloat16, on: .cpu) {
        let thread = Thread { continuation.resume(returning: isAutocast(on: .cpu)) }
        thread.start()
        while !thread.isFinished { Thread.sleep(forTimeInterval: 0.001) }
      }
    }
    #expect(!inner)
  }

  @Test("A parameter that moved is cast anew, and what was cast is let go of")
  func fresh() throws {
    let own = Tensor.full([256, 256], 1).requiringGrad()
    let picture = Tensor.full([1, 256], 1)
    func sum() -> Double {
      withoutGradients {
        withAutocast(to: .bfloat16, on: .cpu) { picture.linear(weight: own) }.to(.float32).sum().item()
      }
    }
    #expect(sum() == 65536)
    withoutGradients { _ = own.multiplyInPlace(2) }
    #expect(sum() == 131_072)
    let recorded = { withAutocast(to: .bfloat16, on: .cpu) { _ = picture.linear(weight: own) } }
    recorded()
    let (_, work) = try Work.measured { for _ in 0..<10 { recorded() } }
    #expect(work.peakBytes < 2 * own.count * 2, "casts of former rounds are still there")
  }
}
