import Torch
import TorchNN

/// A convolution over pairs of atoms, whose map is a function of the pair: NNConv with the mean over neighbours.
///
/// ```
/// uᵢⱼ = relu(A eᵢⱼ + a)
/// x'ᵢ = R xᵢ + b + 1/|N(i)| Σ_{j ∈ N(i)} xⱼᵀ W(uᵢⱼ),   W(u) = reshape(V u + v, [width, width])
/// ```
///
/// Since W is linear in u, the sum over j is taken after each atom has been multiplied with the slices of V once: no matrix
/// of a pair is ever written, and the work falls from pairs × edge width × width² to atoms × edge width × width². The
/// parameters bear PyTorch Geometric's names.
///
/// - Source: J. Gilmer et al., "Neural Message Passing for Quantum Chemistry", ICML 2017, section 5; `NNConv` of PyTorch
///   Geometric.
final class EdgeConvolution: Module {
  /// What does not change from one pass over a batch to the next.
  struct Edges {
    /// u for each atom and each pair's two others, 0 for those that are no neighbours [examples, atoms, atoms · edge width].
    let hidden: Tensor
    /// 1 for neighbours, else 0 [examples, atoms, atoms].
    let areNeighbours: Tensor
    /// One over the number of neighbours [examples, atoms, 1].
    let share: Tensor
    /// V in the order in which it is multiplied with [width, edge width · width].
    let slices: Tensor
  }

  private let width, edgeWidth: Int
  private let first, second, root: Linear
  private var bias: Tensor

  init(width: Int, edgeWidth: Int, using generator: Generator) {
    self.width = width
    self.edgeWidth = edgeWidth
    first = Linear(MoleculeInput.edgeCount, edgeWidth, using: generator)
    second = Linear(edgeWidth, width * width, using: generator)
    root = Linear(width, width, hasBias: false, using: generator)
    bias = Tensor.zeros([width]).requiringGrad()
  }

  func visit(_ visitor: ModuleVisitor) {
    visitor.parameter("bias", &bias)
    visitor.child("nn.0", first)
    visitor.child("nn.2", second)
    visitor.child("lin", root)
  }

  /// Prepares the passes over a batch.
  func edges(of molecules: MoleculeInput) -> Edges {
    let areNeighbours = molecules.areNeighbours
    let (examples, atoms) = (areNeighbours.shape[0], areNeighbours.shape[1])
    let hidden = first(molecules.edges).relu() * areNeighbours.unsqueezed(3)
    let counts = areNeighbours.sum([2], keepingAxes: true).clamped(minimum: 1.0)
    return Edges(
      hidden: hidden.reshaped([examples, atoms, atoms * edgeWidth]), areNeighbours: areNeighbours,
      share: counts.reciprocal(),
      slices: second.weight.reshaped([width, width, edgeWidth]).permuted([0, 2, 1])
        .reshaped([width, edgeWidth * width]))
  }

  /// One pass over atoms [examples, atoms, width].
  func forward(_ atoms: Tensor, _ edges: Edges) -> Tensor {
    let (examples, count) = (atoms.shape[0], atoms.shape[1])
    let products = atoms.reshaped([examples * count, width]).matmul(edges.slices)
    var sums = edges.hidden.bmm(products.reshaped([examples, count * edgeWidth, width]))
    if let constant = second.bias {
      sums = sums + edges.areNeighbours.bmm(atoms.matmul(constant.reshaped([width, width])))
    }
    return sums * edges.share + root(atoms) + bias
  }
}
