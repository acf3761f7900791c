public import Torch

/// What a tensor is to the module that holds it.
enum TensorRole {
  /// Trained.
  case parameter
  /// Saved but not trained.
  case buffer
}

/// Walks through a module and its children; see ``Module/visit(_:)``.
///
/// The tensors and modes are handed over `inout`, so that one walk can read them and another replace them.
public struct ModuleVisitor {
  typealias OnTensor = (_ name: String, _ role: TensorRole, _ tensor: inout Tensor) -> Void

  typealias OnTape = (_ layer: String, _ tape: inout LayerTape?) -> Void

  private var path = ""
  private let onTensor: OnTensor
  private let onMode: (inout Bool) -> Void
  private let onTape: OnTape

  init(
    onMode: @escaping (inout Bool) -> Void = { _ in }, onTape: @escaping OnTape = { _, _ in },
    onTensor: @escaping OnTensor = { _, _, _ in }
  ) {
    self.onMode = onMode
    self.onTape = onTape
    self.onTensor = onTensor
  }

  /// Shows a tensor that is trained.
  public func parameter(_ name: String, _ tensor: inout Tensor) {
    onTensor(path + name, .parameter, &tensor)
  }

  /// Shows a tensor that is trained, where there is one.
  public func parameter(_ name: String, _ tensor: inout Tensor?) {
    show(name, .parameter, &tensor)
  }

  /// Shows a tensor that is saved but not trained.
  public func buffer(_ name: String, _ tensor: inout Tensor) {
    onTensor(path + name, .buffer, &tensor)
  }

  /// Shows a tensor that is saved but not trained, where there is one.
  public func buffer(_ name: String, _ tensor: inout Tensor?) {
    show(name, .buffer, &tensor)
  }

  /// Shows whether a layer that acts differently in training is in training.
  public func mode(_ isTraining: inout Bool) {
    onMode(&isTraining)
  }

  /// Shows where a layer with parameters writes its calls while they are recorded.
  public func tape(_ tape: inout LayerTape?) {
    onTape(String(path.dropLast()), &tape)
  }

  /// Walks through a child, whose names follow `name` and a point.
  public func child(_ name: String, _ module: any Module) {
    var visitor = self
    visitor.path += "\(name)."
    module.visit(visitor)
  }

  /// Walks through a child, where there is one.
  public func child(_ name: String, _ module: (any Module)?) {
    if let module { child(name, module) }
  }

  /// Walks through children named by their positions, as PyTorch names those of a list.
  public func children(_ name: String, _ modules: [any Module]) {
    for (position, module) in modules.enumerated() { child("\(name).\(position)", module) }
  }

  private func show(_ name: String, _ role: TensorRole, _ tensor: inout Tensor?) {
    guard var present = tensor else { return }
    onTensor(path + name, role, &present)
    tensor = present
  }
}
