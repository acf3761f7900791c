import Torch
import Truce

/// A gradient as a tensor of rank one, with the arithmetic of the matrix methods.
struct TensorVector: GradientVector {
  let tensor: Tensor

  init(_ tensor: Tensor) {
    self.tensor = tensor
  }

  var count: Int { tensor.count }

  func adding(_ other: TensorVector, scaledBy factor: Double) -> TensorVector {
    TensorVector(tensor + other.tensor * factor)
  }
  func scaled(by factor: Double) -> TensorVector { TensorVector(tensor * factor) }
  func adding(constant: Double) -> TensorVector { TensorVector(tensor + constant) }
  func multiplied(by other: TensorVector) -> TensorVector { TensorVector(tensor * other.tensor) }
  func divided(by other: TensorVector) -> TensorVector {
    // 0 / 0 is taken as 0, as the protocol asks.
    let isZero = tensor.equal(0).and(other.tensor.equal(0))
    return TensorVector((tensor / other.tensor).maskedFilled(isZero, with: 0))
  }
  func magnitudes() -> TensorVector { TensorVector(tensor.abs()) }
  func length() -> Double { tensor.norm().item() }
  func squareRoots() -> TensorVector { TensorVector(tensor.sqrt()) }
  func exceeds(_ other: TensorVector) -> TensorVector {
    TensorVector(tensor.greater(other.tensor).to(tensor.dtype))
  }
  func sum() -> Double { tensor.to(.float64).sum().item() }
  func dot(_ other: TensorVector) -> Double {
    (tensor.to(.float64) * other.tensor.to(.float64)).sum().item()
  }
  func vector(of coordinates: [Double]) -> TensorVector {
    TensorVector(Tensor(coordinates, dtype: tensor.dtype, device: tensor.device))
  }
  func uniform(using generator: inout some RandomNumberGenerator) -> TensorVector {
    let source = Generator(seed: generator.next())
    let draws = Tensor.uniform(tensor.shape, using: source, dtype: tensor.dtype)
    return TensorVector(draws.to(tensor.device))
  }
}

/// The task gradients as rows of tensors.
struct TensorRows: GradientRows {
  let rows: [TensorVector]
  private let whole: Tensor?

  init(rows: [TensorVector]) {
    self.rows = rows
    whole = nil
  }

  /// The rows of a K×P tensor, as views.
  init(matrix: Tensor) {
    rows = (0..<matrix.shape[0]).map { TensorVector(matrix.selected(0, $0)) }
    whole = matrix
  }

  private var matrix: Tensor { whole ?? Tensor.stacked(rows.map(\.tensor)) }

  func gramian() -> Gramian {
    let matrix = matrix
    guard let elements = try? GradientSweep.gramian(of: matrix),
      let gramian = try? Gramian(taskCount: taskCount, elements: elements)
    else { preconditionFailure("rows of shape \(matrix.shape) have no Gramian") }
    return gramian
  }

  func combined(with weights: [Double]) -> TensorVector {
    let zero = rows[0].scaled(by: 0)
    return zip(weights, rows).reduce(zero) { $0.adding($1.1, scaledBy: $1.0) }
  }

  func trimmedMean(dropping count: Int) -> TensorVector {
    let sorted = matrix.sorted(0).values
    return TensorVector(sorted.narrowed(0, start: count, length: taskCount - 2 * count).mean([0]))
  }
}
