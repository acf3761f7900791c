/// A network that another program saved with what it computes, loaded to be run and trained.
///
/// Its tensors keep the names that program gave them. They are references: what an optimizer changes in place
/// is what the next run sees.
public protocol SavedModule: AnyObject {
  /// The file it was loaded from.
  var path: String { get }
  /// The names and roles of the tensors, in a fixed order.
  var entries: [SavedEntry] { get }
  /// Whether a run draws random numbers; see ``withRandomness(from:on:_:)``.
  var drawsRandomNumbers: Bool { get }

  /// The tensor at a position of ``entries``.
  func tensor(at position: Int) -> Tensor
  /// Puts another tensor in the place of one, as when a network moves to a device.
  func setTensor(_ tensor: Tensor, at position: Int)
  /// Switches between training and evaluation.
  func setTraining(_ isTraining: Bool)
  /// Runs the module on its inputs, one tensor for each argument.
  ///
  /// - Returns: The output, or the outputs in order.
  /// - Throws: ``TorchError`` where the inputs do not fit.
  func outputs(for inputs: [Tensor]) throws(TorchError) -> [Tensor]
  /// The last call of a run through which no gradient comes to its inputs; nil where there is none, or the module does
  /// not know its calls.
  func stoppingCall(for inputs: [Tensor]) -> String?
}

/// A tensor of a saved module: its name and what it is.
public struct SavedEntry: Equatable, Sendable {
  /// The name, such as `conv1.weight`.
  public let name: String
  /// Whether it is trained; a buffer and a parameter that was frozen before saving are not.
  public let isTrained: Bool

  /// Creates an entry.
  public init(name: String, isTrained: Bool) {
    self.name = name
    self.isTrained = isTrained
  }
}
