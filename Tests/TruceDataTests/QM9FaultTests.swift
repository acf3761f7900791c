import Foundation
import Testing

@testable import TruceData

@Suite("Files of QM9 that are not sound")
struct QM9FaultTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in QM9Folder.fileNames { try folder.write(name, bytes(of: name)) }
  }

  private func bytes(of name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: "\(QM9Tests.fixture)/\(name)")))
  }

  /// The first fault after a text of the second file, which has one molecule, was replaced.
  private func fault(replacing old: String, with new: String) throws -> String? {
    let name = QM9Folder.fileNames[1]
    let text = String(decoding: try bytes(of: name), as: UTF8.self)
    #expect(text.contains(old))
    let changed = text.replacingOccurrences(of: old, with: new)
    try folder.write(name, Array(changed.utf8))
    return try fault()
  }

  private func fault() throws -> String? {
    let error = #expect(throws: DataError.self) { try QM9Folder(folder.path) }
    #expect(error?.help == "`truce data fetch qm9 --force` gets the file again")
    #expect(error?.exitCode == 65)
    return error?.description.replacingOccurrences(of: folder.path + "/", with: "")
  }

  static let changes: [(String, String, String)] = [
    (
      "Dipole_debye", "Dipole",
      "qm9_part2.csv:1:1: there is no column 'Dipole_debye'"
    ),
    (
      "['O','C','H','C'", "['Si','C','H','C'",
      "qm9_part2.csv:2:#: the atom 'Si' is none of H, C, N, O and F"
    ),
    (
      "['O','C','H','C'", "['C','H','C'",
      "qm9_part2.csv:2:#: N_atoms is 13.0 and Elements has 12 atoms"
    ),
    (
      "CC#CC#CC#CC=O", "CC#CC#CC#CC=S",
      "qm9_part2.csv:2:#: the SMILES 'CC#CC#CC#CC=S' cannot be read: 'S' is none of C, N, O and F"
    ),
    (
      "CC#CC#CC#CC=O", "CC#CC#CC#C(C=O",
      "qm9_part2.csv:2:#: the SMILES 'CC#CC#CC#C(C=O' cannot be read: a branch is opened and never closed"
    ),
    (
      "CC#CC#CC#CC=O", "CC#CC#CC#CC=N",
      "qm9_part2.csv:2:#: 'CC#CC#CC#CC=N': the SMILES has other atoms than the list of elements"
    ),
    (
      "CC#CC#CC#CC=O", "C1C2CC1C(C)C2C=O",
      "qm9_part2.csv:2:#: 'C1C2CC1C(C)C2C=O': the bonds of the SMILES do not fit the positions"
    ),
  ]

  @Test("are refused with file, line and fix", arguments: changes)
  func changed(old: String, new: String, expected: String) throws {
    let text = try fault(replacing: old, with: new)
    #expect(text?.replacing(/csv:2:\d+:/, with: "csv:2:#:") == expected)
  }

  @Test("are refused where a number is none", arguments: ["nan", "inf", "", "12x"])
  func numbers(word: String) throws {
    let name = QM9Folder.fileNames[1]
    var fields = String(decoding: try bytes(of: name), as: UTF8.self).split(
      separator: ",", omittingEmptySubsequences: false)
    fields[fields.count - 3] = word[...]
    try folder.write(name, Array(fields.joined(separator: ",").utf8))
    let text = try fault()
    #expect(text?.hasSuffix(": Enthalphy_298K_au is '\(word)', which is no finite number") == true)
    #expect(text?.hasPrefix("qm9_part2.csv:2:") == true)
  }

  @Test("are refused where they end too early")
  func truncated() throws {
    let name = QM9Folder.fileNames[2]
    let whole = try bytes(of: name)
    try folder.write(name, Array(whole.dropLast(40)))
    #expect(
      try fault()?.hasSuffix(
        " fields and the file 25 columns: it was cut off or changed") == true)
    let inQuotes = whole.count - 600
    try folder.write(name, Array(whole.prefix(inQuotes)))
    #expect(try fault()?.hasPrefix("qm9_part3.csv:6:") == true)
    try folder.write(name, [])
    #expect(try fault() == "qm9_part3.csv:1: the file is empty")
  }

  @Test("are refused where a molecule is there twice")
  func repeated() throws {
    let first = try bytes(of: QM9Folder.fileNames[0]).split(separator: UInt8(ascii: "\n")).prefix(2)
    try folder.write(QM9Folder.fileNames[1], Array(first.joined(separator: Array("\n".utf8))))
    let text = try fault()
    #expect(
      text?.replacing(/csv:2:\d+:/, with: "csv:2:#:")
        == "qm9_part2.csv:2:#: the molecule 1 is there for the second time")
  }

  @Test("are named where one is missing")
  func missing() throws {
    try FileManager.default.removeItem(atPath: folder.path + "/qm9_part2.csv")
    let error = #expect(throws: DataError.self) { try QM9Folder(folder.path) }
    #expect(error?.description == "\(folder.path)/qm9_part2.csv: there is no such file")
    #expect(error?.help == "`truce data fetch qm9` gets it")
    #expect(error?.exitCode == 66)
  }

  @Test("of other lengths than the published ones are refused in the usual place")
  func published() throws {
    let data = DataFolders(paths: [folder.path])
    let none = #expect(throws: DataError.self) { try QM9Folder.published(in: data) }
    #expect(none?.description == "\(folder.path)/qm9/qm9_part1.csv: no such file or folder")
    #expect(none?.help.hasPrefix("run `truce data fetch qm9`, or name the folder") == true)
    for name in QM9Folder.fileNames { try folder.write("qm9/\(name)", bytes(of: name)) }
    let other = #expect(throws: DataError.self) { try QM9Folder.published(in: data) }
    let first = try bytes(of: "qm9_part1.csv").count
    #expect(
      other?.description
        == "\(folder.path)/qm9/qm9_part1.csv: the file is truncated: it has \(first) bytes, the published one 69693764"
    )
  }

  // MARK: SMILES

  @Test("A line of SMILES gives atoms and bonds")
  func smiles() throws {
    let line = try SMILES("C1C(=O)[NH2+]C1#[N+][O-]")
    #expect(line.atoms.map(\.rawValue).joined() == "CCONCNO")
    #expect(
      line.bonds.map { [$0.first, $0.second, $0.order] } == [
        [0, 1, 1], [1, 2, 2], [1, 3, 1], [3, 4, 1], [0, 4, 1], [4, 5, 3], [5, 6, 1],
      ])
  }

  @Test(
    "A line that cannot be read says why",
    arguments: [
      ("", "it has no atom"), ("C)", "a branch is closed and none is open"),
      ("C1CC", "the ring 1 is never closed"), ("1CC1", "a ring begins before the first atom"),
      ("C11", "the ring 1 has one atom"), ("C[N+", "a bracket is opened and never closed"),
      ("C[Si]", "'[Si]' is no atom with hydrogens and a charge"),
      ("c1ccccc1", "'c' is none of C, N, O and F"),
      ("C/C", "'/' is none of C, N, O and F"), ("[H]", "'H' is none of C, N, O and F"),
    ])
  func badLines(text: String, reason: String) {
    #expect(throws: SMILES.Problem(reason: reason)) { try SMILES(text) }
  }
}
