import Torch
import TorchNN

/// What the gradients of a linear map's or a convolution's weight are products of: the sum over places p of `dₖₛₚ ⊗ aₛₚ`.
///
/// Two gradients' product is then the sum over all pairs of places of `(dₖₛₚ·dₗₜᵩ) (aₛₚ·aₜᵩ)`, and no gradient is made. A
/// place is a row of one sample, or a position of a convolution's kernel.
///
/// - Source: I. Goodfellow, "Efficient Per-Example Gradient Computations", 2015, arXiv 1510.01799, for one place; with
///   several, G. Rochette, A. Manoel, E. Tramel, 2019, arXiv 1912.06015, for how a convolution is a linear map of places.
struct GradientFactors {
  private let layer: LayerGradient

  /// The places of a sample.
  let placeCount: Int
  private let inputWidth: Int
  private let outputWidth: Int

  /// The factors of a layer's weight; nil where it is no such map, or one in several groups.
  init?(_ layer: LayerGradient) {
    guard let weight = layer.call.weight else { return nil }
    let output = layer.call.output
    switch layer.call.kind {
    case .linear: placeCount = output.count / (layer.sampleCount * weight.shape[0])
    case .convolution(let convolution):
      guard convolution.groups == 1 else { return nil }
      placeCount = output.count / (layer.sampleCount * weight.shape[0])
    default: return nil
    }
    self.layer = layer
    outputWidth = weight.shape[0]
    inputWidth = weight.count / max(outputWidth, 1)
  }

  private var taskCount: Int { layer.outputs.count }
  private var rowCount: Int { layer.sampleCount * placeCount }

  // MARK: Costs

  /// Multiplications for the products of all pairs of gradients, from the factors.
  private var cost: Double {
    let (rows, tasks) = (Double(rowCount), Double(taskCount))
    return rows * rows * (Double(inputWidth) + tasks * tasks * Double(outputWidth + 1))
  }

  /// Multiplications for making the gradients, and half of the products of all pairs.
  private var costOfGradients: Double {
    let gradients = Double(taskCount * layer.sampleCount)
    return gradients * (Double(placeCount) + gradients / 2) * Double(inputWidth) * Double(outputWidth)
  }

  /// The bytes of the factors, twice while they are put in order, and of their products.
  private var bytes: Int {
    let numbers =
      2 * rowCount * (inputWidth + taskCount * outputWidth) + rowCount * rowCount
      * (1 + 2 * taskCount * taskCount)
    return numbers * layer.call.output.dtype.byteCount
  }

  /// Whether the factors give the products sooner than the gradients would, within so many bytes.
  func areQuicker(within memoryLimit: Int) -> Bool {
    placeCount == 1 || (cost < costOfGradients && bytes <= memoryLimit)
  }

  // MARK: Products

  /// The products of all pairs of gradients, K·S rows of K·S.
  func products() throws -> [Double] {
    placeCount == 1 ? try productsOfOnePlace() : productsOfPlaces()
  }

  /// In double precision throughout.
  private func productsOfOnePlace() throws -> [Double] {
    let inputs = try GradientSweep.gramian(of: layer.inputRows)
    let outputs = try GradientSweep.gramian(of: layer.outputRows)
    let (samples, rows) = (layer.sampleCount, taskCount * layer.sampleCount)
    return outputs.indices.map { index in
      let (a, b) = (index / rows % samples, index % rows % samples)
      return outputs[index] * inputs[a * samples + b]
    }
  }

  /// A sample's places lie side by side, so that the products of two samples are a block.
  private func productsOfPlaces() -> [Double] {
    let (tasks, gradients) = (taskCount, taskCount * layer.sampleCount)
    let products = { (rows: Tensor) in rows.matmul(rows.transposed()) }
    let inputs = products(layer.inputRows).reshaped([1, rowCount, 1, rowCount])
    let outputs = products(layer.outputRows).reshaped([tasks, rowCount, tasks, rowCount])
    let blocks = (outputs * inputs).reshaped([gradients, placeCount, gradients, placeCount])
    return blocks.sum([3]).to(.float64).sum([1]).toArray(as: Double.self)
  }
}

extension LayerGradient {
  /// What the weight of a linear map or a convolution is multiplied with, a row for each place: [S · places, inputs].
  fileprivate var inputRows: Tensor {
    rows(of: other(.weight, 0..<inputCount(.weight)) ?? call.input.detached())
  }

  /// The gradients of what it gives, task by task: [K · S · places, outputs].
  fileprivate var outputRows: Tensor {
    let zeros = {
      let width = call.weight?.shape[0] ?? 1
      return Tensor.zeros(
        [call.output.count / max(width, 1), width], dtype: call.output.dtype, device: call.output.device)
    }
    return Tensor.concatenated(outputs.map { $0.map { rows(of: sorted($0)) } ?? zeros() })
  }

  /// [samples, elements, places] → [samples · places, elements].
  private func rows(of tensor: Tensor) -> Tensor {
    tensor.transposed(1, 2).reshaped([-1, tensor.shape[1]])
  }
}
