import Foundation
import Torch
import Truce

@testable import TruceData

/// Made-up examples: two numbers, a label, and a map of 2×3 whose mask leaves one element out.
struct MadeUpSource: SampleSource {
  let count: Int
  /// The examples that cannot be read.
  var bad: Set<Int> = []
  /// Whether some examples take longer than others, so that workers finish out of order.
  var isUneven = false
  /// Something that lives as long as the source.
  var token: Token?

  final class Token: Sendable {}

  func name(ofSample position: Int) -> String { "made/\(position).npy" }

  func sample(at position: Int) throws(DataError) -> Sample {
    if isUneven { usleep(UInt32(position * 7 % 5) * 300) }
    guard !bad.contains(position) else {
      throw .damaged(path: name(ofSample: position), reason: "it ends early")
    }
    let map = (0..<6).map { Float(10 * position + $0) }
    return Sample(
      inputs: [Sample.Input("numbers", HostArray([Float(position), -Float(position)]))],
      targets: [
        Sample.Target("label", HostArray([Int64(position)], shape: [])),
        Sample.Target(
          "map", HostArray(map, shape: [2, 3]),
          mask: HostArray((0..<6).map { $0 != position % 6 }, shape: [2, 3])),
      ])
  }
}

/// Adds a random number to an input, so that it shows which randomness an example was given.
struct Noise: Transform {
  var input = "numbers"

  func change(_ sample: inout Sample, using source: inout RandomSource) throws(DataError) {
    guard let index = sample.inputs.firstIndex(where: { $0.name == input }) else {
      throw .unsuitedTransform(transform: "the noise", reason: "no input is called '\(input)'")
    }
    let draw = Float.random(in: 0..<1, using: &source)
    sample.inputs[index].values.withMutableElements(as: Float.self) { for i in $0.indices { $0[i] += draw } }
  }
}

/// What a batch holds, to be compared.
struct BatchContents: Equatable {
  let positions: [[Int]]
  let inputs: [[Double]]
  let shapes: [[Int]]
  let targets: [[Double]]
  let masks: [[Bool]?]

  init(_ batch: Batch) {
    let inputs = batch.domains.flatMap(\.inputs)
    positions = batch.domains.map(\.positions)
    self.inputs = inputs.map { $0.values.toArray(as: Double.self) }
    shapes = inputs.map(\.values.shape) + batch.targets.map(\.values.shape)
    targets = batch.targets.map { $0.values.toArray(as: Double.self) }
    masks = batch.targets.map { $0.mask?.toArray(as: Bool.self) }
  }
}

extension BatchSource {
  /// What the batches of an epoch hold.
  func contents(epoch: Int, from first: Int = 0) throws -> [BatchContents] {
    try all(epoch: epoch, from: first).map { BatchContents($0) }
  }
}

/// Waits until something is so, at most five seconds.
func isSoonTrue(_ condition: () -> Bool) -> Bool {
  for _ in 0..<500 where !condition() { usleep(10_000) }
  return condition()
}
