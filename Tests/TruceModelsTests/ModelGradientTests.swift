import Testing
import Torch
import TorchNN
import TorchTestSupport
import TruceModels

/// Gradients of trunks and of layers that belong to an architecture, against finite differences.
@Suite struct ModelGradientTests {
  private func mismatches(of layer: any Layer, at input: Tensor) throws -> [String] {
    try layer.convert(to: .float64)
    let output = withoutGradients { layer.forward(input) }
    let direction = wave(output.shape, 0.7)
    var variables = layer.parameters
    variables.append(input, named: "input")
    return try gradientMismatches(variables) { (layer.forward(input) * direction).sum() }
  }

  @Test("The residual perceptron", arguments: [0, 2])
  func residualMLP(blocks: Int) throws {
    let trunk = ResidualMLPTrunk(
      4, width: 3, hiddenWidth: 5, blockCount: blocks, using: Generator(seed: 1))
    #expect(try mismatches(of: trunk, at: wave([6, 4], 0.3)).isEmpty)
    #expect(trunk.featureCount == 3 && trunk.parameterCount == 15 + blocks * (6 + 20 + 18) + 6)
  }

  @Test("The modulation of features, which begins as the identity")
  func featureModulation() throws {
    let layer = FeatureModulation(4)
    let input = wave([3, 4], 0.2, dtype: .float32)
    #expect(layer.forward(input).distance(to: input) == 0)
    #expect(try mismatches(of: layer, at: wave([3, 4], 0.2)).isEmpty)
  }
}
