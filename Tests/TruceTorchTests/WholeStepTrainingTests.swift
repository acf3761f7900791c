import Foundation
import Testing
import Torch
import TorchNN
import Truce
import TruceTorch

@Suite("Training with the methods of the engine")
struct WholeStepTrainingTests {
  static let names = Catalogue.entries.map(\.about).filter { $0.kind == .wholeStep }.map(\.name)

  /// A network, its step and its optimizer, which can be saved and put back.
  private struct Training {
    let network = SmallNetwork(isRotated: true)
    let step: MultiTaskStep
    let optimizer: Optimizer
    let validation: SmallNetwork

    init(_ name: String) throws {
      optimizer = Optimizer(network.named, rule: try Adam(learningRate: 0.02))
      step = try makeStep(
        method: Catalogue.method(named: name), partition: network.partition, optimizer: optimizer)
      validation = SmallNetwork(batchFor: network, seed: 9)
    }

    func train(_ count: Int) throws {
      for _ in 0..<count {
        _ = try step.step(network.pass(), further: [{ [validation] in validation.pass() }])
      }
    }
  }

  private struct Saved: Encodable {
    let step: MultiTaskStep
    func encode(to encoder: any Encoder) throws { try step.encodeState(to: encoder) }
  }

  private struct Loader: Decodable {
    let decoder: any Decoder
    init(from decoder: any Decoder) throws { self.decoder = decoder }
  }

  @Test("Every method lowers the losses of a small problem", arguments: names)
  func learning(name: String) throws {
    let training = try Training(name)
    let before = training.network.lossValues.reduce(0, +)
    try training.train(60)
    let after = training.network.lossValues.reduce(0, +)
    #expect(after.isFinite && after < 0.8 * before, "\(name): \(before) → \(after)")
  }

  @Test("A run restored in its middle goes on exactly as the uninterrupted one", arguments: names)
  func resuming(name: String) throws {
    let straight = try Training(name)
    try straight.train(3)
    let data = try JSONEncoder().encode(Saved(step: straight.step))
    let tensors = straight.step.stateTensors.mapValues { $0.clone() }
    let optimizer = straight.optimizer.state()
    let values = straight.network.named.mapTensors { $0.detached().clone() }
    try straight.train(3)

    let resumed = try Training(name)
    withoutGradients {
      for (name, tensor) in resumed.network.named {
        if let value = values[name] { tensor.copyInPlace(from: value) }
      }
    }
    try resumed.optimizer.load(optimizer)
    resumed.step.stateTensors = tensors
    try resumed.step.decodeState(from: JSONDecoder().decode(Loader.self, from: data).decoder)
    try resumed.train(3)
    #expect(resumed.network.coordinates == straight.network.coordinates)
    #expect(resumed.network.lossValues == straight.network.lossValues)
  }
}
