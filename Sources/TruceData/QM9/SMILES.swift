/// The atoms and bonds of a molecule without its hydrogens, read from a line of SMILES in Kekulé form.
///
/// Understands what QM9's lines hold: C, N, O and F, charges and hydrogens in brackets, single, double and triple bonds,
/// branches, and rings closed by one digit.
///
/// - Source: D. Weininger, "SMILES, a chemical language and information system", J. Chem. Inf. Comput. Sci. 28, 1988.
struct SMILES: Equatable {
  /// A bond between two atoms, by their places in the line.
  struct Bond: Equatable {
    let first, second, order: Int
  }

  /// Why a text is none.
  struct Problem: Error, Equatable {
    let reason: String
  }

  /// The atoms' elements, in the line's order.
  private(set) var atoms: [Element] = []
  /// The bonds, those of a chain before those that close a ring behind them.
  private(set) var bonds: [Bond] = []

  /// Reads a line.
  ///
  /// - Throws: ``Problem`` that says what cannot be read.
  /// - Complexity: O(length of the text).
  init(_ text: String) throws(Problem) {
    var reader = SMILESReader(text)
    try reader.read()
    (atoms, bonds) = (reader.atoms, reader.bonds)
  }
}

/// One walk over a line.
private struct SMILESReader {
  private(set) var atoms: [Element] = []
  private(set) var bonds: [SMILES.Bond] = []
  private var rest: Substring
  /// The atom that the next one is bonded to, and those to return to at the end of a branch.
  private var last: Int?
  private var branches: [Int?] = []
  private var order = 1
  private var rings: [Character: (atom: Int, order: Int)] = [:]

  init(_ text: String) { rest = text[...] }

  mutating func read() throws(SMILES.Problem) {
    while let letter = rest.popFirst() { try take(letter) }
    guard branches.isEmpty else { throw SMILES.Problem(reason: "a branch is opened and never closed") }
    if let ring = rings.keys.min() { throw SMILES.Problem(reason: "the ring \(ring) is never closed") }
    guard !atoms.isEmpty else { throw SMILES.Problem(reason: "it has no atom") }
  }

  private mutating func take(_ letter: Character) throws(SMILES.Problem) {
    switch letter {
    case "-": order = 1
    case "=": order = 2
    case "#": order = 3
    case "(": branches.append(last)
    case ")":
      guard let start = branches.popLast() else {
        throw SMILES.Problem(reason: "a branch is closed and none is open")
      }
      last = start
    case "0"..."9": try ring(letter)
    case "[": try bracket()
    default: try append(String(letter))
    }
  }

  /// An atom in brackets: its element, and then hydrogens and a charge, which change no bond.
  private mutating func bracket() throws(SMILES.Problem) {
    guard let end = rest.firstIndex(of: "]") else {
      throw SMILES.Problem(reason: "a bracket is opened and never closed")
    }
    let inside = rest[..<end]
    rest = rest[rest.index(after: end)...]
    guard inside.dropFirst().allSatisfy({ $0 == "H" || $0 == "+" || $0 == "-" || $0.isNumber }) else {
      throw SMILES.Problem(reason: "'[\(inside)]' is no atom with hydrogens and a charge")
    }
    try append(String(inside.prefix(1)))
  }

  private mutating func append(_ symbol: String) throws(SMILES.Problem) {
    guard let element = Element(rawValue: symbol), element != .hydrogen else {
      throw SMILES.Problem(reason: "'\(symbol)' is none of C, N, O and F")
    }
    if let last { bonds.append(SMILES.Bond(first: last, second: atoms.count, order: order)) }
    last = atoms.count
    atoms.append(element)
    order = 1
  }

  private mutating func ring(_ digit: Character) throws(SMILES.Problem) {
    guard let last else { throw SMILES.Problem(reason: "a ring begins before the first atom") }
    if let start = rings.removeValue(forKey: digit) {
      guard start.atom != last else { throw SMILES.Problem(reason: "the ring \(digit) has one atom") }
      bonds.append(SMILES.Bond(first: start.atom, second: last, order: max(start.order, order)))
    } else {
      rings[digit] = (last, order)
    }
    order = 1
  }
}
