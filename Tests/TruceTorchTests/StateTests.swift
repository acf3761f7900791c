import Foundation
import Testing
import Torch
import Truce
import TruceTorch

@Suite("Saving and resuming a step")
struct StateTests {
  /// Encodes the step's state on its own.
  private struct Saved: Encodable {
    let step: MultiTaskStep
    func encode(to encoder: any Encoder) throws { try step.encodeState(to: encoder) }
  }

  /// Hands a decoder to a step.
  private struct Loader: Decodable {
    let decoder: any Decoder
    init(from decoder: any Decoder) throws { self.decoder = decoder }
  }

  private func restore(_ data: Data, into step: MultiTaskStep) throws {
    try step.decodeState(from: JSONDecoder().decode(Loader.self, from: data).decoder)
  }

  /// Methods whose state or randomness would show.
  static let names = Catalogue.entries.map(\.about).filter { about in
    [.lossWeighting, .gramian, .matrix].contains(about.kind)
      && about.parameters.allSatisfy { $0.defaultValue != nil }
  }.map(\.name)

  @Test("A step restored in mid-run goes on exactly as the uninterrupted one", arguments: names)
  func resuming(name: String) throws {
    let method = try Catalogue.method(named: name)
    let straight = SmallNetwork()
    let step = try makeStep(method: method, partition: straight.partition, seed: 3)
    for _ in 0..<3 { _ = try step.fillGradients(straight.pass()) }
    let data = try JSONEncoder().encode(Saved(step: step))
    let tensors = step.stateTensors.mapValues { $0.clone() }
    let expected = try (3..<6).map { _ in try step.fillGradients(straight.pass()) }
    let gradient = straight.sharedGradient

    let other = SmallNetwork()
    let resumed = try makeStep(method: method, partition: other.partition, seed: 99)
    try restore(data, into: resumed)
    resumed.stateTensors = tensors
    let reports = try (3..<6).map { _ in try resumed.fillGradients(other.pass()) }
    #expect(reports.map(\.weights) == expected.map(\.weights))
    #expect(reports.map(\.lossWeights) == expected.map(\.lossWeights))
    #expect(other.sharedGradient == gradient)
  }
}
