/// One of the eleven properties of QM9 that multi-task learning is measured on.
///
/// Values and their units are those that the published tables print. Energies of a molecule are energies of atomisation: the
/// energies of its atoms alone are taken off first.
///
/// - Source: A. Navon et al., "Multi-Task Learning as a Bargaining Game", ICML 2022, whose tasks these are; the atoms'
///   energies are those that R. Ramakrishnan et al. publish with QM9.
public enum QM9Target: String, CaseIterable, Sendable {
  /// The dipole moment, in D.
  case dipole = "mu"
  /// The isotropic polarisability, in a₀³.
  case polarizability = "alpha"
  /// The energy of the highest occupied orbital, in meV.
  case homo
  /// The energy of the lowest unoccupied orbital, in meV.
  case lumo
  /// The electronic spatial extent, in a₀².
  case extent = "r2"
  /// The vibrational energy at the absolute zero, in meV.
  case zeroPointEnergy = "zpve"
  /// The internal energy of atomisation at 0 K, in meV.
  case energyAtZero = "u0"
  /// The internal energy of atomisation at 298.15 K, in meV.
  case energy = "u"
  /// The enthalpy of atomisation at 298.15 K, in meV.
  case enthalpy = "h"
  /// The free energy of atomisation at 298.15 K, in meV.
  case freeEnergy = "g"
  /// The heat capacity at 298.15 K, in cal/(mol K).
  case heatCapacity = "cv"

  /// The name of its task.
  public var taskName: String { rawValue }

  /// The property in a few words, with its unit.
  public var summary: String { "\(title), in \(unit)" }

  /// The unit of a value.
  public var unit: String {
    switch self {
    case .dipole: "D"
    case .polarizability: "a₀³"
    case .extent: "a₀²"
    case .heatCapacity: "cal/(mol K)"
    default: "meV"
    }
  }

  private var title: String {
    switch self {
    case .dipole: "dipole moment"
    case .polarizability: "isotropic polarisability"
    case .homo: "energy of the highest occupied orbital"
    case .lumo: "energy of the lowest unoccupied orbital"
    case .extent: "electronic spatial extent"
    case .zeroPointEnergy: "zero-point vibrational energy"
    case .energyAtZero: "internal energy of atomisation at 0 K"
    case .energy: "internal energy of atomisation at 298.15 K"
    case .enthalpy: "enthalpy of atomisation at 298.15 K"
    case .freeEnergy: "free energy of atomisation at 298.15 K"
    case .heatCapacity: "heat capacity at 298.15 K"
    }
  }
}

// MARK: Columns

extension QM9Target {
  /// A hartree in meV.
  ///
  /// - Source: CODATA 2018.
  static let hartree = 27_211.386_246

  /// The column of the files.
  var column: String {
    switch self {
    case .dipole: "Dipole_debye"
    case .polarizability: "Polarizability_bohr3"
    case .homo: "HOMO_au"
    case .lumo: "LUMO_au"
    case .extent: "R2_bohr2"
    case .zeroPointEnergy: "ZPVE_au"
    case .energyAtZero: "InternalEnergy_0K_au"
    case .energy: "InternalEnergy_298K_au"
    case .enthalpy: "Enthalphy_298K_au"
    case .freeEnergy: "GibbsFreeEnergy_298K_au"
    case .heatCapacity: "Heatcapacity_Cv_cal_mol_K"
    }
  }

  /// A value of the column in the target's unit.
  func value(_ written: Double, of elements: [Element]) -> Double {
    let alone = atomEnergies.map { energies in elements.reduce(0) { $0 + energies[$1.place] } } ?? 0
    return (written - alone) * (unit == "meV" ? Self.hartree : 1)
  }

  /// The energies of single atoms in hartree, in the order of ``Element``; nil where none are taken off.
  private var atomEnergies: [Double]? {
    switch self {
    case .energyAtZero: [-0.500273, -37.846772, -54.583861, -75.064579, -99.718730]
    case .energy: [-0.498857, -37.845355, -54.582445, -75.063163, -99.717314]
    case .enthalpy: [-0.497912, -37.844411, -54.581501, -75.062219, -99.716370]
    case .freeEnergy: [-0.510927, -37.861317, -54.598897, -75.079532, -99.733544]
    default: nil
    }
  }
}
