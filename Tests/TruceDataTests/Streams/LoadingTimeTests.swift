import Foundation
import Testing
import Torch

@testable import TruceData

/// Times, which say something on an idle machine only: `TRUCE_TIMES=1 swift test --filter LoadingTimeTests`.
@Suite("Loading times", .serialized, .enabled(if: ProcessInfo.processInfo.environment["TRUCE_TIMES"] == "1"))
struct LoadingTimeTests {
  /// As many pictures of 36×36 bytes with two labels as fit an epoch of 40 batches.
  private func pictures() throws -> Dataset {
    let count = 40 * 256
    let generator = Generator(seed: 1)
    let pixels = Tensor.integers([count, 1, 36, 36], in: 0..<256, using: generator).to(.uint8)
    return try Dataset(
      input: pixels,
      targets: ["left", "right"].map {
        TaskTarget(task: $0, values: Tensor.integers([count], in: 0..<10, using: generator))
      })
  }

  /// What making a batch was before there were sources: a gather for each tensor.
  private func gather(_ dataset: Dataset, _ positions: [Int]) -> [Tensor] {
    let index = Tensor(positions).to(dataset.input.device)
    let raw = dataset.input.indexSelect(0, index)
    let input = raw.dtype.isFloatingPoint ? raw : raw.to(.float32).divideInPlace(dataset.inputDivisor)
    return [input] + dataset.targets.map { $0.values.indexSelect(0, index) }
  }

  @Test("a source in memory takes no longer than its gathers")
  func memory() throws {
    let dataset = try pictures()
    let loader = try DataLoader(dataset, batchSize: 256, order: .shuffled(seed: 1))
    var ratios: [Double] = []
    for epoch in 0..<30 {
      let plain = seconds {
        let positions = loader.plan.positions(epoch: epoch)
        for batch in 0..<loader.batchCount {
          _ = gather(dataset, Array(positions[loader.plan.range(ofBatch: batch)]))
        }
      }
      let sourced = try seconds {
        let batches = loader.batches(epoch: epoch)
        while try batches.next() != nil {}
      }
      if epoch > 2 { ratios.append(sourced / plain) }
    }
    let ratio = ratios.sorted()[ratios.count / 2]
    print("a source in memory takes \(ratio) of the time of its gathers")
    #expect(ratio < 1.1)
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = LoaderClock.system
    let start = clock.seconds()
    try body()
    return clock.seconds() - start
  }
}
