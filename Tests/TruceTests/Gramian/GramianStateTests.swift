import Foundation
import Testing
import Truce
import TruceTestSupport

@Suite("A Gramian method resumes where it stopped")
struct GramianStateTests {
  static let variants: [(name: String, options: [String: OptionValue])] =
    gramianMethodNames.map { ($0, [:]) } + [
      ("nash-mtl", ["update_weights_every": 3]),
      ("gradvac", ["beta": 0.5]),
      ("cr-mogm", ["of": "gradvac", "of.beta": 0.5, "alpha": 0.7]),
      ("cr-mogm", ["of": "cr-mogm", "of.of": "cagrad", "of.of.c": 0.8]),
      ("imtl", ["learning_rate": 0.1]),
    ]

  @Test func restoredRunsContinueAlike() throws {
    for (name, options) in Self.variants {
      var whole = try makeGramianMethod(name, options, taskCount: 5)
      var source = RandomSource(seed: 4)
      for step in 0..<5 { _ = try take(step, &whole, &source) }

      let saved = try JSONEncoder().encode(Saved(trial: whole, source: source))
      var resumed = try makeGramianMethod(name, options, taskCount: 5)
      var resumedSource = try JSONDecoder().decode(RandomSource.self, from: field("source", of: saved))
      try JSONDecoder().decode(Restoring.self, from: field("state", of: saved)).restore(&resumed)

      for step in 5..<9 {
        let expected = try take(step, &whole, &source)
        #expect(try take(step, &resumed, &resumedSource) == expected, "\(name) \(options)")
      }
    }
  }

  private func take(
    _ step: Int, _ trial: inout MethodTrial, _ source: inout RandomSource
  ) throws -> [Double] {
    let input = InputFamilies.matrix("step", tasks: 5, coordinates: 9, seed: UInt64(step))
    let losses = (0..<5).map { 0.5 + Double(($0 + step) % 4) }
    return try trial.weights(
      gramian: input.gramian, context: StepContext(losses: losses, iteration: step), using: &source)
  }

  private func field(_ name: String, of data: Data) throws -> Data {
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    return try JSONSerialization.data(withJSONObject: #require(object[name]))
  }

  private struct Saved: Encodable {
    let trial: MethodTrial
    let source: RandomSource
    enum CodingKeys: CodingKey { case state, source }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(State(trial: trial), forKey: .state)
      try container.encode(source, forKey: .source)
    }
  }

  private struct State: Encodable {
    let trial: MethodTrial
    func encode(to encoder: any Encoder) throws { try trial.encodeState(to: encoder) }
  }

  private struct Restoring: Decodable {
    let decoder: any Decoder
    init(from decoder: any Decoder) { self.decoder = decoder }
    func restore(_ trial: inout MethodTrial) throws { try trial.decodeState(from: decoder) }
  }
}
