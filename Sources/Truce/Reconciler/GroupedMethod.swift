/// A Gramian method at work on one or several groups of parameters, with a state for each.
struct GroupedMethod: Sendable {
  private let method: any GramianMethod
  private let taskCount: Int
  private(set) var groups: [any RunningGramianMethod] = []

  init(_ method: any GramianMethod, taskCount: Int) {
    self.method = method
    self.taskCount = taskCount
  }

  /// The method as one that can do with a few mixtures of the gradients, or nil.
  var sampling: (any TaskSampling)? { method as? any TaskSampling }

  /// How the method's weights answer a factor on all gradients.
  var scalePower: Double? { method.scalePower }

  /// Whether the method, if it is homogeneous, takes a gradient too short to be seen for one of length 0.
  var ignoresLostTasks: Bool {
    func about(_ method: some GramianMethod) -> MethodDescription { type(of: method).about }
    let properties = about(method).properties
    return properties.contains(.homogeneous) && !properties.contains(.taskScaleInvariant)
  }

  /// The method for all tasks, or for some of them alone.
  private func start(_ tasks: [Int]? = nil) -> any RunningGramianMethod {
    func started(_ method: some GramianMethod) -> any RunningGramianMethod {
      guard let tasks else { return Running(method, taskCount: taskCount) }
      return Running(method.restricted(to: tasks), taskCount: tasks.count)
    }
    return started(method)
  }

  /// Asks the method about the tasks that take part and returns one weight for every task.
  ///
  /// A method with state keeps its K rows and sees zeros for the absent; one without is asked about those that
  /// are present alone, as if the others did not exist.
  mutating func weights(
    ofGroup group: Int, gramian: Gramian, step: ReconcilerStep, using generator: inout RandomSource
  ) throws(MethodError) -> [Double] {
    while groups.count <= group { groups.append(start()) }
    guard !step.isEveryone, groups[group].isStateless else {
      let weights = try groups[group].weights(
        gramian: gramian, context: step.context, using: &generator)
      return step.masked(try checked(weights))
    }
    var context = step.context
    if !context.losses.isEmpty { context.losses = step.chosen(from: context.losses) }
    var few = start(step.present)
    let weights = try few.weights(
      gramian: gramian.restricted(to: step.present), context: context, using: &generator)
    return step.spread(try checked(weights))
  }

  private func checked(_ weights: [Double]) throws(MethodError) -> [Double] {
    try weights.requireFiniteWeights()
    return weights
  }

  // MARK: State

  func encodeState(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for group in groups { try group.encodeState(to: container.superEncoder()) }
  }

  mutating func decodeState(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    groups = []
    while !container.isAtEnd {
      var group = start()
      try group.decodeState(from: container.superDecoder())
      groups.append(group)
    }
  }
}
