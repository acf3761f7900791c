public import Torch

/// A part of a network that may hold parameters, buffers, a mode and other modules.
///
/// A module shows what it holds to a visitor, under the names PyTorch uses. All else follows from that one
/// function: the list of parameters, saving and loading, moving to a device, the mode.
///
/// ```swift
/// final class Block: Layer {
///   let convolution: Conv2d
///   let normalization: BatchNorm2d
///
///   func visit(_ visitor: ModuleVisitor) {
///     visitor.child("conv", convolution)
///     visitor.child("bn", normalization)
///   }
///
///   func forward(_ input: Tensor) -> Tensor { normalization(convolution(input)).relu() }
/// }
/// ```
public protocol Module {
  /// Shows the visitor every parameter, buffer, mode and child, always in the same order.
  func visit(_ visitor: ModuleVisitor)
}

/// A module from one tensor to one tensor.
///
/// A shape or an element type the layer cannot work with stops the process with a message that names the
/// operation and the shapes, as the operations of `Torch` do.
public protocol Layer: Module {
  /// The layer's output.
  func forward(_ input: Tensor) -> Tensor
}

/// A layer that holds nothing but its options.
public protocol StatelessLayer: Layer {}

extension StatelessLayer {
  /// Shows nothing.
  public func visit(_ visitor: ModuleVisitor) {}
}

extension Layer {
  /// The layer's output.
  public func callAsFunction(_ input: Tensor) -> Tensor { forward(input) }
}

// MARK: What a module holds

extension Module {
  /// The parameters with their hierarchical names, such as `conv1.weight`.
  ///
  /// A tensor that is reached under several names is listed once, under the first.
  public var parameters: NamedTensors { tensors(of: .parameter, includingRepeated: false) }

  /// The tensors that are saved with the parameters but not trained, such as running means.
  public var buffers: NamedTensors { tensors(of: .buffer, includingRepeated: false) }

  /// The number of trainable numbers.
  public var parameterCount: Int { parameters.elementCount }

  /// The tensors of one role, or of both.
  func tensors(of role: TensorRole?, includingRepeated: Bool) -> NamedTensors {
    var result = NamedTensors()
    let visitor = ModuleVisitor(onTensor: { name, tensorRole, shown in
      let tensor = shown
      guard role == nil || tensorRole == role else { return }
      guard includingRepeated || !result.contains(where: { $0.tensor.isSame(as: tensor) }) else { return }
      result.append(tensor, named: name)
    })
    visit(visitor)
    return result
  }
}

// MARK: Mode

extension Module {
  /// Switches the module and all its children between training and evaluation.
  ///
  /// Only layers that act differently in training, such as dropout and batch normalisation, take notice.
  public func setTraining(_ isTraining: Bool) {
    visit(ModuleVisitor(onMode: { $0 = isTraining }))
  }

  /// Runs `body` with the module and all its children in evaluation, and gives each its mode back afterwards.
  public func evaluating<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var modes: [Bool] = []
    visit(
      ModuleVisitor(onMode: { isTraining in
        modes.append(isTraining)
        isTraining = false
      }))
    defer {
      var rest = modes[...]
      visit(ModuleVisitor(onMode: { $0 = rest.popFirst() ?? $0 }))
    }
    return try body()
  }

  /// Says whether the operations on the parameters are recorded for differentiation.
  public func setRequiresGrad(_ requiresGrad: Bool) {
    for tensor in parameters.tensors { tensor.requiresGrad = requiresGrad }
  }

  /// Removes the accumulated gradient of every parameter.
  public func removeGradients() {
    for tensor in parameters.tensors { tensor.grad = nil }
  }
}

// MARK: Device and element type

extension Module {
  /// Moves all parameters and buffers to a device.
  ///
  /// The module holds new tensors afterwards, so make optimizers after the move.
  ///
  /// - Throws: `TorchError` where the device is not available or full; the module is then unchanged.
  public func move(to device: Device) throws(TorchError) {
    try replaceTensors { (tensor) throws(TorchError) in try tensor.converted(to: tensor.dtype, on: device) }
  }

  /// Converts all parameters and buffers of a floating-point type to another one.
  ///
  /// The module holds new tensors afterwards, so make optimizers after the conversion.
  ///
  /// - Throws: `TorchError` where memory runs out; the module is then unchanged.
  public func convert(to dtype: DType) throws(TorchError) {
    try replaceTensors { (tensor) throws(TorchError) in
      tensor.dtype.isFloatingPoint ? try tensor.converted(to: dtype, on: tensor.device) : tensor
    }
  }

  /// Puts another tensor in the place of each; a tensor held twice is held twice afterwards.
  private func replaceTensors(
    _ transform: (Tensor) throws(TorchError) -> Tensor
  ) throws(TorchError) {
    let old = tensors(of: nil, includingRepeated: false).tensors
    var new: [Tensor] = []
    for tensor in old {
      let converted = try withoutGradients { () throws(TorchError) in try transform(tensor) }
      new.append(converted.isSame(as: tensor) ? tensor : converted.requiringGrad(tensor.requiresGrad))
    }
    let visitor = ModuleVisitor(onTensor: { _, _, shown in
      let tensor = shown
      if let position = old.firstIndex(where: { $0.isSame(as: tensor) }) { shown = new[position] }
    })
    visit(visitor)
  }
}
