import Foundation
import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

@Suite("RotoGrad")
struct RotoGradTests {
  @Test("A rotation turns the plane by its angle and leaves the other features alone")
  func plane() {
    let rotation = Rotation(2, dtype: .float64)
    withoutGradients {
      _ = rotation.exponent.copyInPlace(from: Tensor([0, 0, 0.7, 0.0], dtype: .float64).reshaped([2, 2]))
    }
    let turned = rotation(Tensor([1, 0, 5.0], dtype: .float64).reshaped([1, 3]))
    #expect(isClose(turned.toArray(as: Double.self), [cos(0.7), sin(0.7), 5], tolerance: 1e-14))
  }

  /// The gradient of each loss with respect to the features, as samples by features.
  private func featureGradients(_ network: SmallNetwork) throws -> [[Double]] {
    let features = network.features().detached().requiringGrad()
    return try network.losses(of: features).map { loss in
      try Autograd.gradients(of: [loss], withRespectTo: [features])[0]?.toArray(as: Double.self) ?? []
    }
  }

  @Test("The first step has equal lengths, and rotations are drawn towards the common direction")
  func firstStep() throws {
    let network = SmallNetwork(isRotated: true)
    let rows = try featureGradients(network)
    let lengths = rows.map { inner($0, $0).squareRoot() }
    let step = try makeStep(method: .wholeStep(RotoGrad()), partition: network.partition)
    let report = try step.fillGradients(network.pass())

    let common = lengths.reduce(0, +) / 3
    let factors = lengths.map { common / $0 }
    #expect(isClose(try #require(report.weights)[0], factors))
    #expect(isClose(network.sharedGradient, sum(try network.plainRows(), weights: factors)))
    for task in 0..<3 { #expect(try isClose(network.headGradient(task), network.plainHeadGradient(task))) }

    let mean = sum(rows, weights: [1, 1, 1].map { $0 / 3.0 })
    let meanLength = inner(mean, mean).squareRoot()
    let target = sum(rows, weights: lengths.map { meanLength / $0 / 3 })
    for task in 0..<3 {
      let expected = plainSlope(target: target, own: rows[task], samples: 8, width: 3)
      let slope = try #require(network.rotations[task].exponent.grad).toArray(as: Double.self)
      #expect(isClose(slope, expected))
    }
  }

  /// The derivative of the mean of `|exp(A − Aᵀ) v − g|²` at A = 0: `M − Mᵀ` with M = 2 mean (v − g) vᵀ.
  private func plainSlope(target: [Double], own: [Double], samples: Int, width: Int) -> [Double] {
    func moment(_ i: Int, _ j: Int) -> Double {
      let products = (0..<samples).map { sample in
        (target[sample * width + i] - own[sample * width + i]) * target[sample * width + j]
      }
      return 2 * products.reduce(0, +) / Double(samples)
    }
    return (0..<width).flatMap { i in (0..<width).map { j in moment(i, j) - moment(j, i) } }
  }

  @Test("Rotations move, stay rotations, and turn the target towards the task's gradient")
  func orthogonality() throws {
    let network = SmallNetwork(isRotated: true)
    let step = try makeStep(
      method: .wholeStep(RotoGrad()), partition: network.partition,
      optimizer: Optimizer(network.named, rule: Adam(learningRate: 0.05)))
    let before = network.lossValues.reduce(0, +)
    for _ in 0..<40 { _ = try step.step(network.pass()) }
    #expect(network.lossValues.reduce(0, +) < 0.9 * before)
    for rotation in network.rotations {
      let matrix = rotation.matrix
      let product = matrix.transposed().matmul(matrix).toArray(as: Double.self)
      #expect(isClose(product, [1, 0, 0, 0, 1, 0, 0, 0, 1], tolerance: 1e-13))
      #expect(abs(try matrix.determinant().item() - 1) < 1e-12)
      #expect(rotation.exponent.norm().item() > 1e-3)
    }
  }

  @Test("Without scaling the network receives the plain sum")
  func rotateOnly() throws {
    let network = SmallNetwork(isRotated: true)
    let step = try makeStep(method: .wholeStep(RotoGrad(scale: false)), partition: network.partition)
    _ = try step.fillGradients(network.pass())
    #expect(isClose(network.sharedGradient, sum(try network.plainRows(), weights: [1, 1, 1])))
  }

  @Test("A network without rotations or without features is refused")
  func refusals() throws {
    #expect(
      throws: MethodError.notApplicable(
        method: "rotograd", reason: "needs a network whose heads see rotated features")
    ) {
      try makeStep(method: .wholeStep(RotoGrad()), partition: SmallNetwork().partition)
    }
    let network = SmallNetwork(isRotated: true)
    let step = try makeStep(method: .wholeStep(RotoGrad()), partition: network.partition)
    #expect(throws: MethodError.self) { try step.fillGradients(network.pass(naming: false)) }
  }
}
