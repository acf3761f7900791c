import CTorch

// MARK: Linear maps

extension Tensor {
  /// x · weightᵀ + bias over the last axis.
  ///
  /// - Parameters:
  ///   - weight: Shape [outputs, inputs].
  ///   - bias: Shape [outputs], or nil.
  public func linear(weight: Tensor, bias: Tensor? = nil) -> Tensor {
    layer("linear", weight, [bias]) { ct_linear($0, $1, $2[0], $3) }
  }

  /// The rows of this table that `indices` name.
  ///
  /// - Parameters:
  ///   - indices: Integers of any shape, which the rows' axis follows.
  ///   - paddingIndex: A row that gets no gradient; -1 for none.
  public func embedding(_ indices: Tensor, paddingIndex: Int = -1) -> Tensor {
    binary("embedding", indices) { ct_embedding($0, $1, Int64(paddingIndex), $2) }
  }
}

// MARK: Convolution

extension Tensor {
  /// The two-dimensional convolution (cross-correlation) of images [examples, channels, height, width].
  ///
  /// - Parameters:
  ///   - weight: Shape [outputs, channels / groups, kernel height, kernel width].
  ///   - bias: Shape [outputs], or nil.
  ///   - stride: The steps of the kernel.
  ///   - padding: The zeros around the image on each side.
  ///   - dilation: The distance between neighbouring elements of the kernel.
  ///   - groups: The number of parts the channels are divided into.
  public func conv2d(
    weight: Tensor, bias: Tensor? = nil, stride: Extent = 1, padding: Extent = 0, dilation: Extent = 1,
    groups: Int = 1
  ) -> Tensor {
    let window = window(stride: stride, padding: padding, dilation: dilation)
    return layer("conv2d", weight, [bias]) { ct_conv2d($0, $1, $2[0], window, Int64(groups), $3) }
  }

  /// The transposed convolution: the gradient of ``conv2d(weight:bias:stride:padding:dilation:groups:)`` with
  /// respect to its input.
  ///
  /// - Parameters:
  ///   - weight: Shape [channels, outputs / groups, kernel height, kernel width].
  ///   - bias: Shape [outputs], or nil.
  ///   - stride: The steps of the kernel.
  ///   - padding: The zeros the convolution had around its image.
  ///   - outputPadding: Rows and columns added at one end, where the stride leaves the size open.
  ///   - dilation: The distance between neighbouring elements of the kernel.
  ///   - groups: The number of parts the channels are divided into.
  public func convTranspose2d(
    weight: Tensor, bias: Tensor? = nil, stride: Extent = 1, padding: Extent = 0,
    outputPadding: Extent = 0, dilation: Extent = 1, groups: Int = 1
  ) -> Tensor {
    let window = window(stride: stride, padding: padding, dilation: dilation)
    return layer("convTranspose2d", weight, [bias]) {
      ct_conv_transpose2d($0, $1, $2[0], window, outputPadding.code, Int64(groups), $3)
    }
  }
}

extension Tensor {
  /// The elements under each place of a convolution's kernel, in columns: [examples, channels · kernel, places].
  ///
  /// The rows are ordered by channel, then by the kernel's rows and columns, as a weight's elements are.
  ///
  /// - Parameters:
  ///   - kernel: The size of the kernel.
  ///   - stride: The steps of the kernel.
  ///   - padding: The zeros around the image on each side.
  ///   - dilation: The distance between neighbouring elements of the kernel.
  public func unfolded(
    kernel: Extent, stride: Extent = 1, padding: Extent = 0, dilation: Extent = 1
  ) -> Tensor {
    let window = window(kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    return unary("unfolded") { ct_unfold($0, window, $1) }
  }
}

// MARK: Normalisation

extension Tensor {
  /// (x − mean) / √(variance + epsilon) · weight + bias for each channel (the second axis).
  ///
  /// In training, mean and variance are the batch's, and the running statistics move towards them by
  /// `momentum` in place, the variance with n − 1 in its divisor; else they are the running statistics.
  public func batchNorm(
    weight: Tensor?, bias: Tensor?, runningMean: Tensor?, runningVariance: Tensor?, isTraining: Bool,
    momentum: Double = 0.1, epsilon: Double = 1e-5
  ) -> Tensor {
    layer("batchNorm", [weight, bias, runningMean, runningVariance]) {
      ct_batch_norm($0, $1[0], $1[1], $1[2], $1[3], isTraining, momentum, epsilon, $2)
    }
  }

  /// (x − mean) / √(variance + epsilon) · weight + bias over the last axes, which have the lengths `shape`.
  public func layerNorm(
    _ shape: [Int], weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
  ) -> Tensor {
    layer("layerNorm", [weight, bias]) { input, others, output in
      withIntegers(shape) { ct_layer_norm(input, $0, $1, others[0], others[1], epsilon, output) }
    }
  }

  /// (x − mean) / √(variance + epsilon) · weight + bias for each example and group of channels.
  public func groupNorm(
    groups: Int, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
  ) -> Tensor {
    layer("groupNorm", [weight, bias]) {
      ct_group_norm($0, Int64(groups), $1[0], $1[1], epsilon, $2)
    }
  }
}

extension Tensor {
  /// Runs a function of this tensor and others that may be missing.
  func layer(
    _ operation: StaticString, _ others: [Tensor?], _ function: (ct_tensor, [ct_tensor?], Output) -> ct_status
  ) -> Tensor {
    trapping { () throws(TorchError) in
      try produce(operation, from: [self] + others) { output in
        withHandle { input in Tensor.withHandles(of: others) { function(input, $0, output) } }
      }
    }
  }

  /// Runs a function of this tensor, another, and others that may be missing.
  func layer(
    _ operation: StaticString, _ second: Tensor, _ others: [Tensor?],
    _ function: (ct_tensor, ct_tensor, [ct_tensor?], Output) -> ct_status
  ) -> Tensor {
    trapping { () throws(TorchError) in
      try produce(operation, from: [self, second] + others) { output in
        withHandle { a in
          second.withHandle { b in Tensor.withHandles(of: others) { function(a, b, $0, output) } }
        }
      }
    }
  }
}
