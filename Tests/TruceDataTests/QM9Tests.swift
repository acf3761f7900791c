import Foundation
import Testing
import Torch
import TruceFiles

@testable import TruceData

/// Fourteen molecules in the files of qm9pack, with what RDKit and PyTorch Geometric make of them.
@Suite("Molecules of QM9")
struct QM9Tests {
  struct File: Decodable { let cases: [Record] }

  struct Record: Decodable {
    let number: Int
    let features, positions, bonds: [[Double]]
    let values: [Double]
  }

  static let fixture = Bundle.module.bundleURL.appending(path: "QM9").path

  private func records() throws -> [Record] {
    let url = Bundle.module.bundleURL.appending(path: "ReferenceValues/qm9.json")
    return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
  }

  private static let plain = QM9Target.allCases.map {
    MoleculeSamples.Property(target: $0, mean: 0, deviation: 1)
  }

  @Test("have the features, places, bonds and properties that others make of them")
  func recorded() throws {
    let molecules = try QM9Folder(Self.fixture).molecules
    let records = try records()
    #expect(molecules.numbers == records.map(\.number))
    let samples = MoleculeSamples(molecules, positions: Array(records.indices), properties: Self.plain)
    for (position, record) in records.enumerated() {
      let sample = samples.sample(at: position)
      let table = try #require(sample[input: "molecule"])
      #expect(table.shape == [29, 43])
      #expect(table.elements(as: Float.self) == expectedTable(record), "molecule \(record.number)")
      for (target, expected) in zip(QM9Target.allCases, record.values) {
        let value = molecules.value(of: target, at: position)
        #expect(abs(value - expected) <= 1e-9 * max(1, abs(expected)), "\(record.number) \(target)")
        #expect(
          samples.target(ofTask: target.taskName, at: position)?.values
            == HostArray([Float(value)]))
      }
    }
    #expect(samples.name(ofSample: 1) == "molecule 2")
  }

  private func expectedTable(_ record: Record) -> [Float] {
    var table = Array(repeating: Float(0), count: 29 * 43)
    for (row, (features, place)) in zip(record.features, record.positions).enumerated() {
      for (column, value) in (features + place).enumerated() { table[row * 43 + column] = Float(value) }
    }
    for bond in record.bonds {
      let (first, second) = (Int(bond[0]), Int(bond[1]))
      table[first * 43 + 14 + second] = Float(bond[2])
      table[second * 43 + 14 + first] = Float(bond[2])
    }
    return table
  }

  // MARK: Splits

  @Test("are split by a seed into parts that share nothing, smaller ones within larger ones")
  func splits() throws {
    let molecules = try QM9Folder(Self.fixture).molecules
    let parts = try molecules.parts(Molecules.Sizes(validation: 3, test: 4), seed: 1)
    #expect(Split.allCases.map { parts[$0]?.count } == [7, 3, 4])
    #expect(parts.values.joined().sorted() == Array(0..<14))
    let fewer = try molecules.parts(Molecules.Sizes(training: 2, validation: 3, test: 4), seed: 1)
    #expect(fewer[.test] == parts[.test] && fewer[.validation] == parts[.validation])
    #expect(fewer[.training] == parts[.training].map { Array($0.prefix(2)) })
    #expect(try molecules.parts(Molecules.Sizes(validation: 3, test: 4), seed: 2) != parts)
  }

  @Test("are refused where there are too few")
  func sizes() throws {
    let molecules = try QM9Folder(Self.fixture).molecules
    func text(_ sizes: Molecules.Sizes) -> String? {
      #expect(throws: DataError.self) { try molecules.parts(sizes, seed: 0) }?.description
    }
    #expect(
      text(Molecules.Sizes())
        == "the number of molecules for validation and test must be less than 14, as many as there are, got 20000"
    )
    #expect(
      text(Molecules.Sizes(training: 8, validation: 3, test: 4))
        == "the number of molecules to learn from must be at most 7, as many as are left, got 8")
    let error = #expect(throws: DataError.self) { try molecules.property(.dipole, over: [3]) }
    #expect(
      error?.description
        == "the number of molecules to learn from must be so large that 'mu' differs among them, got 1")
  }

  @Test("have mean and deviation of the molecules to learn from")
  func standardised() throws {
    let molecules = try QM9Folder(Self.fixture).molecules
    let property = try molecules.property(.heatCapacity, over: [0, 1, 2])
    // 6.469, 6.316 and 6.002 cal/(mol K).
    #expect(abs(property.mean - 6.262_333_333_333_333) < 1e-12)
    #expect(abs(property.deviation - 0.238_080_518_592_625) < 1e-12)
    let samples = MoleculeSamples(molecules, positions: [0], properties: [property])
    let value = try #require(samples.target(ofTask: "cv", at: 0)).values.elements(as: Float.self)[0]
    #expect(abs(Double(value) - (6.469 - property.mean) / property.deviation) < 1e-6)
    #expect(samples.target(ofTask: "mu", at: 0) == nil)
  }

  // MARK: The published files

  @Test(
    "are 130,831 in the published files",
    .enabled(if: RealData.has(.qm9), "QM9 is not here: `truce data fetch qm9` gets it"))
  func published() throws {
    let molecules = try QM9Folder(QM9Folder.published(in: RealData.folders)).molecules
    #expect(molecules.count == 130_831)
    #expect(molecules.numbers.first == 1 && molecules.numbers.last == 133_885)
    #expect((0..<molecules.count).map { molecules.elements(at: $0).count }.max() == Molecules.mostAtoms)
    let property = try molecules.property(.dipole, over: Array(0..<molecules.count))
    #expect(abs(property.mean - 2.672_95) < 1e-4 && abs(property.deviation - 1.503_48) < 1e-4)
  }
}
