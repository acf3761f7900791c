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
  private func other(_ role: Role, _ inputs: Range<Int>) -> Tensor? {
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
  private func sorted(_ tensor: Tensor) -> Tensor {
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

  /// The factors of a linear map that sees each sample once: inputs [S, inputs] and outputs' gradients
  /// [K·S, outputs]; nil for any other layer.
  var factors: (inputs: Tensor, outputs: Tensor)? {
    guard case .linear = call.kind, call.input.shape.dropLast().reduce(1, *) == sampleCount else {
      return nil
    }
    let width = call.output.shape.last ?? 1
    let zeros = { Tensor.zeros([sampleCount, width], dtype: call.output.dtype, device: call.output.device) }
    return (
      call.input.detached().reshaped([sampleCount, -1]),
      Tensor.concatenated(outputs.map { $0?.reshaped([sampleCount, width]) ?? zeros() })
    )
  }
}

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

  /// The products of all pairs of a linear map's gradients from those of its factors; nil for other layers.
  func productsOfFactors() throws -> [Double]? {
    guard uses.count == 1, let use = uses.first, use.role == .weight, let factors = use.layer.factors else {
      return nil
    }
    let inputs = try GradientSweep.gramian(of: factors.inputs)
    let outputs = try GradientSweep.gramian(of: factors.outputs)
    let (samples, rows) = (factors.inputs.shape[0], factors.outputs.shape[0])
    return outputs.indices.map { index in
      let (a, b) = (index / rows % samples, index % rows % samples)
      return outputs[index] * inputs[a * samples + b]
    }
  }
}
