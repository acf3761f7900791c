public import Torch

/// What an example looks like, so that a network can be built for it before any has been read.
public struct InputLayout: Equatable, Sendable {
  /// The input's name.
  public let name: String
  /// The lengths of one example's axes in a batch, nil where they differ between examples.
  public let shape: [Int?]
  /// The type of the elements in a batch.
  public let dtype: DType
  /// How the inputs of several examples become one.
  public let joining: Joining

  /// Creates a layout.
  public init(name: String, shape: [Int?], dtype: DType, joining: Joining = .stacked) {
    self.name = name
    self.shape = shape
    self.dtype = dtype
    self.joining = joining
  }
}

/// The inputs and the tasks of one domain.
public struct DomainLayout: Equatable, Sendable {
  /// The domain's name; empty where a problem has only one.
  public let name: String
  /// The inputs, in the order in which a batch has them.
  public let inputs: [InputLayout]
  /// The tasks that belong to the domain.
  public let tasks: [String]

  /// Creates a layout.
  public init(name: String = "", inputs: [InputLayout], tasks: [String]) {
    self.name = name
    self.inputs = inputs
    self.tasks = tasks
  }
}
