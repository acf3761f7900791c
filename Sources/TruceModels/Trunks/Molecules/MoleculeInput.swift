import Torch

/// What a trunk reads out of tables of molecules: [examples, atoms, 14 + atoms].
///
/// A row is an atom: eleven features, of which the sixth is the atomic number, the place in Å, and the order of the bond with
/// each atom: 0 for none, 1 to 3, 4 for an aromatic one. The atoms of a molecule are the first rows; a row without one has the
/// atomic number 0. Rows and columns behind the batch's largest molecule are cut off, since nothing depends on them.
struct MoleculeInput {
  static let featureCount = 11
  /// One mark for each kind of bond, and the distance.
  static let edgeCount = 5
  private static let bondKinds = 4
  private static let numberColumn = 5, placeCount = 3

  /// The atoms' features [examples, atoms, 11].
  let features: Tensor
  /// Which rows hold an atom [examples, atoms].
  let isAtom: Tensor
  /// For each two atoms the kind of their bond and their distance in Å [examples, atoms, atoms, 5].
  let edges: Tensor
  /// 1 for two different atoms of a molecule, else 0 [examples, atoms, atoms].
  let areNeighbours: Tensor

  /// The number of atoms for which examples of this shape have room; nil where they are no molecules.
  static func atomCount(of shape: [Int?]) -> Int? {
    guard shape.count == 2, let atoms = shape[0], let columns = shape[1], atoms > 0,
      columns == featureCount + placeCount + atoms
    else { return nil }
    return atoms
  }

  init(_ tables: Tensor) {
    let (features, fixed) = (Self.featureCount, Self.featureCount + Self.placeCount)
    let isAnyAtom = tables.selected(2, Self.numberColumn).greater(0)
    let count = max(1, Int(isAnyAtom.to(.int64).sum([1]).amax().item()))
    let rows = tables.narrowed(1, start: 0, length: count)
    self.features = rows.narrowed(2, start: 0, length: features)
    isAtom = isAnyAtom.narrowed(1, start: 0, length: count)
    let places = rows.narrowed(2, start: features, length: Self.placeCount)
    edges = Self.edges(places: places, bonds: rows.narrowed(2, start: fixed, length: count))
    let both = isAtom.unsqueezed(2).and(isAtom.unsqueezed(1)).to(tables.dtype)
    areNeighbours = both - both * Tensor.eye(count, dtype: tables.dtype, device: tables.device)
  }

  private static func edges(places: Tensor, bonds: Tensor) -> Tensor {
    let between = places.unsqueezed(2) - places.unsqueezed(1)
    let distances = between.square().sum([-1]).sqrt()
    let marks = (1...bondKinds).map { bonds.equal(Double($0)).to(places.dtype) }
    return Tensor.stacked(marks + [distances], axis: -1)
  }
}
