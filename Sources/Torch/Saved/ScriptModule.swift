import CTorch
public import Foundation

/// A module from a file that TorchScript wrote (`torch.jit.script(module).save(file)`).
///
/// Nothing in the file is Python: libtorch interprets it. It is run without the interpreter's optimiser, so
/// that the results of a run do not depend on how many were made before.
///
/// - Note: Tensors that are neither parameters nor registered buffers, such as constants of the code, stay in
///   host memory when the module moves.
public final class ScriptModule: SavedModule {
  /// The file it was loaded from.
  public let path: String
  /// The names and roles of the tensors, in the order of registration.
  public let entries: [SavedEntry]
  /// Whether a run draws random numbers, as dropout does in training.
  public let drawsRandomNumbers: Bool
  private let handle: ScriptHandle

  /// Loads a file.
  ///
  /// - Throws: ``TensorFileError`` where the file is missing, is no TorchScript module, or holds one that cannot
  ///   be switched between training and evaluation; the call is named.
  public init(contentsOf url: URL) throws(TensorFileError) {
    path = url.path
    try checkFile(url)
    do throws(TorchError) {
      handle = try ScriptHandle(path: url.path)
      entries = try handle.entries()
      drawsRandomNumbers = try handle.isRandom()
    } catch {
      throw .malformed(url.path, "is not a TorchScript module (\(error.reason))", help: Self.saving)
    }
    if let call = handle.fixedCall {
      throw .unsupported(
        url.path, "cannot be trained: its call \(call) has training or evaluation written into it",
        help: "save it with torch.jit.script, which keeps the choice open, instead of torch.jit.trace")
    }
  }

  private static let saving = "save the network in Python with torch.jit.script(network).save(file)"

  /// The tensor at a position of ``entries``.
  public func tensor(at position: Int) -> Tensor {
    trapping { () throws(TorchError) in try handle.tensor(at: position) }
  }

  /// Puts another tensor in the place of one.
  public func setTensor(_ tensor: Tensor, at position: Int) {
    trapping { () throws(TorchError) in try handle.setTensor(tensor, at: position) }
  }

  /// Switches the module and all its children between training and evaluation.
  public func setTraining(_ isTraining: Bool) {
    trapping { () throws(TorchError) in try handle.setTraining(isTraining) }
  }

  /// Runs the module's `forward`.
  public func outputs(for inputs: [Tensor]) throws(TorchError) -> [Tensor] {
    try handle.forward(inputs)
  }
}

/// The loaded module as the shim keeps it.
private final class ScriptHandle {
  private let reference: ct_script

  init(path: String) throws(TorchError) {
    var result: ct_script?
    try check(ct_script_load(path, &result), "ScriptModule", on: [])
    guard let result else { throw TorchError(operation: "ScriptModule", reason: "libtorch loaded nothing") }
    reference = result
  }

  deinit { ct_script_release(reference) }

  /// A parameter that was frozen before saving is saved and restored, but not trained: a buffer in all but name.
  func entries() throws(TorchError) -> [SavedEntry] {
    var entries: [SavedEntry] = []
    for position in 0..<ct_script_tensor_count(reference) {
      var name: UnsafePointer<CChar>?
      var isParameter = false
      try check(ct_script_tensor_name(reference, position, &name), "entries", on: [])
      try check(ct_script_is_parameter(reference, position, &isParameter), "entries", on: [])
      let isTrained = isParameter ? try tensor(at: Int(position)).requiresGrad : false
      entries.append(SavedEntry(name: name.map { String(cString: $0) } ?? "", isTrained: isTrained))
    }
    return entries
  }

  func isRandom() throws(TorchError) -> Bool {
    var isRandom = false
    try check(ct_script_is_random(reference, &isRandom), "drawsRandomNumbers", on: [])
    return isRandom
  }

  /// The first call that cannot be switched between training and evaluation.
  var fixedCall: String? {
    var text: UnsafePointer<CChar>?
    guard ct_script_fixed_call(reference, &text) == CT_OK, let text else { return nil }
    let call = String(cString: text)
    return call.isEmpty ? nil : call
  }

  func tensor(at position: Int) throws(TorchError) -> Tensor {
    try produce("tensor", from: []) { ct_script_tensor(reference, Int64(position), $0) }
  }

  func setTensor(_ tensor: Tensor, at position: Int) throws(TorchError) {
    let status = tensor.withHandle { ct_script_set_tensor(reference, Int64(position), $0) }
    try check(status, "setTensor", on: [tensor])
  }

  func setTraining(_ isTraining: Bool) throws(TorchError) {
    try check(ct_script_set_training(reference, isTraining), "setTraining", on: [])
  }

  func forward(_ inputs: [Tensor]) throws(TorchError) -> [Tensor] {
    let outputs = try produceList("forward", from: inputs) { result in
      Tensor.withHandles(of: inputs) { handles in
        ct_script_forward(reference, handles, Int64(inputs.count), result)
      }
    }
    return outputs.compactMap { $0 }
  }
}
