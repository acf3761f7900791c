public import Torch

/// A gated recurrent unit: one step of a memory h under an input x.
///
/// ```
/// r = σ(W_r x + b_r + U_r h + c_r)
/// z = σ(W_z x + b_z + U_z h + c_z)
/// n = tanh(W_n x + b_n + r ⊙ (U_n h + c_n))
/// h' = n + z ⊙ (h − n)
/// ```
///
/// The parameters bear the names that they have in PyTorch's `GRUCell`; the maps stand one below the other, r, z, n.
///
/// - Source: K. Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation",
///   2014, with the reset behind the map, as PyTorch has it.
public final class GRUCell: Module {
  /// The number of elements of the memory.
  public let stateCount: Int
  private let maps: RecurrentMaps

  /// Creates the cell with PyTorch's first values: uniform draws from ±1 / √states.
  ///
  /// - Parameters:
  ///   - inputCount: The length of an input.
  ///   - stateCount: The length of the memory.
  ///   - generator: Where the draws come from, in host memory.
  ///   - dtype: The type of the parameters.
  public init(_ inputCount: Int, _ stateCount: Int, using generator: Generator, dtype: DType = .float32) {
    self.stateCount = stateCount
    maps = RecurrentMaps(inputCount, stateCount, gates: 3, using: generator, dtype: dtype)
  }

  /// Shows the maps of input and memory.
  public func visit(_ visitor: ModuleVisitor) { maps.visit(visitor) }

  /// The memory [rows, states] after one step under inputs [rows, inputs].
  public func forward(_ input: Tensor, _ state: Tensor) -> Tensor {
    let own = maps.ofInput(input).chunks(3, axis: 1)
    let old = maps.ofState(state).chunks(3, axis: 1)
    let reset = (own[0] + old[0]).sigmoid()
    let kept = (own[1] + old[1]).sigmoid()
    let new = (own[2] + reset * old[2]).tanh()
    return new + kept * (state - new)
  }
}

/// Long short-term memory: one step of a memory h with a store c under an input x.
///
/// ```
/// i, f, o = σ(W x + b + U h + d)      g = tanh(W_g x + b_g + U_g h + d_g)
/// c' = f ⊙ c + i ⊙ g                  h' = o ⊙ tanh(c')
/// ```
///
/// The parameters bear the names that they have in PyTorch's `LSTMCell`; the maps stand one below the other, i, f, g, o.
///
/// - Source: S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory", 1997, with the gate of F. Gers et al., 2000.
public final class LSTMCell: Module {
  /// A memory and its store, each [rows, states].
  public struct State {
    /// The memory h.
    public var memory: Tensor
    /// The store c.
    public var store: Tensor

    /// Creates a state.
    public init(memory: Tensor, store: Tensor) {
      self.memory = memory
      self.store = store
    }
  }

  /// The number of elements of the memory.
  public let stateCount: Int
  private let maps: RecurrentMaps

  /// Creates the cell with PyTorch's first values: uniform draws from ±1 / √states.
  ///
  /// - Parameters:
  ///   - inputCount: The length of an input.
  ///   - stateCount: The length of the memory.
  ///   - generator: Where the draws come from, in host memory.
  ///   - dtype: The type of the parameters.
  public init(_ inputCount: Int, _ stateCount: Int, using generator: Generator, dtype: DType = .float32) {
    self.stateCount = stateCount
    maps = RecurrentMaps(inputCount, stateCount, gates: 4, using: generator, dtype: dtype)
  }

  /// Shows the maps of input and memory.
  public func visit(_ visitor: ModuleVisitor) { maps.visit(visitor) }

  /// The state after one step under inputs [rows, inputs].
  public func forward(_ input: Tensor, _ state: State) -> State {
    let gates = (maps.ofInput(input) + maps.ofState(state.memory)).chunks(4, axis: 1)
    let store = gates[1].sigmoid() * state.store + gates[0].sigmoid() * gates[2].tanh()
    return State(memory: gates[3].sigmoid() * store.tanh(), store: store)
  }
}

/// The linear maps of a recurrent cell's input and memory, those of all gates one below the other.
private final class RecurrentMaps: Module {
  private var weightInput, weightState, biasInput, biasState: Tensor

  init(_ inputs: Int, _ states: Int, gates: Int, using generator: Generator, dtype: DType) {
    let draws = Initialization.uniform(bound: 1 / Double(states).squareRoot())
    let rows = gates * states
    weightInput = .parameter([rows, inputs], draws, using: generator, dtype: dtype)
    weightState = .parameter([rows, states], draws, using: generator, dtype: dtype)
    biasInput = .parameter([rows], draws, using: generator, dtype: dtype)
    biasState = .parameter([rows], draws, using: generator, dtype: dtype)
  }

  func visit(_ visitor: ModuleVisitor) {
    visitor.parameter("weight_ih", &weightInput)
    visitor.parameter("weight_hh", &weightState)
    visitor.parameter("bias_ih", &biasInput)
    visitor.parameter("bias_hh", &biasState)
  }

  func ofInput(_ input: Tensor) -> Tensor { input.linear(weight: weightInput, bias: biasInput) }

  func ofState(_ state: Tensor) -> Tensor { state.linear(weight: weightState, bias: biasState) }
}
