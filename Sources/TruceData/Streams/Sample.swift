/// One example in host memory: what the network is given and what the tasks ask.
public struct Sample: Equatable, Sendable {
  /// An input under its name.
  public struct Input: Equatable, Sendable {
    /// The name, such as `image`.
    public let name: String
    /// The values of this example.
    public var values: HostArray

    /// Creates an input.
    public init(_ name: String, _ values: HostArray) {
      self.name = name
      self.values = values
    }
  }

  /// What one task asks.
  public struct Target: Equatable, Sendable {
    /// The task's name.
    public let task: String
    /// The target's values.
    public var values: HostArray
    /// What of them counts: truth values whose axes are the first ones of the values, each as long or of length 1;
    /// nil where everything counts.
    ///
    /// Without any axis, the one value says whether this example has a target at all.
    public var mask: HostArray?

    /// Creates a target.
    public init(_ task: String, _ values: HostArray, mask: HostArray? = nil) {
      self.task = task
      self.values = values
      self.mask = mask
    }
  }

  /// The inputs, in the same order in every example of a source; there is at least one.
  public var inputs: [Input]
  /// The targets, in the same order in every example of a source.
  public var targets: [Target]

  /// Creates an example.
  public init(inputs: [Input], targets: [Target]) {
    self.inputs = inputs
    self.targets = targets
  }

  /// The values of the input with this name.
  public subscript(input name: String) -> HostArray? { inputs.first { $0.name == name }?.values }

  /// The target of the task with this name.
  public subscript(task name: String) -> Target? { targets.first { $0.task == name } }
}

/// Examples that are read one by one, by several threads at once: files in a folder, rows of a table, numbers made up.
public protocol SampleSource: Sendable {
  /// The number of examples.
  var count: Int { get }

  /// How an input of several examples becomes one of a batch.
  func joining(ofInput name: String) -> Joining

  /// What an example is called in an error, such as its file.
  func name(ofSample position: Int) -> String

  /// Reads an example.
  ///
  /// Inputs and targets have the same names, types and numbers of axes in every example, and either all or none
  /// have a mask for a target.
  ///
  /// - Parameter position: In 0 ..< ``count``.
  /// - Throws: ``DataError`` that names the file.
  func sample(at position: Int) throws(DataError) -> Sample

  /// What one task asks of an example, read without its inputs.
  ///
  /// - Returns: Nil where that is not known, or costs as much as the whole example.
  /// - Throws: ``DataError`` that names the file.
  func target(ofTask name: String, at position: Int) throws(DataError) -> Sample.Target?
}

extension SampleSource {
  /// Nil.
  public func target(ofTask name: String, at position: Int) throws(DataError) -> Sample.Target? { nil }

  /// Stacked.
  public func joining(ofInput name: String) -> Joining { .stacked }
}

/// How an input of several examples becomes one of a batch.
public enum Joining: Equatable, Sendable {
  /// What is added to the whole numbers of an example, so that they still point at the right place in a batch.
  public enum Offset: Equatable, Sendable {
    /// Nothing.
    case none
    /// The place of the example in the batch, as for the graph that each node belongs to.
    case example
    /// The length of another input's first axis over all examples before, as for the nodes that edges connect.
    case rows(of: String)
  }

  /// One behind the other along a new first axis; all have one shape.
  case stacked
  /// One behind the other along an axis there is, which alone may differ in length.
  case concatenated(axis: Int, adding: Offset = .none)
}
