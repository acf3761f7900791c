public import Torch

/// Bounds on accumulated gradients.
public enum GradientClipping {
  /// Shortens the gradients of all parameters together where they are longer than `maximum`.
  ///
  /// With n the norm of all gradients' elements, every gradient is multiplied by
  /// maximum / (n + 10⁻⁶) where that is less than one, as PyTorch's `clip_grad_norm_`.
  ///
  /// - Parameters:
  ///   - parameters: The tensors whose `Torch.Tensor.grad` is shortened; those without one are left out.
  ///   - maximum: The greatest length.
  ///   - order: The order of the norm; infinity for the greatest magnitude.
  /// - Returns: The length before.
  /// - Note: Where the length is not finite the gradients are left as they are, so that the caller can see
  ///   which task made them; PyTorch multiplies them by it.
  @discardableResult
  public static func clipNorm(of parameters: [Tensor], to maximum: Double, order: Double = 2) -> Double {
    withoutGradients {
      let gradients = parameters.compactMap(\.grad)
      guard let device = gradients.first?.device else { return 0 }
      let norms = gradients.map { $0.norm(order: order).to(device) }
      let total = Tensor.stacked(norms).norm(order: order).item()
      let factor = maximum / (total + 1e-6)
      if total.isFinite && factor < 1 { TensorLists.scale(gradients, by: factor) }
      return total
    }
  }

  /// Limits every element of the gradients to −maximum … maximum.
  public static func clipValue(of parameters: [Tensor], to maximum: Double) {
    withoutGradients {
      for gradient in parameters.compactMap(\.grad) {
        gradient.clampInPlace(minimum: -maximum, maximum: maximum)
      }
    }
  }
}
