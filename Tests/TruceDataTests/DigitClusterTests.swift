import Testing
import Torch
import Truce

@testable import TruceData

@Suite("Clustered digits")
struct DigitClusterTests {
  /// Six 1×2 images whose pixels tell which they are.
  private func images(_ first: UInt8, labels: [UInt8] = [0, 7, 4, 5, 9, 1]) throws -> LabelledImages {
    try labelledImages([6, 1, 2], (0..<6).flatMap { [first + $0, 0] }, labels: labels)
  }

  /// The images of each pair by the pixel that names them, and their labels, cluster by cluster.
  private func pairs(
    _ set: DigitClusters, _ collections: [LabelledImages], seed: UInt64 = 1
  ) throws -> [(images: [UInt8], labels: [Int64])] {
    var source = RandomSource(seed: seed)
    let dataset = try set.dataset(collections, using: &source)
    #expect(dataset.input.shape == [dataset.count, 2, 9, 10])
    #expect(dataset.input.dtype == .uint8)
    #expect(dataset.tasks == set.tasks.map(\.name))
    return dataset.targets.enumerated().map { cluster, target in
      let pixels = dataset.input.selected(1, cluster).selected(1, 4).selected(1, 4)
      return (pixels.toArray(as: UInt8.self), target.values.toArray(as: Int64.self))
    }
  }

  @Test("pair each digit with a garment")
  func bySource() throws {
    let pairs = try pairs(.bySource, [images(10), images(20, labels: [3, 3, 3, 3, 3, 8])])
    #expect(pairs[0].images.sorted() == [10, 11, 12, 13, 14, 15])
    #expect(pairs[1].images.sorted() == [20, 21, 22, 23, 24, 25])
    #expect(pairs[0].labels == pairs[0].images.map { [0, 7, 4, 5, 9, 1][Int($0) - 10] })
    #expect(pairs[1].labels == pairs[1].images.map { $0 == 25 ? 8 : 3 })
  }

  @Test("pair low with high digits, and leave out what has no partner")
  func byClass() throws {
    let pairs = try pairs(.byClass, [images(10, labels: [0, 7, 4, 5, 2, 1])])
    #expect(pairs[0].images.count == 2 && pairs[1].images.sorted() == [11, 13])
    #expect(pairs[0].labels.allSatisfy { $0 < 5 } && pairs[1].labels.allSatisfy { $0 >= 5 })
  }

  @Test("pair digits by chance, each once, anew for each seed")
  func byChance() throws {
    let drawn = try (1...4).map { try pairs(.byChance, [images(10)], seed: $0) }
    for pairs in drawn { #expect((pairs[0].images + pairs[1].images).sorted() == [10, 11, 12, 13, 14, 15]) }
    #expect(Set(drawn.map { $0[0].images }).count > 1)
    let again = try pairs(.byChance, [images(10)], seed: 2)
    #expect(again[0].images == drawn[1][0].images)
  }

  @Test(
    "are made from the published files",
    .enabled(
      if: RealData.has(.mnist) && RealData.has(.fashionMNIST),
      "MNIST or Fashion-MNIST is not here: `truce data fetch` gets them"))
  func published() throws {
    let counts = try [DigitClusters.bySource, .byClass, .byChance].map { set in
      let splits = try set.build(from: RealData.folders, seed: 0)
      #expect(splits.training.input.shape.dropFirst() == [2, 36, 36])
      return [splits.training.count, splits.test.count]
    }
    #expect(counts == [[60000, 10000], [29404, 4861], [30000, 5000]])
  }
}
