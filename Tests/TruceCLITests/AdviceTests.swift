import Testing
import Truce

@testable import TruceShell

@Suite("Advice from measurements")
struct AdviceTests {
  private func evidence(
    share: Double = 0, samples: Double? = nil, ratio: Double = 1, tasks: Int = 2
  ) -> ConflictEvidence {
    ConflictEvidence(
      [
        ConflictEvidence.Pair(
          tasks: ["a", "b"], conflictShare: share, sampleConflictShare: samples, larger: "b",
          lengthRatio: ratio)
      ], taskCount: tasks)
  }

  private func names(_ evidence: ConflictEvidence) -> [String] { Advice.given(evidence).map(\.name) }

  @Test("Direction, size, both and neither have an advice of their own")
  func kinds() {
    #expect(names(evidence(share: 0.6)) == ["cagrad", "upgrad", "pcgrad"])
    #expect(names(evidence(ratio: 4)) == ["uw-o", "imtl-g", "nash-mtl"])
    #expect(names(evidence(share: 0.5, ratio: 4)) == ["nash-mtl", "imtl-g", "aligned-mtl"])
    #expect(names(evidence(share: 0.09, ratio: 1.9)).isEmpty)
    #expect(names(evidence(share: 0.6, samples: 0.55)).isEmpty)
  }

  @Test("With many tasks those of few backward passes come forward")
  func manyTasks() {
    #expect(names(evidence(share: 0.9, tasks: 60))[0] == "cagrad-fast")
    #expect(names(evidence(ratio: 4, tasks: 60)).prefix(2) == ["uw-o", "famo"])
    #expect(!names(evidence(share: 0.9, tasks: 5)).contains("cagrad-fast"))
  }

  @Test("Each reason says the measure that speaks for it, of the pair that is worst")
  func reasons() throws {
    let pairs = [(0.3, 2.5), (0.8, 1.0), (0.1, 12.0)].enumerated().map { place, values in
      ConflictEvidence.Pair(
        tasks: ["a\(place)", "b\(place)"], conflictShare: values.0, sampleConflictShare: nil,
        larger: "b\(place)",
        lengthRatio: values.1)
    }
    let first = try #require(Advice.given(ConflictEvidence(pairs, taskCount: 3)).first)
    #expect(first.name == "nash-mtl" && first.addresses == [.direction, .size])
    #expect(
      first.reasons == [
        "never steps against a task (a1 and b1 oppose each other for 80 % of the samples)",
        "ignores how long each task's gradient is (the gradients of b2 are 12.0 times as long as those of a2)",
      ])
    let text = Advice.text([first], on: Terminal(hasColour: false, width: 300))
    #expect(text.contains("\n  1. nash-mtl (Nash-MTL, K backward passes) never steps against a task"))
    #expect(text.contains("Equal weighting (ew) with a learning rate of its own is what they have to beat."))
    #expect(
      Advice.text([], on: Terminal(hasColour: false, width: 300)).hasPrefix("No special method is needed"))
  }

  @Test("Promises are those that the catalogue declares and its tests hold methods to")
  func promises() throws {
    let entries = Dictionary(uniqueKeysWithValues: Catalogue.entries.map { ($0.about.name, $0.about) })
    for candidate in Candidate.all {
      let about = try #require(entries[candidate.name])
      if candidate.onDirection.hasPrefix("never") { #expect(about.properties.contains(.nonConflicting)) }
      if candidate.onSize.hasPrefix("ignores") { #expect(about.properties.contains(.taskScaleInvariant)) }
      #expect((candidate.direction > 0) == !candidate.onDirection.isEmpty)
      #expect((candidate.size > 0) == !candidate.onSize.isEmpty)
      #expect((about.cost.backwardPasses == "1") == (candidate.passLimit == 1))
    }
  }
}
