/// Finds the bonds of a molecule whose atoms' places are known, from its line of SMILES.
///
/// The line says which bonds there are between atoms other than hydrogen, the places say which atom is which. The atoms of
/// a line usually have the file's order. Where a bond would then be longer than 1.35 times the sum of the two radii, the
/// first other order is taken in which none is (6 of the 130,831 molecules); where there is none, because the molecule has
/// changed its bonds on the way to its lowest energy, the usual order stays as long as no bond is longer than 1.6 times the
/// sum (2 molecules). A hydrogen is bonded to the nearest other atom.
struct BondFinder {
  /// Bonds of a molecule do not fit its places.
  struct Problem: Error, Equatable {
    let reason: String
  }

  /// The longest bond over the sum of the radii that is usual, and that is borne.
  private static let usualStretch = 1.35, greatestStretch = 1.6
  /// The farthest a hydrogen may be from the atom it is bonded to, in Å.
  private static let hydrogenReach = 1.5

  private let elements: [Element]
  private let places: [SIMD3<Double>]
  /// The places of the atoms that are no hydrogens.
  private let heavy: [Int]

  init(elements: [Element], places: [SIMD3<Double>]) {
    self.elements = elements
    self.places = places
    heavy = elements.indices.filter { elements[$0] != .hydrogen }
  }

  /// The bonds between atoms by their places in the file.
  ///
  /// - Throws: ``Problem`` where the line is of another molecule.
  /// - Complexity: O(atoms²) where the line has the file's order; else at most the orders of nine atoms.
  func bonds(of line: SMILES) throws(Problem) -> [SMILES.Bond] {
    let order = try order(of: line)
    let between = line.bonds.map {
      SMILES.Bond(first: order[$0.first], second: order[$0.second], order: $0.order)
    }
    var all = between
    for atom in elements.indices where elements[atom] == .hydrogen {
      all.append(SMILES.Bond(first: try partner(of: atom), second: atom, order: 1))
    }
    return all
  }

  private func distance(_ a: Int, _ b: Int) -> Double {
    let difference = places[a] - places[b]
    return (difference * difference).sum().squareRoot()
  }

  private func isBond(_ a: Int, _ b: Int, stretch: Double) -> Bool {
    distance(a, b) <= stretch * (elements[a].radius + elements[b].radius)
  }

  // MARK: Hydrogens

  private func partner(of hydrogen: Int) throws(Problem) -> Int {
    let nearest = heavy.min { distance($0, hydrogen) < distance($1, hydrogen) }
    guard let nearest, distance(nearest, hydrogen) <= Self.hydrogenReach else {
      throw Problem(reason: "hydrogen \(hydrogen + 1) is far from every other atom")
    }
    return nearest
  }

  // MARK: Order

  /// The atom of the file that each atom of the line is.
  private func order(of line: SMILES) throws(Problem) -> [Int] {
    guard line.atoms.count == heavy.count,
      line.atoms.map(\.place).sorted() == heavy.map({ elements[$0].place }).sorted()
    else {
      throw Problem(reason: "the SMILES has other atoms than the list of elements")
    }
    if fits(heavy, line, stretch: Self.usualStretch) { return heavy }
    if let other = firstOrder(of: line) { return other }
    guard fits(heavy, line, stretch: Self.greatestStretch) else {
      throw Problem(reason: "the bonds of the SMILES do not fit the positions")
    }
    return heavy
  }

  private func fits(_ order: [Int], _ line: SMILES, stretch: Double) -> Bool {
    zip(order, line.atoms).allSatisfy { elements[$0] == $1 }
      && line.bonds.allSatisfy { isBond(order[$0.first], order[$0.second], stretch: stretch) }
  }

  /// The first order in which no bond is longer than usual.
  private func firstOrder(of line: SMILES) -> [Int]? {
    var earlier = line.atoms.map { _ in [Int]() }
    for bond in line.bonds {
      earlier[max(bond.first, bond.second)].append(min(bond.first, bond.second))
    }
    func completed(_ order: [Int]) -> [Int]? {
      let next = order.count
      guard next < line.atoms.count else { return order }
      // The usual place is tried first.
      for atom in [heavy[next]] + heavy where !order.contains(atom) && elements[atom] == line.atoms[next] {
        guard earlier[next].allSatisfy({ isBond(order[$0], atom, stretch: Self.usualStretch) }) else {
          continue
        }
        if let whole = completed(order + [atom]) { return whole }
      }
      return nil
    }
    return completed([])
  }
}
