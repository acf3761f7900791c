/// The elements that QM9's molecules are made of.
enum Element: String, CaseIterable, Sendable {
  case hydrogen = "H"
  case carbon = "C"
  case nitrogen = "N"
  case oxygen = "O"
  case fluorine = "F"

  /// The place among the five, which is that of its mark among an atom's features.
  var place: Int {
    switch self {
    case .hydrogen: 0
    case .carbon: 1
    case .nitrogen: 2
    case .oxygen: 3
    case .fluorine: 4
    }
  }

  /// The number of protons.
  var atomicNumber: Int { self == .hydrogen ? 1 : place + 5 }

  /// Half the length of a usual single bond between two such atoms, in Å.
  ///
  /// - Source: B. Cordero et al., "Covalent radii revisited", Dalton Transactions 2008, table 2.
  var radius: Double {
    switch self {
    case .hydrogen: 0.31
    case .carbon: 0.76
    case .nitrogen: 0.71
    case .oxygen: 0.66
    case .fluorine: 0.57
    }
  }
}
