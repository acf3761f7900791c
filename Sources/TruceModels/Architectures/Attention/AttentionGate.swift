import Torch
import TorchNN

extension Sequential {
  /// How much of each feature a task sees: a convolution of 1×1 with batch normalisation and ReLU, and one with batch
  /// normalisation and the logistic function.
  ///
  /// - Source: S. Liu et al., "End-to-End Multi-Task Learning with Attention", 2019, figure 2.
  ///
  /// - Parameters:
  ///   - inputs: The channels of what the gate looks at.
  ///   - inner: The channels between the convolutions.
  ///   - outputs: The channels of what it is multiplied with.
  ///   - isXavier: Whether the kernels begin with Xavier normal draws and the biases with zero, as SegNet's do, and not
  ///     with PyTorch's usual values.
  ///   - generator: Where the first values come from.
  static func gate(
    _ inputs: Int, _ inner: Int, _ outputs: Int, isXavier: Bool, using generator: Generator
  ) -> Sequential {
    func convolution(_ inputs: Int, _ outputs: Int) -> Conv2d {
      isXavier
        ? .xavier(inputs, outputs, kernel: 1, using: generator)
        : Conv2d(inputs, outputs, kernel: 1, using: generator)
    }
    return Sequential(
      convolution(inputs, inner), BatchNorm2d(inner), ReLU(), convolution(inner, outputs),
      BatchNorm2d(outputs),
      Sigmoid())
  }
}
