import Torch

/// Molecules of one split, each a table of its atoms, read by the threads of a loader.
///
/// The input `molecule` is [29, 43]: a row for each atom in the file's order, zeros behind the last. The columns of a row:
///
/// | columns | what |
/// |---|---|
/// | 0 … 4 | 1 for the atom's element of H, C, N, O, F |
/// | 5 | the atomic number, 0 in a row without an atom |
/// | 6 … 9 | aromatic, sp, sp², sp³: zero, as PyTorch Geometric makes them |
/// | 10 | the number of hydrogens that the atom is bonded to |
/// | 11 … 13 | the place, in Å |
/// | 14 … 42 | for each atom the order of the bond with it, 1 … 3, or 0 for none |
///
/// A target is [1]: the property less the mean, over the deviation.
///
/// - Note: PyTorch Geometric's features 6 … 9 say nothing either: it reads its file without the step that would find them
///   (issues 2163 and 8370 of its repository). Its file has other bonds for a few molecules, and places to 4 decimals.
public struct MoleculeSamples: SampleSource {
  /// A property with what it is standardised by.
  public struct Property: Equatable, Sendable {
    /// The property.
    public let target: QM9Target
    /// The mean over the training molecules, in the target's unit.
    public let mean: Double
    /// The deviation over the training molecules, in the target's unit: the root of the sum of squares over count - 1.
    public let deviation: Double
  }

  /// The number of an atom's features.
  public static let featureCount = 11
  /// The number of columns before the bonds: features and place.
  static let fixedCount = featureCount + 3
  /// The input's shape.
  public static let shape = [Molecules.mostAtoms, fixedCount + Molecules.mostAtoms]

  private let molecules: Molecules
  private let positions: [Int]
  private let properties: [Property]

  /// Chooses molecules and properties.
  ///
  /// - Parameters:
  ///   - molecules: All molecules.
  ///   - positions: Those that are taken, in order.
  ///   - properties: What the tasks ask.
  public init(_ molecules: Molecules, positions: [Int], properties: [Property]) {
    self.molecules = molecules
    self.positions = positions
    self.properties = properties
  }

  /// The number of molecules.
  public var count: Int { positions.count }

  /// The molecule's number in QM9.
  public func name(ofSample position: Int) -> String { "molecule \(molecules.numbers[positions[position]])" }

  /// Writes a molecule's table.
  public func sample(at position: Int) -> Sample {
    let place = positions[position]
    var table = HostArray(zeros: Self.shape, dtype: .float32)
    table.withMutableElements { fill($0, with: place) }
    return Sample(
      inputs: [Sample.Input("molecule", table)], targets: properties.map { target(of: $0, at: place) })
  }

  /// A molecule's property, without its table.
  public func target(ofTask name: String, at position: Int) -> Sample.Target? {
    properties.first { $0.target.taskName == name }.map { target(of: $0, at: positions[position]) }
  }

  private func target(of property: Property, at place: Int) -> Sample.Target {
    let value = molecules.value(of: property.target, at: place)
    return Sample.Target(
      property.target.taskName, HostArray([Float((value - property.mean) / property.deviation)]))
  }

  private func fill(_ table: UnsafeMutableBufferPointer<Float>, with place: Int) {
    let width = Self.shape[1]
    let elements = Array(molecules.elements(at: place))
    for (row, (element, at)) in zip(elements, molecules.places(at: place)).enumerated() {
      let start = row * width
      table[start + element.place] = 1
      table[start + 5] = Float(element.atomicNumber)
      for axis in 0..<3 { table[start + Self.featureCount + axis] = at[axis] }
    }
    for bond in molecules.bonds(at: place) {
      let (first, second) = (Int(bond.first), Int(bond.second))
      for (atom, other) in [(first, second), (second, first)] {
        table[atom * width + Self.fixedCount + other] = Float(bond.order)
        if elements[other] == .hydrogen { table[atom * width + Self.featureCount - 1] += 1 }
      }
    }
  }
}

/// How properties became standardised numbers; it is left in a run's folder.
public struct MoleculeEncoding: Codable, Equatable, Sendable {
  /// A task's property.
  public struct Task: Codable, Equatable, Sendable {
    /// The task's name.
    public let name: String
    /// The unit of mean and deviation.
    public let unit: String
    /// What was taken off.
    public let mean: Double
    /// What the rest was divided by.
    public let deviation: Double
  }

  /// The tasks, in order.
  public let tasks: [Task]

  /// Writes properties down.
  public init(_ properties: [MoleculeSamples.Property]) {
    tasks = properties.map {
      Task(name: $0.target.taskName, unit: $0.target.unit, mean: $0.mean, deviation: $0.deviation)
    }
  }
}

extension Molecules {
  /// What a property is standardised by: mean and deviation over molecules to learn from.
  ///
  /// - Throws: ``DataError/invalidValue(parameter:rule:received:)`` where the molecules do not differ in it.
  public func property(
    _ target: QM9Target, over positions: [Int]
  ) throws(DataError) -> MoleculeSamples.Property {
    let values = positions.map { value(of: target, at: $0) }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (squares / Double(values.count - 1)).squareRoot()
    guard deviation.isFinite, deviation > 0 else {
      throw .invalidValue(
        parameter: "the number of molecules to learn from",
        rule: "so large that '\(target.taskName)' differs among them", received: "\(values.count)")
    }
    return MoleculeSamples.Property(target: target, mean: mean, deviation: deviation)
  }
}
