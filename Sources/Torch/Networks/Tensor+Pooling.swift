import CTorch

// Pooling and resampling of images [examples, channels, height, width].

// MARK: Pooling

extension Tensor {
  /// The largest element under each window.
  ///
  /// - Parameters:
  ///   - kernel: The window's size.
  ///   - stride: Its steps; nil means its size.
  ///   - padding: Rows and columns around the image that never win.
  ///   - dilation: The distance between the window's elements.
  ///   - ceilMode: Whether a last window may reach over the edge.
  public func maxPool2d(
    _ kernel: Extent, stride: Extent? = nil, padding: Extent = 0, dilation: Extent = 1,
    ceilMode: Bool = false
  ) -> Tensor {
    maxPool2dWithIndices(kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
      .values
  }

  /// The largest element under each window, and its place in its image in row-major order.
  ///
  /// ``maxUnpool2d(_:size:)`` puts elements back with the indices.
  public func maxPool2dWithIndices(
    _ kernel: Extent, stride: Extent? = nil, padding: Extent = 0, dilation: Extent = 1,
    ceilMode: Bool = false
  ) -> (values: Tensor, indices: Tensor) {
    let window = window(kernel: kernel, stride: stride ?? kernel, padding: padding, dilation: dilation)
    return pair("maxPool2d") { ct_max_pool2d($0, window, ceilMode, $1, $2) }
  }

  /// An image of the given size with this tensor's elements at the places `indices` name, zero elsewhere.
  public func maxUnpool2d(_ indices: Tensor, size: Extent) -> Tensor {
    binary("maxUnpool2d", indices) { ct_max_unpool2d($0, $1, size.code, $2) }
  }

  /// The mean of the elements under each window.
  ///
  /// - Parameters:
  ///   - kernel: The window's size.
  ///   - stride: Its steps; nil means its size.
  ///   - padding: The zeros around the image on each side.
  ///   - ceilMode: Whether a last window may reach over the edge.
  ///   - countsPadding: Whether those zeros count in the mean's divisor.
  public func avgPool2d(
    _ kernel: Extent, stride: Extent? = nil, padding: Extent = 0, ceilMode: Bool = false,
    countsPadding: Bool = true
  ) -> Tensor {
    let window = window(kernel: kernel, stride: stride ?? kernel, padding: padding)
    return unary("avgPool2d") { ct_avg_pool2d($0, window, ceilMode, countsPadding, $1) }
  }

  /// The means over windows chosen so that the result has the given size.
  public func adaptiveAvgPool2d(_ size: Extent) -> Tensor {
    unary("adaptiveAvgPool2d") { ct_adaptive_avg_pool2d($0, size.code, $1) }
  }

  /// The largest elements over windows chosen so that the result has the given size.
  public func adaptiveMaxPool2d(_ size: Extent) -> Tensor {
    pair("adaptiveMaxPool2d") { ct_adaptive_max_pool2d($0, size.code, $1, $2) }.values
  }
}

// MARK: Resampling

/// How an image is brought to another size.
public enum Interpolation: Hashable, Sendable {
  /// The nearest element.
  case nearest
  /// Linear along both axes; with `alignCorners` the corner elements keep their places.
  case bilinear(alignCorners: Bool)
  /// Linear along both axes over all elements that a new one covers, so that a smaller image loses none.
  case bilinearAntialiased
}

/// What lies beyond the edge of a padded tensor.
public enum PaddingMode: Hashable, Sendable {
  /// One value everywhere.
  case constant(Double)
  /// The tensor mirrored at its edge, without repeating the edge.
  case reflect
  /// The element at the edge.
  case replicate
  /// The other end of the tensor.
  case circular

  var name: String {
    switch self {
    case .constant: "constant"
    case .reflect: "reflect"
    case .replicate: "replicate"
    case .circular: "circular"
    }
  }

  var value: Double {
    if case .constant(let value) = self { value } else { 0 }
  }
}

extension Tensor {
  /// The images at another size.
  public func interpolated(to size: Extent, _ method: Interpolation) -> Tensor {
    unary("interpolated") { input, output in
      switch method {
      case .nearest: ct_upsample_nearest2d(input, size.code, output)
      case .bilinear(let alignCorners):
        ct_upsample_bilinear2d(input, size.code, alignCorners, output)
      case .bilinearAntialiased: ct_upsample_bilinear2d_aa(input, size.code, output)
      }
    }
  }

  /// The tensor with elements added around it.
  ///
  /// - Parameters:
  ///   - lengths: How many before and after, for the last axis first: [left, right, top, bottom] for images.
  ///   - mode: What is added.
  public func padded(_ lengths: [Int], _ mode: PaddingMode = .constant(0)) -> Tensor {
    unary("padded") { input, output in
      withIntegers(lengths) { ct_pad(input, $0, $1, mode.name, mode.value, output) }
    }
  }
}
