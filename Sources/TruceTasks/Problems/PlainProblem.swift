/// A problem put together from its tasks and its data.
public struct PlainProblem: Problem {
  /// The tasks that take part, in order.
  public let tasks: [any ProblemTask]
  /// The data, as training and measuring go through them.
  public let data: ProblemData

  /// Puts a problem together.
  public init(tasks: [any ProblemTask], data: ProblemData) {
    self.tasks = tasks
    self.data = data
  }
}
