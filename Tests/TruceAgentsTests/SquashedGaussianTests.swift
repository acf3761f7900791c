import Foundation
import Testing
import Torch
import TorchNN
import TorchTestSupport

@testable import TruceAgents

@Suite("A squashed Gaussian")
struct SquashedGaussianTests {
  private static let forms = SACSettings.LogDeviation.allCases

  @Test("has a density whose integral over the square is 1", arguments: SACSettings.Correction.allCases)
  func integral(correction: SACSettings.Correction) {
    let count = 1201
    // Two independent numbers, each gone through by normal draws from -8 to 8: the sum over the square is a product.
    let draws = Tensor.linspace(-8, 8, count: count, dtype: .float64)
    let output = Tensor([0.3, -0.4, -0.5, -0.9]).unsqueezed(0).expanded([count, 4])
    let both = SquashedGaussian(output, .clip, correction).sample(Tensor.stacked([draws, draws], axis: 1))
    let middle = Tensor.stacked([draws, draws.zerosLike()], axis: 1)
    let alongFirst = SquashedGaussian(output, .clip, correction).sample(middle)
    let other = Tensor.stacked([draws.zerosLike(), draws], axis: 1)
    let alongSecond = SquashedGaussian(output, .clip, correction).sample(other)
    let center = alongFirst.logDensity[count / 2].item()
    let first = area(alongFirst.logDensity.exp(), alongFirst.action.selected(1, 0))
    let second = area(alongSecond.logDensity.exp(), alongSecond.action.selected(1, 1))
    #expect((first * second / exp(center) - 1).magnitude < 1e-4)
    #expect(both.logDensity.shape == [count])
  }

  /// The area under a curve, by trapezia between neighbours.
  private func area(_ heights: Tensor, _ places: Tensor) -> Double {
    let (y, x) = (heights.toArray(as: Double.self), places.toArray(as: Double.self))
    return y.indices.dropFirst().reduce(0) { sum, place in
      let height = (y[place - 1] + y[place]) / 2
      return sum + height * (x[place] - x[place - 1])
    }
  }

  @Test("has gradients that agree with finite differences", arguments: forms, SACSettings.Correction.allCases)
  func gradients(form: SACSettings.LogDeviation, correction: SACSettings.Correction) throws {
    let output = wave([5, 6], 0.4, scale: 1.3)
    let noise = wave([5, 3], 1.1)
    for part in [0, 1] {
      let mismatches = try gradientMismatches(NamedTensors(["output": output])) {
        let (action, density) = SquashedGaussian(output, form, correction).sample(noise)
        return part == 0 ? (action * wave([5, 3], 2)).sum() : (density * wave([5], 0.7)).sum()
      }
      #expect(mismatches.isEmpty, "\(mismatches.prefix(2))")
    }
  }

  @Test("keeps the logarithm of a deviation between -20 and 2", arguments: forms)
  func bounds(form: SACSettings.LogDeviation) {
    let raw = Tensor([0.0, 0, -1000, 1000], shape: [1, 4])
    let found = SquashedGaussian(raw, form, .exact).logDeviation.toArray(as: Double.self)
    #expect(found == [-20, 2])
    let middle = SquashedGaussian(Tensor([0.0, 0], shape: [1, 2]), form, .exact).logDeviation.item()
    #expect(middle == (form == .clip ? 0 : -9))
  }

  @Test("has a finite density where the tangent is 1 to all digits")
  func saturation() {
    let far = SquashedGaussian(Tensor([40.0, 0], shape: [1, 2]), .clip, .exact)
    let (action, density) = far.sample(Tensor([0.5], shape: [1, 1]))
    #expect(action.item() == 1)
    // −ε²/2 − log √(2π) − 2 (log 2 − u)
    let expected = -0.125 - 0.5 * log(2 * Double.pi) - 2 * (log(2) - 40.5)
    #expect((density.item() - expected).magnitude < 1e-10)
  }
}
