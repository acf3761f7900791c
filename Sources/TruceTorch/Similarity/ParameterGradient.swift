import Torch

/// One parameter's gradients: the sum over all calls that use it.
struct ParameterGradient {
  let name: String
  private let tensor: Tensor
  private let uses: [(layer: LayerGradient, role: LayerGradient.Role)]

  init(name: String, tensor: Tensor, _ layers: [LayerGradient]) {
    self.name = name
    self.tensor = tensor
    uses = layers.compactMap { layer in layer.role(of: tensor).map { (layer, $0) } }
  }

  /// The shape of the parameter.
  var shape: [Int] { tensor.shape }

  /// The number of coordinates.
  var count: Int { tensor.count }

  /// Along how many inputs the gradients can be cut in pieces.
  var inputCount: Int { uses.map { $0.layer.inputCount($0.role) }.min() ?? 1 }

  /// The inputs whose gradients fit into some bytes together, one at least; none where nothing uses the
  /// parameter.
  func pieces(within memoryLimit: Int) -> [Range<Int>] {
    guard let numbers = uses.map({ $0.layer.numbers(forOneInputOf: $0.role) }).max() else { return [] }
    let affordable = memoryLimit / max(numbers * tensor.dtype.byteCount, 1)
    // Fewer than 2²⁴ columns, so that single precision can count them.
    let countable = ((1 << 24) - 1) * inputCount / max(count, 1)
    let most = max(1, min(affordable, countable))
    return stride(from: 0, to: inputCount, by: most).map { $0..<min($0 + most, inputCount) }
  }

  /// The gradients of all tasks and samples for some inputs, [K·S, columns]; nil where nothing uses the
  /// parameter.
  func rows(_ inputs: Range<Int>) -> Tensor? {
    let width = count / inputCount * inputs.count
    let parts = uses.map { $0.layer.rows($0.role, inputs, width: width) }
    return parts.dropFirst().reduce(parts.first) { sum, part in sum.map { $0 + part } }
  }

  /// The gradients of so many rows whole, [rows, coordinates].
  func wholeRows(_ rowCount: Int) -> Tensor {
    rows(0..<inputCount) ?? .zeros([rowCount, count], dtype: tensor.dtype, device: tensor.device)
  }

  /// The products of all pairs of gradients from what they are products of, where that is quicker within so many bytes.
  func productsOfFactors(within memoryLimit: Int) throws -> [Double]? {
    guard uses.count == 1, let use = uses.first, use.role == .weight,
      let factors = GradientFactors(use.layer), factors.areQuicker(within: memoryLimit)
    else { return nil }
    return try factors.products()
  }
}
