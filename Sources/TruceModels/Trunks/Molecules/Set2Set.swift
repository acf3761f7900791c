import Torch
import TorchNN

/// Reads a set of atoms out into one vector, whatever their number and order.
///
/// ```
/// qₜ = LSTM(q*ₜ₋₁)      aᵢ = softmaxᵢ(xᵢ · qₜ)      rₜ = Σ aᵢ xᵢ      q*ₜ = (qₜ, rₜ)
/// ```
///
/// - Source: O. Vinyals et al., "Order Matters: Sequence to sequence for sets", ICLR 2016, section 4; `Set2Set` of PyTorch
///   Geometric.
final class Set2Set: Module {
  /// What stands for the weight of a row without an atom before the softmax; its share is then exactly 0.
  private static let nothing = -1e30

  private let width, stepCount: Int
  private let lstm: LSTMCell

  init(width: Int, stepCount: Int, using generator: Generator) {
    self.width = width
    self.stepCount = stepCount
    lstm = LSTMCell(2 * width, width, using: generator)
  }

  func visit(_ visitor: ModuleVisitor) { visitor.child("lstm", lstm) }

  /// The vectors [examples, 2 · width] of atoms [examples, atoms, width], of which only those marked count.
  func forward(_ atoms: Tensor, isAtom: Tensor) -> Tensor {
    let zeros = Tensor.zeros([atoms.shape[0], width], dtype: atoms.dtype, device: atoms.device)
    var state = LSTMCell.State(memory: zeros, store: zeros)
    var answer = Tensor.concatenated([zeros, zeros], axis: 1)
    let isMissing = isAtom.not()
    for _ in 0..<stepCount {
      state = lstm.forward(answer, state)
      let weights = atoms.bmm(state.memory.unsqueezed(2)).squeezed(2)
      let shares = weights.maskedFilled(isMissing, with: Self.nothing).softmax(1)
      let read = shares.unsqueezed(1).bmm(atoms).squeezed(1)
      answer = Tensor.concatenated([state.memory, read], axis: 1)
    }
    return answer
  }
}
