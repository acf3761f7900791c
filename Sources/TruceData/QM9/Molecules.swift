import Truce

/// Molecules with their atoms, places, bonds and properties, side by side in a few arrays.
///
/// 130,831 molecules take about 100 MB.
public struct Molecules: Sendable {
  /// A bond between two atoms of a molecule.
  struct Bond: Equatable, Sendable {
    let first, second, order: UInt8
  }

  /// One molecule.
  struct Molecule: Sendable {
    let number: Int
    let elements: [Element]
    /// In Å.
    let places: [SIMD3<Double>]
    let bonds: [SMILES.Bond]
    /// A value for each of ``QM9Target``, in its unit.
    let values: [Double]
  }

  /// The greatest number of atoms of a molecule of QM9.
  public static let mostAtoms = 29

  /// The molecules' numbers in QM9.
  public private(set) var numbers: [Int] = []
  private var elements: [Element] = []
  private var places: [SIMD3<Float>] = []
  private var bonds: [Bond] = []
  private var values: [Double] = []
  /// Where a molecule's atoms and bonds begin, and at last where they end.
  private var atomStarts = [0], bondStarts = [0]

  init() {}

  /// The number of molecules.
  public var count: Int { numbers.count }

  mutating func append(_ molecule: Molecule) {
    numbers.append(molecule.number)
    elements += molecule.elements
    places += molecule.places.map { SIMD3<Float>($0) }
    bonds += molecule.bonds.map {
      Bond(first: UInt8($0.first), second: UInt8($0.second), order: UInt8($0.order))
    }
    values += molecule.values
    atomStarts.append(elements.count)
    bondStarts.append(bonds.count)
  }

  /// The property of a molecule, in the target's unit.
  public func value(of target: QM9Target, at position: Int) -> Double {
    let count = QM9Target.allCases.count
    guard let place = QM9Target.allCases.firstIndex(of: target) else { return .nan }
    return values[position * count + place]
  }

  func elements(at position: Int) -> ArraySlice<Element> {
    elements[atomStarts[position]..<atomStarts[position + 1]]
  }

  func places(at position: Int) -> ArraySlice<SIMD3<Float>> {
    places[atomStarts[position]..<atomStarts[position + 1]]
  }

  func bonds(at position: Int) -> ArraySlice<Bond> { bonds[bondStarts[position]..<bondStarts[position + 1]] }
}

// MARK: Splits

extension Molecules {
  /// How many molecules each part has.
  public struct Sizes: Equatable, Sendable {
    /// The molecules to learn from; nil for all that are left.
    public var training: Int?
    /// The molecules to choose by.
    public var validation: Int
    /// The molecules to report on.
    public var test: Int

    /// Creates sizes; by default those of the published protocol.
    public init(training: Int? = nil, validation: Int = 10_000, test: Int = 10_000) {
      self.training = training
      self.validation = validation
      self.test = test
    }
  }

  /// The positions of each part's molecules: of a random order the first for the test, the next for validation, and the
  /// rest, or the first of the rest, to learn from.
  ///
  /// With the same seed, a smaller number of training molecules is part of every larger one.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where there are not so many.
  public func parts(_ sizes: Sizes, seed: UInt64) throws(DataError) -> [Split: [Int]] {
    let left = count - sizes.test - sizes.validation
    guard left >= 1 else {
      throw .invalidValue(
        parameter: "the number of molecules for validation and test",
        rule: "less than \(count), as many as there are", received: "\(sizes.test + sizes.validation)")
    }
    let training = sizes.training ?? left
    guard training <= left else {
      throw .invalidValue(
        parameter: "the number of molecules to learn from", rule: "at most \(left), as many as are left",
        received: "\(training)")
    }
    var source = RandomSource(seed: seed, for: .split)
    let order = source.order(of: count)
    return [
      .test: Array(order.prefix(sizes.test)),
      .validation: Array(order.dropFirst(sizes.test).prefix(sizes.validation)),
      .training: Array(order.dropFirst(sizes.test + sizes.validation).prefix(training)),
    ]
  }
}
