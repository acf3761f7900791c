public import Torch
public import TorchNN
import TruceOptions

/// The message-passing network with which the published QM9 protocol trains.
///
/// A linear map with ReLU makes a vector of each atom's features. Three times, with the same parameters, every atom hears all
/// others of its molecule through a map that follows from their bond and distance, takes the mean, and a gated recurrent unit
/// takes it in. Set2Set reads the atoms out, and a linear map with ReLU makes the features [examples, width].
///
/// Inputs are tables [examples, atoms, 14 + atoms]: a row for each atom with eleven features, of which the sixth is the
/// atomic number, its place in Å, and the order of its bond with each atom. Rows whose atomic number is 0 stand behind the
/// atoms and change nothing.
///
/// - Source: J. Gilmer et al., "Neural Message Passing for Quantum Chemistry", ICML 2017; the sizes are those of A. Navon et
///   al., "Multi-Task Learning as a Bargaining Game", ICML 2022, and its public code, whose names the parameters bear.
/// - Complexity: O(atoms · edge width · width² + atoms² · edge width · width) a molecule and pass.
public final class MoleculeTrunk: VectorTrunk {
  /// The number of features.
  public let featureCount: Int

  private let stepCount: Int
  private let lin0, lin1: Linear
  private let conv: EdgeConvolution
  private let gru: GRUCell
  private let set2set: Set2Set

  /// Creates the trunk with PyTorch's default first values.
  ///
  /// - Parameters:
  ///   - width: The length of an atom's vector, and the number of features.
  ///   - edgeWidth: The width inside the network that makes a map out of a bond and a distance.
  ///   - stepCount: How often the atoms hear each other.
  ///   - readoutStepCount: How often the readout looks at the atoms.
  ///   - generator: Where the first values come from.
  public init(
    width: Int = 64, edgeWidth: Int = 128, stepCount: Int = 3, readoutStepCount: Int = 3,
    using generator: Generator
  ) {
    featureCount = width
    self.stepCount = stepCount
    lin0 = Linear(MoleculeInput.featureCount, width, using: generator)
    conv = EdgeConvolution(width: width, edgeWidth: edgeWidth, using: generator)
    gru = GRUCell(width, width, using: generator)
    set2set = Set2Set(width: width, stepCount: readoutStepCount, using: generator)
    lin1 = Linear(2 * width, width, using: generator)
  }

  /// Shows the layers.
  public func visit(_ visitor: ModuleVisitor) {
    visitor.child("lin0", lin0)
    visitor.child("conv", conv)
    visitor.child("gru", gru)
    visitor.child("set2set", set2set)
    visitor.child("lin1", lin1)
  }

  /// The features of molecules.
  public func forward(_ input: Tensor) -> Tensor {
    let molecules = MoleculeInput(input)
    let edges = conv.edges(of: molecules)
    var atoms = lin0(molecules.features).relu()
    for _ in 0..<stepCount {
      let heard = conv.forward(atoms, edges).relu()
      atoms = gru.forward(heard.flattened(from: 0, to: 1), atoms.flattened(from: 0, to: 1)).view(as: atoms)
    }
    return lin1(set2set.forward(atoms, isAtom: molecules.isAtom)).relu()
  }
}

extension TrunkEntry {
  private static let width = Parameter<Int>.atLeast(
    1, "width", default: 64, "The length of an atom's vector, and the number of features.")
  private static let edgeWidth = Parameter<Int>.atLeast(
    1, "edge_width", default: 128, "The width inside the network that makes a map of a bond and a distance.")
  private static let steps = Parameter<Int>.atLeast(
    1, "steps", default: 3, "How often the atoms hear each other.")
  private static let readoutSteps = Parameter<Int>.atLeast(
    1, "readout_steps", default: 3, "How often the readout looks at the atoms.")

  /// The line of the network for molecules.
  static let molecules = TrunkEntry(
    about: TrunkDescription(
      name: "nnconv", summary: "the message-passing network of the published QM9 protocol",
      parameters: [
        width.description, edgeWidth.description, steps.description, readoutSteps.description,
      ], source: "Gilmer et al. 2017; Navon et al. 2022", takes: "molecules [atoms, 14 + atoms]",
      gives: "a vector as long as `width`")
  ) { options, request in
    guard MoleculeInput.atomCount(of: request.inputShape) != nil else {
      throw request.unsuitable("nnconv", takes: "molecules [atoms, 14 + atoms]")
    }
    return MoleculeTrunk(
      width: try options.value(of: width), edgeWidth: try options.value(of: edgeWidth),
      stepCount: try options.value(of: steps), readoutStepCount: try options.value(of: readoutSteps),
      using: request.generator)
  }
}
