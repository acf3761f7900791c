import Testing
import Torch
import TorchNN
import TorchTestSupport

/// Recurrent cells against PyTorch's and finite differences.
///
/// The values are those of PyTorch 2.15.0 in float64: `GRUCell(3, 2)` and `LSTMCell(3, 2)` whose parameter i, in the order of
/// `parameters()`, holds wave(shape, i, 0.5), for the input wave([2, 3], 0.3), the memory wave([2, 2], 0.6) and the store
/// wave([2, 2], 0.9).
@Suite("Recurrent cells")
struct RecurrentCellTests {
  private let input = wave([2, 3], 0.3), memory = wave([2, 2], 0.6), store = wave([2, 2], 0.9)
  private let names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]

  private func fill(_ module: any Module) {
    for (index, tensor) in module.parameters.tensors.enumerated() {
      withoutGradients { _ = tensor.copyInPlace(from: wave(tensor.shape, Double(index), scale: 0.5)) }
    }
  }

  @Test("A gated recurrent unit")
  func gru() throws {
    let cell = GRUCell(3, 2, using: Generator(seed: 1), dtype: .float64)
    #expect(cell.parameters.names == names && cell.parameterCount == 42 && cell.stateCount == 2)
    fill(cell)
    let expected = [
      -0.10197934897701538, -0.06323454052589783, 0.18749364162434903, 0.054052496278436155,
    ]
    #expect(cell.forward(input, memory).distance(to: Tensor(expected, shape: [2, 2])) < 1e-14)
    var variables = cell.parameters
    variables.append(input, named: "input")
    variables.append(memory, named: "memory")
    try expectGradients(variables) { (cell.forward(input, memory) * wave([2, 2], 1.7)).sum() }
  }

  @Test("Long short-term memory")
  func lstm() throws {
    let cell = LSTMCell(3, 2, using: Generator(seed: 1), dtype: .float64)
    #expect(cell.parameters.names == names && cell.parameterCount == 56 && cell.stateCount == 2)
    fill(cell)
    let state = LSTMCell.State(memory: memory, store: store)
    let next = cell.forward(input, state)
    let memories = [-0.03433380637729578, 0.0598757718109452, 0.08289358929465307, 0.1041996368574082]
    let stores = [-0.049210690998770096, 0.11171768435183521, 0.1712393622922158, 0.1649341580311598]
    #expect(next.memory.distance(to: Tensor(memories, shape: [2, 2])) < 1e-14)
    #expect(next.store.distance(to: Tensor(stores, shape: [2, 2])) < 1e-14)
    var variables = cell.parameters
    for (name, tensor) in [("input", input), ("memory", memory), ("store", store)] {
      variables.append(tensor, named: name)
    }
    try expectGradients(variables) {
      let next = cell.forward(input, state)
      return (next.memory * wave([2, 2], 1.7) + next.store * wave([2, 2], 0.2)).sum()
    }
  }
}
