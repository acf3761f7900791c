import Testing
import Torch

@testable import TruceData

/// Examples whose label is their position, and whose task `pair` has two numbers.
private struct Counting: SampleSource {
  let count: Int
  var bad: Set<Int> = []
  var odd: Set<Int> = []

  func name(ofSample position: Int) -> String { "\(position)" }

  func sample(at position: Int) throws(DataError) -> Sample {
    throw .damaged(path: "\(position)", reason: "inputs are not to be read")
  }

  func target(ofTask name: String, at position: Int) throws(DataError) -> Sample.Target? {
    if bad.contains(position) { throw .damaged(path: "\(position)", reason: "it ends early") }
    let values = HostArray(
      [Float(position), -Float(position)], shape: odd.contains(position) ? [1, 2] : [2])
    switch name {
    case "number": return Sample.Target(name, HostArray([Int64(position)], shape: []))
    case "pair": return Sample.Target(name, values, mask: HostArray([position % 2 == 0], shape: []))
    default: return nil
    }
  }
}

@Suite("Labels without inputs")
struct LabelReaderTests {
  private func numbers(_ reader: LabelReader, _ source: Counting) -> [Int]? {
    reader.target(ofTask: "number", in: source)?.values.toArray(as: Int.self)
  }

  @Test("are read of all examples, with their masks")
  func all() throws {
    #expect(numbers(LabelReader(), Counting(count: 5)) == [0, 1, 2, 3, 4])
    let pairs = try #require(LabelReader().target(ofTask: "pair", in: Counting(count: 3)))
    #expect(pairs.values.shape == [3, 2] && pairs.values.toArray(as: Int.self) == [0, 0, 1, -1, 2, -2])
    #expect(pairs.mask?.toArray(as: Bool.self) == [true, false, true])
    #expect(LabelReader().target(ofTask: "other", in: Counting(count: 3)) == nil)
  }

  @Test("are read of some that are evenly spaced, where all are too many")
  func limits() throws {
    #expect(numbers(LabelReader(exampleLimit: 4), Counting(count: 10)) == [0, 2, 5, 7])
    let reader = LabelReader(numberLimit: 6)
    #expect(numbers(reader, Counting(count: 12)) == [0, 2, 4, 6, 8, 10])
    #expect(reader.target(ofTask: "pair", in: Counting(count: 12))?.values.shape == [3, 2])
    #expect(numbers(LabelReader(numberLimit: 0), Counting(count: 12)) == [0])
  }

  @Test("leave out examples that cannot be read or are unlike the others")
  func faults() throws {
    #expect(numbers(LabelReader(), Counting(count: 4, bad: [0, 2])) == [1, 3])
    let pairs = LabelReader().target(ofTask: "pair", in: Counting(count: 4, odd: [1]))
    #expect(pairs?.values.toArray(as: Int.self) == [0, 0, 2, -2, 3, -3])
    #expect(numbers(LabelReader(), Counting(count: 2, bad: [0, 1])) == nil)
  }
}
