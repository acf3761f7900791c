import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

@Suite("Methods inside the training step keep what they declare")
struct WholeStepPropertyTests {
  struct Claim: Sendable, CustomTestStringConvertible {
    let method: String
    let property: MethodProperty
    var testDescription: String { "\(method): \(property.rawValue)" }
  }

  static let claims = Catalogue.entries.map(\.about).filter { $0.kind == .wholeStep }.flatMap { about in
    about.properties.sorted { $0.rawValue < $1.rawValue }.map {
      Claim(method: about.name, property: $0)
    }
  }

  /// How the trunk moves in a few steps, with the losses in some order and multiplied.
  private func trunkPath(
    _ name: String, order: [Int] = [0, 1, 2], factors: [Double] = [1, 1, 1], seed: UInt64 = 0
  ) throws -> [Double] {
    let network = SmallNetwork(isRotated: name == "rotograd")
    let partition = ParameterPartition(
      shared: network.partition.shared, heads: order.map { network.heads[$0] },
      rotations: network.rotations.isEmpty ? [] : order.map { network.rotations[$0] })
    let optimizer = Optimizer(network.named, rule: try Adam(learningRate: 0.01, epsilon: 1e-14))
    let step = try makeStep(
      method: Catalogue.method(named: name), partition: partition, optimizer: optimizer, seed: seed)
    func pass() -> ForwardPass {
      let features = network.features()
      let losses = network.losses(of: features)
      return ForwardPass(
        losses: order.map { losses[$0] * factors[$0] }, features: [features], again: pass)
    }
    for _ in 0..<3 { _ = try step.step(pass(), further: [pass]) }
    return network.trunk.flatMap { $0.detached().toArray(as: Double.self) }
  }

  @Test(arguments: claims)
  func holds(_ claim: Claim) throws {
    let plain = try trunkPath(claim.method)
    switch claim.property {
    case .permutationEquivariant:
      #expect(isClose(try trunkPath(claim.method, order: [2, 0, 1]), plain, tolerance: 1e-9))
    case .taskScaleInvariant:
      #expect(isClose(try trunkPath(claim.method, factors: [1, 30, 0.2]), plain, tolerance: 1e-6))
    case .commonScaleInvariant:
      #expect(isClose(try trunkPath(claim.method, factors: [9, 9, 9]), plain, tolerance: 1e-6))
    case .deterministic:
      #expect(try trunkPath(claim.method, seed: 5) == plain)
    case .nonConflicting, .homogeneous, .linearUnderScaling, .nonNegativeWeights, .convexWeights:
      Issue.record("\(claim.method) declares '\(claim.property.rawValue)', for which there is no check")
    }
  }
}
