import TruceFiles

/// Reads molecules out of files, and notes the faults of every line.
struct QM9Reader {
  private(set) var molecules = Molecules()
  private let faults: FaultList
  private var seen: Set<Int> = []

  static let fix = "`truce data fetch qm9 --force` gets the file again"

  init(_ faults: FaultList) { self.faults = faults }

  /// Adds the molecules of a file.
  mutating func read(_ path: String) {
    do throws(FileFault) {
      let reader = try CSVReader(FileInput(path))
      guard try reader.next() else {
        throw FileFault(path: path, line: 1, reason: "the file is empty", help: Self.fix)
      }
      let columns = try QM9Columns(reader)
      while try nextLine(of: reader) { read(QM9Line(reader, columns)) }
    } catch {
      faults.append(error.kind == .missing ? Self.missing(path) : error)
    }
  }

  /// Goes on to the next line that has fields.
  private func nextLine(of reader: CSVReader) throws(FileFault) -> Bool {
    while true {
      do throws(FileFault) {
        return try reader.next()
      } catch {
        guard error.kind == .content else { throw error }
        faults.append(
          FileFault(
            path: error.path, line: error.line, column: error.column, reason: error.reason, help: Self.fix))
      }
    }
  }

  private mutating func read(_ line: QM9Line) {
    do throws(FileFault) {
      let molecule = try line.molecule()
      guard seen.insert(molecule.number).inserted else {
        throw line.fault("Index", "the molecule \(molecule.number) is there for the second time")
      }
      molecules.append(molecule)
    } catch {
      faults.append(error)
    }
  }

  private static func missing(_ path: String) -> FileFault {
    FileFault(
      kind: .missing, path: path, reason: "there is no such file", help: "`truce data fetch qm9` gets it")
  }
}

/// Where a file's columns are.
struct QM9Columns {
  /// The number of a file's columns.
  let count: Int
  private let places: [String: Int]

  private static let structure = ["Index", "SMILES", "N_atoms", "Elements", "XYZ_Ang"]

  /// Reads the first line.
  init(_ reader: CSVReader) throws(FileFault) {
    let names = (0..<reader.count).map { reader.text($0) ?? "" }
    count = names.count
    places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for wanted in Self.structure + QM9Target.allCases.map(\.column) where places[wanted] == nil {
      throw reader.fault("there is no column '\(wanted)'", help: QM9Reader.fix)
    }
  }

  subscript(name: String) -> Int { places[name] ?? 0 }
}

/// A line of a file: one molecule.
struct QM9Line {
  private let reader: CSVReader
  private let columns: QM9Columns

  init(_ reader: CSVReader, _ columns: QM9Columns) {
    self.reader = reader
    self.columns = columns
  }

  /// A fault at a column of this line.
  func fault(_ column: String, _ reason: String) -> FileFault {
    reader.fault(at: columns[column], reason, help: QM9Reader.fix)
  }

  /// The molecule.
  func molecule() throws(FileFault) -> Molecules.Molecule {
    guard reader.count == columns.count else {
      throw reader.fault(
        "the line has \(reader.count) fields and the file \(columns.count) columns: it was cut off or changed",
        help: QM9Reader.fix)
    }
    let elements = try elements()
    let places = try places(of: elements.count)
    var values: [Double] = []
    for target in QM9Target.allCases {
      values.append(target.value(try number(target.column), of: elements))
    }
    return Molecules.Molecule(
      number: Int(try number("Index")), elements: elements, places: places,
      bonds: try bonds(elements, places), values: values)
  }

  private func number(_ column: String) throws(FileFault) -> Double {
    guard let number = reader.number(columns[column]), abs(number) < 1e15 else {
      let found = reader.text(columns[column]) ?? "text that is no UTF-8"
      throw fault(column, "\(column) is '\(found.prefix(40))', which is no finite number")
    }
    return number
  }

  private func elements() throws(FileFault) -> [Element] {
    let text = reader.text(columns["Elements"]) ?? ""
    var elements: [Element] = []
    for word in text.split(whereSeparator: { "[]', ".contains($0) }) {
      guard let element = Element(rawValue: String(word)) else {
        throw fault("Elements", "the atom '\(word.prefix(20))' is none of H, C, N, O and F")
      }
      elements.append(element)
    }
    guard (1...Molecules.mostAtoms).contains(elements.count) else {
      throw fault("Elements", "\(elements.count) atoms, and a molecule has 1 to \(Molecules.mostAtoms)")
    }
    let written = try number("N_atoms")
    guard written == Double(elements.count) else {
      throw fault("N_atoms", "N_atoms is \(written) and Elements has \(elements.count) atoms")
    }
    return elements
  }

  private func places(of count: Int) throws(FileFault) -> [SIMD3<Double>] {
    let numbers = reader.withBytes(of: columns["XYZ_Ang"], NumberList.numbers)
    guard let numbers else { throw fault("XYZ_Ang", "a position is no finite number") }
    guard numbers.count == 3 * count else {
      throw fault("XYZ_Ang", "\(numbers.count) coordinates for \(count) atoms, which have three each")
    }
    return (0..<count).map { SIMD3(numbers[3 * $0], numbers[3 * $0 + 1], numbers[3 * $0 + 2]) }
  }

  private func bonds(
    _ elements: [Element], _ places: [SIMD3<Double>]
  ) throws(FileFault) -> [SMILES.Bond] {
    let text = reader.text(columns["SMILES"]) ?? ""
    let line: SMILES
    do throws(SMILES.Problem) { line = try SMILES(text) } catch {
      throw fault("SMILES", "the SMILES '\(text.prefix(60))' cannot be read: \(error.reason)")
    }
    do throws(BondFinder.Problem) {
      return try BondFinder(elements: elements, places: places).bonds(of: line)
    } catch {
      throw fault("SMILES", "'\(text.prefix(60))': \(error.reason)")
    }
  }
}

/// Numbers between brackets and commas.
enum NumberList {
  /// The numbers of a list of lists, as Python writes it; nil where one is not finite.
  static func numbers(_ bytes: UnsafeBufferPointer<UInt8>) -> [Double]? {
    var numbers: [Double] = []
    var start = 0
    for position in 0...bytes.count where position == bytes.count || isSeparator(bytes[position]) {
      if start < position {
        let word = UnsafeBufferPointer(rebasing: bytes[start..<position])
        guard let number = DecimalText.number(word) else { return nil }
        numbers.append(number)
      }
      start = position + 1
    }
    return numbers
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
      || byte == UInt8(ascii: " ")
  }
}
