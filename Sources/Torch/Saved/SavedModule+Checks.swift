extension SavedModule {
  /// Runs the module once in training and once in evaluation, and checks that every parameter can be trained.
  ///
  /// The module is in training afterwards; its buffers are as they were.
  ///
  /// - Parameter inputs: Inputs as training will give them, of at least two examples.
  /// - Returns: The shapes of the outputs.
  /// - Throws: ``TensorFileError`` where the inputs do not fit, or a parameter receives no gradient; the call that stops
  ///   it is named where the module knows its calls.
  public func checkTraining(with inputs: [Tensor]) throws(TensorFileError) -> [[Int]] {
    let buffers = entries.indices.filter { !entries[$0].isTrained }.map(tensor)
    let before = withoutGradients { buffers.map { $0.clone() } }
    defer {
      withoutGradients { for (buffer, old) in zip(buffers, before) { buffer.copyInPlace(from: old) } }
      setTraining(true)
    }
    let (shapes, untrained) = try trial(with: inputs)
    guard untrained.isEmpty else { throw refusal(untrained, inputs) }
    return shapes
  }

  /// The shapes of the outputs, and the parameters that receive no gradient.
  private func trial(with inputs: [Tensor]) throws(TensorFileError) -> (shapes: [[Int]], untrained: [String])
  {
    do throws(TorchError) {
      setTraining(false)
      let shapes = try withoutGradients { () throws(TorchError) in try seededOutputs(for: inputs).map(\.shape)
      }
      setTraining(true)
      return (shapes, try withoutGradient(for: inputs))
    } catch {
      let shapes = inputs.map { "\($0.shape)" }.joined(separator: ", ")
      throw .unsupported(
        path, "cannot be run on inputs of shape \(shapes) (\(error.operation): \(error.reason))",
        help: "save a network that takes the problem's inputs")
    }
  }

  private func seededOutputs(for inputs: [Tensor]) throws(TorchError) -> [Tensor] {
    try withRandomness(from: 0, on: inputs) { () throws(TorchError) in try outputs(for: inputs) }
  }

  /// The trained parameters that receive no gradient from any output.
  private func withoutGradient(for inputs: [Tensor]) throws(TorchError) -> [String] {
    let trained = entries.indices.filter { entries[$0].isTrained }
    let outputs = try seededOutputs(for: inputs).filter { $0.requiresGrad }
    guard !outputs.isEmpty else { return trained.map { entries[$0].name } }
    let gradients = try Autograd.gradients(
      of: outputs, withRespectTo: trained.map(tensor), gradOutputs: outputs.map { $0.onesLike() },
      allowUnused: true)
    return zip(trained, gradients).compactMap { $1 == nil ? entries[$0].name : nil }
  }

  private func refusal(_ names: [String], _ inputs: [Tensor]) -> TensorFileError {
    let parameters =
      names.prefix(3).map { "'\($0)'" }.joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    let cause = stoppingCall(for: inputs).map { ": its call \($0) lets no gradient through" } ?? ""
    return .unsupported(
      path, "cannot be trained: no gradient reaches \(parameters)\(cause)",
      help: "train those parameters with calls that can be differentiated, or freeze them before saving")
  }
}

extension SavedModule {
  /// Nothing is known of the calls.
  public func stoppingCall(for inputs: [Tensor]) -> String? { nil }
}
