import TruceOptions

/// The version of the protocol between Truce and a worker, which changes with every change of a frame.
let workerProtocol = 2

/// What Truce says first.
struct HelloRequest: Codable {
  /// The version of the protocol.
  var protocolVersion = workerProtocol
  /// The family of environments: a name, or `file.py:Class`.
  let family: String

  enum CodingKeys: String, CodingKey {
    case protocolVersion = "protocol"
    case family
  }
}

/// What a worker says first.
struct HelloAnswer: Codable, Equatable, Sendable {
  /// The version of the protocol.
  let protocolVersion: Int
  /// The version of Python.
  let python: String
  /// The versions of the packages that the family needs; nil for one that is not installed.
  let packages: [String: String?]

  enum CodingKeys: String, CodingKey {
    case protocolVersion = "protocol"
    case python, packages
  }
}

/// The tasks that a worker is to have.
struct ConfigureRequest: Codable {
  /// The tasks; nil for all.
  var tasks: [String]?
  /// Whether only the tasks' names are wanted.
  var listsOnly = false
  /// The seed of each task, also where goals are given.
  var seeds: [UInt32] = []
  /// How many goals each task is to have.
  var goalCount = 1
  /// The goals of each task; nil to draw them.
  var goals: [[[Double]]]?
  /// What the class of the environments is given.
  var options: [String: OptionValue] = [:]
  /// Whether pictures will be asked for.
  var draws = false

  enum CodingKeys: String, CodingKey {
    case tasks, seeds, goals, options, draws
    case listsOnly = "lists_only"
    case goalCount = "goal_count"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    // The worker reads all keys, so that nil is written too.
    try container.encode(tasks, forKey: .tasks)
    try container.encode(listsOnly, forKey: .listsOnly)
    try container.encode(seeds, forKey: .seeds)
    try container.encode(goalCount, forKey: .goalCount)
    try container.encode(goals, forKey: .goals)
    try container.encode(options, forKey: .options)
    try container.encode(draws, forKey: .draws)
  }
}

/// What a worker has made.
struct ConfigureAnswer: Codable, Equatable, Sendable {
  /// The tasks.
  let tasks: [String]
  /// How many numbers an observation has.
  let observationSize: Int
  /// How many numbers an action has.
  let actionSize: Int
  /// After how many steps an episode can go no further.
  let stepLimit: Int?
  /// The goals of each task.
  let goals: [[[Double]]]

  enum CodingKeys: String, CodingKey {
    case tasks, goals
    case observationSize = "observation_size"
    case actionSize = "action_size"
    case stepLimit = "step_limit"
  }
}

/// The names of a family's tasks.
struct TaskListAnswer: Codable {
  /// The names, in order.
  let tasks: [String]
}

/// Why a request failed.
struct ErrorAnswer: Codable, Equatable, Sendable {
  /// What kind of failure it is.
  let code: String
  /// The failure in one line.
  let reason: String
  /// The task that failed.
  let task: String?
  /// The package that is missing.
  let package: String?
  /// The tasks that there are, where another was asked for.
  let known: [String]?
}
