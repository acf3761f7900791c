import Testing
import Truce

@Suite("The scale of the losses")
struct GradientScalingTests {
  @Test("begins as PyTorch's, halves when it is too large, doubles after good steps in a row")
  func course() throws {
    let scaling = try GradientScaling(growthInterval: 3)
    var state = scaling.initialState
    #expect(state == GradientScaling.State(scale: 65536))
    for _ in 0..<2 { scaling.advance(&state) }
    #expect(state == GradientScaling.State(scale: 65536, goodSteps: 2))
    scaling.backOff(&state)
    #expect(state == GradientScaling.State(scale: 32768, skippedSteps: 1))
    for _ in 0..<7 { scaling.advance(&state) }
    #expect(state == GradientScaling.State(scale: 131_072, goodSteps: 1, skippedSteps: 1))
  }

  @Test("falls no lower than 1, and grows no further than float32 goes")
  func ends() throws {
    let low = try GradientScaling(initialScale: 3)
    var state = low.initialState
    for _ in 0..<5 { low.backOff(&state) }
    #expect(state == GradientScaling.State(scale: 1, skippedSteps: 5))
    let high = try GradientScaling(initialScale: 0x1p126, growthInterval: 1)
    state = high.initialState
    for _ in 0..<5 { high.advance(&state) }
    #expect(state.scale == 0x1p127)
  }

  @Test("refuses what is no rule", arguments: [.nan, .infinity, -1, 0, 0.5, 1e39])
  func refusal(scale: Double) {
    #expect(throws: OptionError.self) { try GradientScaling(initialScale: scale) }
    #expect(throws: OptionError.self) { try GradientScaling(backoffFactor: scale == 0.5 ? 1 : scale) }
    #expect(throws: OptionError.self) { try GradientScaling(growthFactor: scale > 1e38 ? .nan : scale) }
  }
}
