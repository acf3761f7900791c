import TruceOptions

/// How many experts all tasks share, and how many each has of its own.
struct ExpertCounts {
  private static let sharedExperts = Parameter<Int>.atLeast(
    1, "shared_experts", default: 1, "The number of trunks that all tasks use.")
  private static let taskExperts = Parameter<[Int]>(
    "task_experts", default: [1], rule: "a list of whole numbers, each at least 1",
    form: [Int].form?.inside(1),
    "The number of trunks that each task has of its own; one number for all tasks, or one for each."
  ) { !$0.isEmpty && $0.allSatisfy { $0 >= 1 } }

  static let parameters = [sharedExperts.description, taskExperts.description]

  /// The number of experts that all tasks use.
  let shared: Int
  /// The number of each task's own, in task order.
  let own: [Int]

  /// - Throws: ``NetworkError`` where there are neither one number nor as many as tasks.
  init(_ options: Options, tasks: [NetworkTask]) throws {
    shared = try options.value(of: Self.sharedExperts)
    let given = try options.value(of: Self.taskExperts)
    guard given.count == 1 || given.count == tasks.count else {
      throw NetworkError.unsuitable(
        reason: "\(options.owner) is told \(given.count) numbers of experts for \(tasks.count) tasks",
        help: "give task_experts one number for all tasks, or one for each")
    }
    own = given.count == tasks.count ? given : tasks.map { _ in given[0] }
  }
}
