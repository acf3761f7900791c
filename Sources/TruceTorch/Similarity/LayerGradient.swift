import Torch
import TorchNN

/// One call of a layer with the gradients of its output, from which the gradients of its parameters follow.
///
/// Tensors of rank three have the axes [samples · groups, channels, places], where a place is any axis over which
/// a parameter's gradient is summed: rows of one sample, positions of a kernel, steps of a sequence.
struct LayerGradient {
  let call: LayerCall
  /// The gradient of the output for each task; nil where the loss does not depend on it.
  let outputs: [Tensor?]
  let sampleCount: Int

  /// A part of the layer's parameters.
  enum Role {
    case weight, bias
  }

  /// The part a tensor plays in the layer; nil where it plays none.
  func role(of tensor: Tensor) -> Role? {
    if call.weight?.isSame(as: tensor) ?? false { return .weight }
    return call.bias?.isSame(as: tensor) ?? false ? .bias : nil
  }

  /// The gradients of all tasks and samples for some inputs, [K·S, columns].
  func rows(_ role: Role, _ inputs: Range<Int>, width: Int) -> Tensor {
    let other = other(role, inputs)
    let rows = outputs.map { output -> Tensor in
      guard let output else {
        return Tensor.zeros([sampleCount, width], dtype: call.output.dtype, device: call.output.device)
      }
      if case .mixing(let parts, let first) = call.kind {
        return mixingRow(output, parts, first: first, width: width)
      }
      return row(role, sorted(output), other).reshaped([sampleCount, -1])
    }
    return Tensor.concatenated(rows)
  }

  /// One task's gradients of the numbers that mix features, among zeros for the weight's other numbers.
  private func mixingRow(_ gradient: Tensor, _ parts: [Tensor], first: Int, width: Int) -> Tensor {
    let numbers = parts.map { (gradient * $0.detached()).reshaped([sampleCount, -1]).sum([1]) }
    let zeros = { (count: Int) in
      Tensor.zeros([sampleCount, count], dtype: gradient.dtype, device: gradient.device)
    }
    return Tensor.concatenated(
      [zeros(first), Tensor.stacked(numbers, axis: 1), zeros(width - first - parts.count)], axis: 1)
  }

  /// One task's gradients, from the output's gradients and what they are multiplied with.
  private func row(_ role: Role, _ gradient: Tensor, _ other: Tensor?) -> Tensor {
    guard let other else { return gradient.sum([2]) }
    switch call.kind {
    case .linear, .convolution: return gradient.bmm(other.transposed())
    default: return (gradient * other).sum([2])
    }
  }

  /// What the output's gradients are multiplied with; nil for a bias, whose gradients are theirs.
  func other(_ role: Role, _ inputs: Range<Int>) -> Tensor? {
    guard role == .weight else { return nil }
    let input = call.input.detached()
    switch call.kind {
    case .linear: return lastAxes(input, count: 1).narrowed(1, start: inputs.lowerBound, length: inputs.count)
    case .convolution(let convolution): return unfolded(input, inputs, convolution)
    case .channelScaling(let normalized), .elementScaling(let normalized):
      return sorted(normalized().detached())
    case .mixing, .mixedExamples: return nil
    }
  }

  // MARK: Axes

  /// A tensor of the output's shape in rank three.
  func sorted(_ tensor: Tensor) -> Tensor {
    switch call.kind {
    case .linear: lastAxes(tensor, count: 1)
    case .elementScaling: lastAxes(tensor, count: call.weight?.shape.count ?? 1)
    case .convolution(let convolution): channels(tensor, groups: convolution.groups)
    case .channelScaling, .mixing, .mixedExamples: channels(tensor, groups: 1)
    }
  }

  /// [rows, places…, elements…] → [samples, elements, places].
  private func lastAxes(_ tensor: Tensor, count: Int) -> Tensor {
    let width = tensor.shape.suffix(count).reduce(1, *)
    return tensor.reshaped([sampleCount, -1, width]).transposed(1, 2)
  }

  /// [rows, channels, places…] → [samples · groups, channels of a group, places].
  private func channels(_ tensor: Tensor, groups: Int) -> Tensor {
    let (rows, width) = (tensor.shape[0] / sampleCount, tensor.shape[1] / groups)
    let parts = tensor.reshaped([sampleCount, rows, groups, width, -1])
    return parts.permuted([0, 2, 3, 1, 4]).reshaped([sampleCount * groups, width, -1])
  }

  /// The elements under a convolution's kernel, for some of the input channels of each group.
  private func unfolded(
    _ input: Tensor, _ inputs: Range<Int>, _ convolution: Convolution
  ) -> Tensor {
    let shape = input.shape
    let groups = input.reshaped([shape[0], convolution.groups, -1, shape[2], shape[3]])
    let chosen = groups.narrowed(2, start: inputs.lowerBound, length: inputs.count)
      .reshaped([shape[0], -1, shape[2], shape[3]])
    let columns = chosen.unfolded(
      kernel: convolution.kernel, stride: convolution.stride, padding: convolution.padding,
      dilation: convolution.dilation)
    return channels(columns, groups: convolution.groups)
  }

  // MARK: Sizes

  /// Along how many inputs the gradients of a parameter can be cut in pieces.
  func inputCount(_ role: Role) -> Int {
    switch (role, call.kind) {
    case (.weight, .linear), (.weight, .convolution): call.weight?.shape[1] ?? 1
    default: 1
    }
  }

  /// The numbers that temporary tensors hold for one input: the rows twice and their signs twice, and what is
  /// unfolded twice.
  func numbers(forOneInputOf role: Role) -> Int {
    let columns = (call.weight?.count ?? call.output.shape[1]) / inputCount(role)
    return 4 * outputs.count * sampleCount * columns + 2 * otherNumbers(role)
  }

  private func otherNumbers(_ role: Role) -> Int {
    if case .mixing = call.kind { return call.output.count }
    guard role == .weight, case .convolution(let convolution) = call.kind else { return 0 }
    let (kernel, images) = (convolution.kernel, call.output.shape)
    let places = images[0] * images[2] * images[3]
    return places * convolution.groups * kernel.height * kernel.width
  }
}
